/** The laboratory's one state: which guest is on show, how it stands, and how time passes on it. Views render it. */

import { BalloonError } from "xen-balloon";
import type { CensusRange } from "xen-balloon/core";
import { parseScript, refusalReason, type Script } from "xen-balloon/core";
import { readCondition } from "./session/breakpoint.js";
import {
  type HoldName,
  type PageDetail,
  type Program,
  type ScriptRecord,
  type Snapshot,
  textOf,
} from "./session/messages.js";
import type { StepBy } from "./session/playback.js";
import { Session } from "./session/session.js";
import { configLinesOf } from "./state.js";
import type { Wanted } from "./timeline/past.js";

/**
 * `none`: no guest has booted. `booting`: one is about to; the guest before, if any, stands still meanwhile. `running`: it
 * lives. `ended`: a BUG_ON has ended it. `failed`: none could boot, or its engine has failed.
 */
export type Phase = "none" | "booting" | "running" | "ended" | "failed";

/** A guest to be booted. */
export interface Opening {
  /** Config lines and operations. */
  readonly script: string;
  /** The name of its file, or another that a reader knows it by. */
  readonly name: string;
  /**
   * How many operations were done when it was saved: they are done again at once, and the rest waits. Left out: the
   * operations after the boot are played at the speed that was chosen.
   */
  readonly done?: number;
  /** True: time stands still after the boot. */
  readonly paused?: boolean;
  /** The holds to switch on in the end. */
  readonly holds?: readonly HoldName[];
}

export interface LaboratoryState {
  readonly phase: Phase;
  /** The stage of a boot, and its number of BOOT_STAGES. */
  readonly stage: string;
  readonly stageNumber: number;
  /** Why it has failed. */
  readonly why: string;
  /** The last snapshot of the guest on show; null before the first. */
  readonly snapshot: Snapshot | null;
  /** True: time passes, or a program is played. */
  readonly playing: boolean;
  /** Virtual ms in a real ms; Infinity: as fast as possible. */
  readonly pace: number;
  /** True: what a saved script had done is being done again. */
  readonly restoring: boolean;
  /** The condition at which it stops; null: at none. */
  readonly breakpoint: string | null;
}

export interface LaboratoryListener {
  /** Hears of every change. */
  onState(state: LaboratoryState): void;
  /** Hears that another guest is on show from now on. */
  onGuest(script: Script, opening: Opening): void;
  /** Hears a snapshot of the guest on show, after onState. */
  onSnapshot(snapshot: Snapshot): void;
  onPage(detail: PageDetail): void;
}

const STAGES = ["loading the engine", "making the guest", "booting the guest"] as const;
/** The number of stages of a boot. */
export const BOOT_STAGES: number = STAGES.length;

const NOTHING: LaboratoryState = {
  phase: "none",
  stage: "",
  stageNumber: 0,
  why: "",
  snapshot: null,
  playing: false,
  pace: 1,
  restoring: false,
  breakpoint: null,
};

export class Laboratory {
  readonly #listener: LaboratoryListener;
  #state = NOTHING;
  #session: Session | null = null;
  /** The guest that is about to boot. */
  #candidate: Session | null = null;
  /** Called when a saved script's operations have been done again. */
  #afterRestoring: (() => Promise<void>) | null = null;

  constructor(listener: LaboratoryListener) {
    this.#listener = listener;
  }

  get state(): LaboratoryState {
    return this.#state;
  }

