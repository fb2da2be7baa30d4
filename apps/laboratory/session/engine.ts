/** One guest in the engine's worker: the operations that the page asks for, and what it shows of them. */

import type { EngineModules } from "xen-balloon";
import { type Census, type CensusRange, Mutex, WasmMachine } from "xen-balloon/core";
import type { Wanted } from "../timeline/past.js";
import type { HoldName, PageDetail, Program, ScriptRecord, Snapshot, Standing } from "./messages.js";
import { lookAround } from "./page-run.js";
import { Performer } from "./performer.js";
import { Playback, type StepBy } from "./playback.js";

export class Engine {
  readonly #modules: Promise<EngineModules>;
  readonly #oneAtATime = new Mutex();
  #performer: Performer | null = null;
  #playback: Playback | null = null;

  constructor(modules: Promise<EngineModules>) {
    this.#modules = modules;
    // the first call throws it
    modules.catch(() => undefined);
  }

  get standing(): Standing {
    const { nowMs, workDueMs } = this.#performer?.interpreter ?? { nowMs: 0, workDueMs: null };
    return { nowMs, workDueMs, bug: this.#performer?.bug ?? null };
  }

  /** Waits for the engine's files. @throws Error: one cannot be read or is of another build */
  async load(): Promise<void> {
    await this.#modules;
  }

  /**
   * Makes a new machine and guest.
   *
   * @param config - the config lines of a script. Its operations follow.
   * @throws Error: a Wasm file that cannot be read or is of another build. ScriptError: an invalid configuration
   */
  async configure(config: string): Promise<void> {
    const modules = await this.#modules;
    this.#playback?.end();
    const performer = new Performer(config, (hostPages, mfnBase) => new WasmMachine(modules, hostPages, mfnBase));
    this.#performer = performer;
    this.#playback = new Playback(performer, (section) => this.#oneAtATime.run(section));
  }

  /**
   * Performs one operation, after the earlier ones. A BUG_ON is no error here.
   *
   * @param line - a line of a script.
   * @returns its result as in a script: 0, a count, or a negative error number.
   * @throws ScriptError: an invalid operation. Error: the guest is not configured yet, or has ended.
   */
  async perform(line: string): Promise<number> {
    const { performer, playback } = this.#configured();
    return playback.perform((budget) => performer.perform(line, budget));
  }

  /** Switches a fault that holds. @throws Error as perform. */
  async hold(name: HoldName, on: boolean): Promise<void> {
    const { performer, playback } = this.#configured();
    return playback.perform((budget) => performer.hold(name, on, budget));
  }

  /** Plays a program from now on in place of the one before; null: none. */
  async play(program: Program | null): Promise<void> {
    return this.#configured().playback.play(program);
  }

  /** @param pace - virtual ms in a real ms; Infinity: as fast as possible. */
  async pace(pace: number, playing: boolean): Promise<void> {
    if (playing) await this.#present();
    this.#configured().playback.set(pace, playing);
  }

  /**
   * Performs the next item of the program, or lets time pass up to what is due next. By batch: up to the next batch of the
   * driver in that, or to its end. Whatever is done next lets a run that has stopped between two batches end first.
   */
  async step(by: StepBy): Promise<void> {
    await this.#present();
    return this.#configured().playback.step(by);
  }

  /** Has what is played stop at the batch with which a condition comes true; null: nowhere. @throws RangeError: none */
  async breakAt(condition: string | null): Promise<void> {
    const { playback } = this.#configured();
    return playback.interrupt(() => playback.breakAt(condition));
  }

  /** Goes to a moment of the past, where time stands still until the guest is asked for something; null: the present. */
  async goTo(wanted: Wanted | null): Promise<void> {
    const { performer, playback } = this.#configured();
    playback.pause();
    if (wanted === null) return playback.interrupt(() => performer.past.leave());
    return playback.perform((budget) => performer.past.goTo(wanted, budget));
  }

  /**
   * The script of what was done and of what is to come. Time that has passed is in it; a run that has stopped between two
   * batches is to come, or done where it is within time that passes.
   */
  async script(): Promise<ScriptRecord> {
    const { performer, playback } = this.#configured();
    return playback.interrupt(() => {
      return { ...performer.script, rest: playback.rest };
    });
  }

  /** The script as of the moment of the past on show, with all that came after it to come. @throws Error: it is the present */
  async branch(): Promise<ScriptRecord> {
    const { performer, playback } = this.#configured();
    return playback.interrupt(() => performer.branch(playback.rest));
  }

  /**
   * Takes a snapshot. The tables are consistent between two pieces of an operation under way.
   *
   * @param range - the pages of its census; null: none is needed.
   * @param overview - the same for the overview.
   */
  async look(range: CensusRange | null, overview: CensusRange | null = null): Promise<Snapshot> {
    const { performer, playback } = this.#configured();
    // it does not ask a guest that has ended
    const booted = performer.interpreter.booted?.guest;
    const guest = booted?.ended === null ? booted : undefined;
    const censusOf = (cells: CensusRange | null): Census | null =>
      guest === undefined || cells === null ? null : guest.census(cells);
    const { past, watch } = performer;
    const seen = past.place === null ? null : watch.seen();
    return {
      now: past.place === null ? watch.now() : (seen?.now ?? null),
      figures: seen ?? watch.figures,
      census: censusOf(range),
      overview: censusOf(overview),
      bug: performer.bug,
      gaveUp: performer.watch.gaveUp,
      playback: playback.state,
      faults: performer.faults,
      operations: performer.operations,
      past: past.place && { line: past.lineAt(past.place) },
      endMs: past.end.nowMs,
      ...watch.take(),
    };
  }

  /** Returns null where there is no such page, or no guest. */
  async inspect(pfn: number): Promise<PageDetail | null> {
    const guest = this.#performer?.interpreter.booted?.guest;
    if (guest === undefined || guest.ended !== null || pfn >= guest.config.pfnLimit) return null;
    return lookAround(guest, pfn);
  }

  /** Time goes on from the present alone. */
  async #present(): Promise<void> {
    const { performer, playback } = this.#configured();
    if (performer.past.place !== null) await playback.interrupt(() => performer.past.leave());
  }

  #configured(): { performer: Performer; playback: Playback } {
    if (this.#performer === null || this.#playback === null) throw new Error("no guest is configured yet");
    return { performer: this.#performer, playback: this.#playback };
  }
}
