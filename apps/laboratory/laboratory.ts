/** Runs the laboratory: it boots guests one after the other, and records the operations on each as a script. */

import { parseScript } from "xen-balloon/core";
import type { DemandPoint } from "../demand/series.js";
import { Player, type Stage } from "./player.js";
import { Recorder } from "./recorder.js";
import type { PageDetail, Snapshot } from "./session/messages.js";
import { Session } from "./session/session.js";
import { configLinesOf } from "./state.js";

/** The view of the laboratory. */
export interface LaboratoryListener {
  /** Hears that another guest is about to boot. */
  onBoot(pfnLimit: number): void;
  onSnapshot(snapshot: Snapshot): void;
  onPage(detail: PageDetail): void;
}

export class Laboratory implements Stage {
  readonly player: Player;
  readonly #listener: LaboratoryListener;
  #session: Session | null = null;
  #recorder: Recorder | null = null;
  /** Hears that the guest has booted, and its script is done. */
  #ready = false;
  #replaying = false;

  constructor(listener: LaboratoryListener) {
    this.#listener = listener;
    this.player = new Player(this);
  }

  /** The guest on show, which answers questions. */
  get session(): Session | null {
    return this.#session;
  }

  /** True during a guest's boot or the replay of its script. */
  get replaying(): boolean {
    return this.#replaying;
  }

  get nowMs(): number {
    return this.#session?.standing.nowMs ?? 0;
  }

  get workDueMs(): number | null {
    return this.#session?.standing.workDueMs ?? null;
  }

  /** The script of the operations on this guest. */
  get script(): string {
    return this.#recorder?.text ?? "";
  }

  /**
   * Boots a guest in place of the previous one.
   *
   * @param config - config lines of a script.
   * @throws Error: invalid config lines. The previous guest then goes on, unless only the boot revealed the error.
   */
  async boot(config: string): Promise<void> {
    await this.restore(`${config}\nboot\n`);
  }

  /**
   * Runs a whole script with its own guest.
   *
   * @throws Error as boot.
   */
  async restore(text: string): Promise<void> {
    const script = parseScript(text);
    if (!script.steps.some(({ text: line }) => line === "boot")) {
      throw new Error("expected a script that boots a guest, got one without boot");
    }
    const config = configLinesOf(text);
    this.#session?.end();
    this.#ready = false;
    this.#replaying = true;
    this.player.play([]);
    this.#listener.onBoot(script.config.guest.pfnLimit);
    const session = new Session(this.#listener);
    this.#session = session;
    this.#recorder = new Recorder(config);
    await this.#unlessReplaced(session, async () => {
      await session.configure(config);
      for (const { text: line } of script.steps) {
        const ret = await this.#do(session, line);
        if (line === "boot" && ret < 0) throw new Error(`the guest does not boot: error ${ret}`);
      }
      this.#ready = true;
    }).finally(() => {
      if (this.#session === session) this.#replaying = false;
    });
  }

  /**
   * Performs one operation.
   *
   * @returns its result, as in a script.
   * @throws Error: an invalid operation; nothing has changed then.
   */
  async perform(line: string): Promise<number> {
    const session = this.#booted();
    return (await this.#unlessReplaced(session, () => this.#do(session, line))) ?? 0;
  }

  async #do(session: Session, line: string): Promise<number> {
    const ret = await session.perform(line);
    if (this.#session === session) this.#recorder?.add(line);
    return ret;
  }

  /** Ignores errors that come from the boot of another guest meanwhile. */
  async #unlessReplaced<T>(session: Session, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (this.#session === session) throw error;
      return undefined;
    }
  }

  #booted(): Session {
    if (this.#session === null || !this.#ready)
      throw new Error("no guest is there yet: boot one, or wait for its script");
    return this.#session;
  }

  /** @throws Error: there is no guest to play it to. */
  play(demand: readonly DemandPoint[]): void {
    this.#booted();
    this.player.play(demand);
  }

  /** Handles a frame of the page. */
  async tick(pageMs: number): Promise<void> {
    if (this.#ready && this.#session?.standing.bug === null) await this.player.tick(pageMs);
  }
}
