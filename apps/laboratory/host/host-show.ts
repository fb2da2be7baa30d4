/** The one state of the host on show: its plan, its run as far as it is recorded, and the moment at which it is seen. */
import { type Census, type CensusRange, messageOf } from "xen-balloon/core";
import type { HostOutcome } from "xen-balloon/toolstack";
import type { PageDetail } from "../session/messages.js";
import { HostSession } from "./host-session.js";
import { guestsOf, type ShownPlan } from "./plan.js";
import { Recording } from "./recording.js";

export interface HostState {
  /** `none`: no plan yet. `running`: it runs and is recorded. `done`: to its end. `failed`: `why` tells. */
  readonly phase: "none" | "running" | "done" | "failed";
  readonly why: string;
  readonly plan: ShownPlan | null;
  readonly recording: Recording;
  /** The moment on show, in ms. */
  readonly timeMs: number;
  readonly playing: boolean;
  /** Virtual ms in a real ms. */
  readonly pace: number;
  /** The guest whose map is open; null: the host is on show. */
  readonly opened: string | null;
  /** Null until the run has ended. */
  readonly outcome: HostOutcome | null;
}

/** So often the worker is asked for what it has recorded, in ms. */
const TAKE_MS = 60;

export class HostShow {
  readonly #onState: (state: HostState) => void;
  #session: HostSession | null = null;
  #playedMs = 0;
  #state: HostState = {
    phase: "none",
    why: "",
    plan: null,
    recording: new Recording(0),
    timeMs: 0,
    playing: false,
    pace: 10,
    opened: null,
    outcome: null,
  };

  /** @param onState - hears of every change. */
  constructor(onState: (state: HostState) => void) {
    this.#onState = onState;
  }

  get state(): HostState {
    return this.#state;
  }

  #set(change: Partial<HostState>): void {
    this.#state = { ...this.#state, ...change };
    this.#onState(this.#state);
  }

  /** Runs a plan in place of the one before. It is on show from its begin. */
  run(plan: ShownPlan): void {
    this.#session?.end();
    const session = new HostSession((why) => this.#fail(session, why));
    this.#session = session;
    const recording = new Recording(plan.host.spanMs);
    this.#set({ phase: "running", why: "", plan, recording, timeMs: 0, playing: false, opened: null, outcome: null });
    session.run(plan).then(
      async (outcome) => {
        await this.#take(session);
        if (this.#session === session) this.#set({ phase: "done", outcome });
      },
      (error) => this.#fail(session, messageOf(error)),
    );
    void this.#follow(session);
  }

  #fail(session: HostSession, why: string): void {
    if (this.#session === session) this.#set({ phase: "failed", why, playing: false });
  }

  async #follow(session: HostSession): Promise<void> {
    while (this.#session === session && this.#state.phase === "running") {
      await this.#take(session).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, TAKE_MS));
    }
  }

  async #take(session: HostSession): Promise<void> {
    const part = await session.take();
    if (this.#session !== session || part.samples.length + part.events.length === 0) return;
    this.#state.recording.add(part);
    this.#set({});
  }

  /** Goes to a moment, at which time stands still. */
  goTo(timeMs: number): void {
    const { recording } = this.#state;
    this.#set({ timeMs: Math.min(Math.max(0, timeMs), recording.spanMs), playing: false });
  }

  setPlaying(playing: boolean): void {
    const { plan, timeMs, recording } = this.#state;
    if (plan === null) return;
    const again = playing && timeMs >= recording.spanMs;
    this.#playedMs = performance.now();
    this.#set({ playing, ...(again && { timeMs: 0 }) });
    if (playing) requestAnimationFrame(() => this.#play());
  }

  setPace(pace: number): void {
    this.#set({ pace });
  }

  #play(): void {
    const { playing, timeMs, pace, recording } = this.#state;
    if (!playing) return;
    const now = performance.now();
    const passed = timeMs + (now - this.#playedMs) * pace;
    this.#playedMs = now;
    // what is not recorded yet cannot be seen yet
    const next = Math.min(passed, Math.max(timeMs, recording.endMs));
    this.#set({ timeMs: next, playing: next < recording.spanMs });
    requestAnimationFrame(() => this.#play());
  }

  /** Opens a guest's map; null: the host is on show again. */
  open(name: string | null): void {
    const { plan } = this.#state;
    if (plan === null || (name !== null && !guestsOf(plan).some((guest) => guest.name === name))) return;
    this.#set({ opened: name });
  }

  /** The slice of the moment on show. */
  get slice(): number {
    return this.#state.recording.sliceAt(this.#state.timeMs);
  }

  /** The number of a guest's pages; null where it does not run in that slice. @throws Error: the worker has gone */
  async pfnLimit(name: string, slice: number): Promise<number | null> {
    return (await this.#session?.pfnLimit(name, slice)) ?? null;
  }

  /** A census of each range; null where the guest does not run in that slice. */
  async census(name: string, slice: number, ranges: readonly CensusRange[]): Promise<readonly Census[] | null> {
    return (await this.#session?.census(name, slice, ranges)) ?? null;
  }

  async inspect(name: string, slice: number, pfn: number): Promise<PageDetail | null> {
    return (await this.#session?.inspect(name, slice, pfn)) ?? null;
  }
}