  /**
   * Boots a guest in place of the one before, and plays its script. A guest that does not boot leaves the one before.
   *
   * @throws ScriptError: an invalid script. Error: the guest does not boot, or the engine cannot be loaded.
   */
  async open(opening: Opening): Promise<void> {
    const script = parseScript(opening.script);
    const bootAt = script.steps.findIndex(({ operation }) => operation.op === "boot");
    if (bootAt < 0) throw new Error("expected a script that boots a guest, got one without boot");
    const before = this.#candidate === null ? this.#state : { ...this.#state, ...this.#resting() };
    this.#candidate?.end();
    const session = this.#newSession();
    this.#candidate = session;
    // before anything is awaited: nobody may operate the guest that is about to go
    this.#stage(0);
    await this.#session?.pace(this.#state.pace, false).catch(() => undefined);
    try {
      await this.#boot(
        session,
        configLinesOf(opening.script),
        script.steps.slice(0, bootAt + 1).map(({ text }) => text),
      );
    } catch (error) {
      if (this.#candidate !== session) return;
      this.#candidate = null;
      session.end();
      await this.#goOn(before, error);
      throw error;
    }
    if (this.#candidate === session) await this.#swap(session, script, opening, bootAt + 1);
  }

  async #boot(session: Session, config: string, lines: readonly string[]): Promise<void> {
    await session.load();
    if (this.#candidate === session) this.#stage(1);
    await session.configure(config);
    if (this.#candidate === session) this.#stage(2);
    let ret = 0;
    for (const line of lines) ret = await session.perform(line);
    const { bug } = session.standing;
    if (bug !== null) throw new Error(`the guest does not boot: BUG_ON(${bug})`);
    if (ret < 0)
      throw new Error(`the guest does not boot: ${new BalloonError(ret, refusalReason("boot", ret)).message}`);
  }

  #stage(number: number): void {
    this.#set({ phase: "booting", stage: STAGES[number], stageNumber: number });
  }

  /** The guest before a boot that failed is on show again, as it was. */
  async #goOn(before: LaboratoryState, error: unknown): Promise<void> {
    if (this.#session === null) {
      this.#set({ phase: "failed", why: error instanceof Error ? error.message : String(error) });
      return;
    }
    this.#set({ phase: before.phase });
    if (before.playing) await this.#session.pace(before.pace, true);
  }

  #resting(): Partial<LaboratoryState> {
    return { phase: this.#session === null ? "none" : this.#state.snapshot?.bug == null ? "running" : "ended" };
  }

  async #swap(session: Session, script: Script, opening: Opening, from: number): Promise<void> {
    this.#candidate = null;
    this.#session?.end();
    this.#session = session;
    this.#afterRestoring = null;
    const { done, name, holds = [] } = opening;
    const items = script.steps.map(({ text }) => [text]);
    const restoring = done !== undefined;
    this.#listener.onGuest(script, opening);
    this.#set({ phase: "running", why: "", snapshot: null, restoring });
    if (!restoring) {
      await session.breakAt(this.#state.breakpoint);
      await this.#playOn(
        session,
        { name, unit: "operation", items: items.slice(from) },
        this.#state.pace,
        !opening.paused,
      );
      return;
    }
    const again = items.slice(from, Math.max(from, done));
    await this.#playOn(session, { name, unit: "operation", items: again }, Number.POSITIVE_INFINITY, true);
    if (this.#session !== session) return;
    const rest = items.slice(Math.max(from, done));
    // only now: a snapshot that was asked for before has no program, which looks like one that is done
    this.#afterRestoring = async () => {
      for (const hold of holds) await session.hold(hold, true);
      await session.breakAt(this.#state.breakpoint);
      await session.play(rest.length === 0 ? null : { name, unit: "operation", items: rest });
      this.#set({ restoring: false, playing: false });
    };
  }

