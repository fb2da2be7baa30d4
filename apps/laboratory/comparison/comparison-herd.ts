/** Equal guests, each on a machine of its own, that do the operations of a script over and over. */
import { Interpreter, type MachineFactory, type Saved, type Script, type Step } from "xen-balloon/core";
import { bootedIn } from "./behaviour.js";

export class Herd {
  readonly #guests: readonly Interpreter[];
  readonly #atBoot: readonly Saved[];
  readonly #steps: readonly Step[];
  readonly #calls: number;

  /**
   * Boots the guests.
   *
   * @param calls - the memory_op calls that each run has to make.
   * @throws Error: a guest does not boot
   */
  constructor(script: Script, makeMachine: MachineFactory, guests: number, calls: number) {
    const [boot, ...steps] = script.steps;
    this.#steps = steps;
    this.#guests = Array.from({ length: guests }, () => {
      const interpreter = new Interpreter(script.config, makeMachine);
      bootedIn(interpreter, interpreter.perform(boot));
      return interpreter;
    });
    this.#atBoot = this.#guests.map((guest) => guest.save());
    // every guest is like the first
    this.#calls = callsOf(this.#guests[0]) + calls;
  }

  /** Puts every guest back to its boot. The caller does not time it. */
  prepare(): void {
    for (const saved of this.#atBoot) saved.restore();
  }

  /** Every guest in turn does the operations. The caller times it. */
  run(): void {
    for (const guest of this.#guests) {
      for (const step of this.#steps) guest.perform(step);
    }
  }

  /** Checks that every run made its calls, because the figures of any other are invalid. */
  check(): void {
    for (const guest of this.#guests) {
      const calls = callsOf(guest);
      if (calls !== this.#calls) throw new Error(`memory_op calls: expected ${this.#calls}, got ${calls}`);
    }
  }
}

/** The memory_op calls of a guest, from its boot on. */
function callsOf({ booted }: Interpreter): number {
  return booted?.guest.hypercalls.memoryOps ?? 0;
}
