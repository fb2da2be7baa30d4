/** Boots the guest of a case, on a machine and a virtual clock of its own, for a workload or a replay to run on. */
import {
  type GuestObserver,
  Interpreter,
  type MachineBackend,
  type MachineFactory,
  VirtualWorld,
  type WorldConfig,
  type WorldGuest,
} from "xen-balloon/core";
import { DEFAULT_SETTLE_LIMIT_MS } from "./study.js";
import type { Subject } from "./workloads.js";

/** The booted guest of a case. */
export class Stand implements Subject {
  readonly config: WorldConfig;
  readonly guest: WorldGuest;
  readonly #makeMachine: MachineFactory;
  readonly #world: VirtualWorld;
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
    observers: readonly GuestObserver[] = [],
    settleLimitMs: number = DEFAULT_SETTLE_LIMIT_MS,
  ) {
    this.config = config;
    this.#makeMachine = makeMachine;
    this.#settleLimitMs = settleLimitMs;
    this.#world = new VirtualWorld(makeMachine, config);
    this.guest = this.#world.boot(config.guest, observers);
  }

  get machine(): MachineBackend {
    return this.#world.machine;
  }

  get nowMs(): number {
    return this.#world.clock.now;
  }

  /** Makes an interpreter whose scripts find this guest booted. */
  interpreter(): Interpreter {
    const interpreter = new Interpreter(this.config, this.#makeMachine);
    interpreter.booted = { world: this.#world, guest: this.guest };
    return interpreter;
  }

  settle(targetPages: number): void {
    this.#world.settle(this.guest, targetPages, this.#settleLimitMs);
  }

  advance(ms: number): void {
    this.#world.advance(ms);
    this.guest.requireAlive();
  }
}
