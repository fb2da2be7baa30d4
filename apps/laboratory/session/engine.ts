/** The world of one script in the engine's worker. It performs one operation at a time. */

import type { EngineModules } from "xen-balloon";
import {
  type CensusRange,
  drive,
  INVALID_ENTRY,
  Interpreter,
  Mutex,
  type PageState,
  parseOperation,
  parseScript,
  WasmMachine,
} from "xen-balloon/core";
import type { PageDetail, Snapshot, Standing } from "./messages.js";
import { Watch } from "./watch.js";

export class Engine {
  readonly #modules: Promise<EngineModules>;
  readonly #watch = new Watch();
  readonly #oneAtATime = new Mutex();
  #interpreter: Interpreter | null = null;
  #bug: string | null = null;

  constructor(modules: Promise<EngineModules>) {
    this.#modules = modules;
    // the first call throws it
    modules.catch(() => undefined);
  }

  get standing(): Standing {
    const { nowMs, workDueMs } = this.#interpreter ?? { nowMs: 0, workDueMs: null };
    return { nowMs, workDueMs, bug: this.#bug };
  }

  /**
   * Makes a new machine and guest.
   *
   * @param config - the config lines of a script. Its operations follow one by one.
   * @throws Error: a Wasm file that cannot be read or is of another build. ScriptError: an invalid configuration
   */
  configure(config: string): Promise<void> {
    return this.#oneAtATime.run(async () => {
      const script = parseScript(config);
      const modules = await this.#modules;
      const observers = [this.#watch];
      this.#interpreter = new Interpreter(
        script.config,
        (hostPages, mfnBase) => new WasmMachine(modules, hostPages, mfnBase),
        observers,
      );
      this.#watch.attach(this.#interpreter);
    });
  }

  /**
   * Performs one operation, after the earlier ones. A BUG_ON is no error here.
   *
   * @param line - a line of a script.
   * @returns its result as in a script: 0, a count, or a negative error number.
   * @throws ScriptError: an invalid operation. Error: the guest is not configured yet, or has ended.
   */
  perform(line: string): Promise<number> {
    return this.#oneAtATime.run(async () => {
      const interpreter = this.#interpreter;
      if (interpreter === null) throw new Error("no guest is configured yet");
      if (this.#bug !== null) throw new Error(`the guest has ended in BUG_ON(${this.#bug}): boot another`);
      const operation = parseOperation(null, line.trim().split(/\s+/), interpreter.config.guest.driver);
      const step = { index: 0, line: null, text: line, operation };
      this.#watch.began(line);
      const outcome = await drive((budget) => interpreter.performInPieces(step, budget));
      this.#bug = outcome.bug?.condition ?? null;
      return outcome.ret;
    });
  }

  /** Takes a snapshot. The tables are consistent between two pieces of an operation under way. */
  async look(range: CensusRange | null): Promise<Snapshot> {
    // it does not ask a guest that has ended
    const guest = this.#bug === null ? this.#interpreter?.booted?.guest : undefined;
    return {
      now: guest === undefined ? null : this.#watch.now(),
      state: guest?.state() ?? null,
      census: guest === undefined || range === null ? null : guest.census(range),
      bug: this.#bug,
      ...this.#watch.take(),
    };
  }

  /** Returns null where there is no such page, or no guest. */
  async inspect(pfn: number): Promise<PageDetail | null> {
    const guest = this.#interpreter?.booted?.guest;
    if (guest === undefined || this.#bug !== null || pfn >= guest.config.pfnLimit) return null;
    const { counts } = guest.census({ pfn, pages: 1, cellPages: 1 });
    const [state] = Object.entries(counts).find(([, pages]) => pages[0] === 1) as [PageState, Uint32Array];
    const entry = new Uint32Array(1);
    guest.backend.readP2m(pfn, entry);
    return { pfn, state, mfn: entry[0] === INVALID_ENTRY ? null : entry[0] };
  }
}
