/** Boots the guest of a case, on a machine and a virtual clock of its own, for a workload or a replay to run on. */
import {
  type Booted,
  drain,
  type MachineFactory,
  ScriptError,
  type Step,
  World,
  type WorldConfig,
  type WorldObserver,
} from "xen-balloon/core";
import { DEFAULT_SETTLE_LIMIT_MS } from "./study.js";
import type { Subject } from "./workloads.js";

const BOOT: Step = { index: 0, line: 1, text: "boot", operation: { op: "boot" } };
/** The booted guest of a case. */
export class Stand implements Subject {
  readonly config: WorldConfig;
  readonly #world: World;
  readonly #booted: Booted;
  readonly #settleLimitMs: number;

  /**
   * Boots the guest.
   *
   * @param settleLimitMs - the virtual time that a settle waits at most.
   * @throws Error that says why it cannot be booted
   */
  constructor(
    config: WorldConfig,
    makeMachine: MachineFactory,
    observers: readonly WorldObserver[] = [],
    settleLimitMs: number = DEFAULT_SETTLE_LIMIT_MS,
  ) {
    this.config = config;
    this.#settleLimitMs = settleLimitMs;
    this.#world = new World(config, makeMachine, observers);
    const { ret, bug } = attempt(() => this.#world.perform(BOOT));
    if (bug !== null) throw bug;
    if (this.#world.booted === null) throw new Error(`the driver did not start: balloon_init answered ${ret}`);
    this.#booted = this.#world.booted;
  }

  get guest(): Booted["guest"] {
    return this.#booted.guest;
  }

  get machine(): Booted["machine"] {
    return this.#booted.machine;
  }

  get nowMs(): number {
    return this.#world.clock.now;
  }

  settle(targetPages: number): void {
    this.guest.setTarget(targetPages);
    drain(this.#world.clock.settle(this.#world.work, this.#settleLimitMs));
  }

  advance(ms: number): void {
    drain(this.#world.clock.advance(ms));
  }
}

/** Unwraps a script's error: there is no script here whose line it could name. */
function attempt<T>(boot: () => T): T {
  try {
    return boot();
  } catch (error) {
    throw error instanceof ScriptError ? error.cause : error;
  }
}