  async #playOn(session: Session, program: Program, pace: number, playing: boolean): Promise<void> {
    await session.play(program.items.length === 0 ? null : program);
    await session.pace(pace, playing);
    this.#set({ playing });
  }

  #newSession(): Session {
    const session: Session = new Session({
      onSnapshot: (snapshot) => {
        if (this.#session === session) this.#show(session, snapshot);
      },
      onPage: (detail) => {
        if (this.#session === session) this.#listener.onPage(detail);
      },
      onFailure: ({ message }) => {
        if (this.#session === session) this.#set({ phase: "failed", why: message, playing: false });
      },
    });
    return session;
  }

  #show(session: Session, snapshot: Snapshot): void {
    const { playback, bug } = snapshot;
    const alive = this.#state.phase === "running" && bug !== null;
    this.#set({
      snapshot,
      playing: this.#state.phase === "booting" ? this.#state.playing : playback.playing,
      ...(alive && { phase: "ended" as const }),
    });
    this.#listener.onSnapshot(snapshot);
    const { program, failure } = playback;
    const done = program === null || program.done === program.of || failure !== null || bug !== null;
    if (this.#state.restoring && done) {
      const after = this.#afterRestoring;
      this.#afterRestoring = null;
      if (bug !== null) this.#set({ restoring: false });
      else if (after !== null && this.#session === session) void session.pace(this.#state.pace, false).then(after);
    }
  }

  #set(change: Partial<LaboratoryState>): void {
    this.#state = { ...this.#state, ...change };
    this.#listener.onState(this.#state);
  }

  /** Performs one operation. @returns its result, as in a script. @throws Error: an invalid operation */
  perform(line: string): Promise<number> {
    return this.#alive().perform(line);
  }

  /** Switches a fault that holds. */
  hold(name: HoldName, on: boolean): Promise<void> {
    return this.#alive().hold(name, on);
  }

  /** Plays a program at the chosen speed, in place of the one before; null: none. */
  async play(program: Program | null): Promise<void> {
    const session = this.#alive();
    await session.play(program);
    if (program !== null) await this.setPlaying(true);
  }

  /** The next item of the program or what is due next, or the next batch of it; time stands still after it. */
  async step(by: StepBy): Promise<void> {
    await this.setPlaying(false);
    await this.#alive().step(by);
  }

  /**
   * Stops whatever is played, of this guest and of those after it, at the batch with which a condition comes true; null:
   * nowhere.
   *
   * @throws RangeError: it is no condition
   */
  async breakAt(condition: string | null): Promise<void> {
    if (condition !== null) readCondition(condition);
    this.#set({ breakpoint: condition });
    if (!this.#state.restoring) await this.#session?.breakAt(condition);
  }

  /** Goes to a moment of the guest's past, at which time stands still; null: back to the present. */
  async goTo(wanted: Wanted | null): Promise<void> {
    if (this.#session === null || this.#state.phase === "booting") throw new Error("there is no guest: boot one");
    if (this.#state.playing) await this.setPlaying(false);
    await this.#session.goTo(wanted);
  }

  /**
   * Goes on from the moment of the past on show: it is the present of a guest for which all that came after it is to come
   * again, to be played, edited or dropped.
   *
   * @throws Error: no past is on show, or as open does.
   */
  async branch(): Promise<void> {
    if (this.#session === null || this.#state.phase === "booting") throw new Error("there is no guest: boot one");
    const record = await this.#session.branch();
    await this.open({ script: textOf(record), name: "what came after", done: record.operations });
  }

  async setPlaying(playing: boolean): Promise<void> {
    await this.#alive().pace(this.#state.pace, playing);
    this.#set({ playing });
  }

  async setPace(pace: number): Promise<void> {
    this.#set({ pace });
    if (this.#state.phase === "running" && !this.#state.restoring) await this.#session?.pace(pace, this.#state.playing);
  }

  /** The script of what was done and what is to come; null: there is no guest. */
  async script(): Promise<ScriptRecord | null> {
    return this.#session === null || this.#state.phase === "failed" ? null : this.#session.script();
  }

  /** Asks for a snapshot. */
  look(range: CensusRange | null, overview: CensusRange | null = null): void {
    if (this.#state.phase !== "failed") this.#session?.look(range, overview);
  }

  inspect(pfn: number): void {
    if (this.#state.phase === "running") this.#session?.inspect(pfn);
  }

  /** @throws Error: there is no guest that could do anything */
  #alive(): Session {
    const { phase, snapshot } = this.#state;
    if (phase === "booting") throw new Error("a guest is about to boot: wait for it");
    if (phase === "ended") throw new Error(`the guest has ended in BUG_ON(${snapshot?.bug}): boot another, or restart`);
    if (this.#session === null || phase !== "running") throw new Error("there is no guest: boot one");
    return this.#session;
  }
}
