/** Keeps equal guests on one machine, moves them one after another and counts their work. */
import {
  completeWorldConfig,
  type MachineFactory,
  SETTLE_WITHIN_MS,
  VirtualWorld,
  type WorldGuest,
} from "xen-balloon/core";
import { type ComparisonCase, type Direction, expectedOf } from "./comparison.js";

export class Herd {
  readonly #case: ComparisonCase;
  readonly #world: VirtualWorld;
  readonly #guests: readonly WorldGuest[];
  /** The memory_op calls and pages of each guest at its last count. */
  readonly #before: { calls: number; pages: number }[];
  #inflated = false;

  constructor(makeMachine: MachineFactory, measured: ComparisonCase, guests: number) {
    const { domain, guestPages } = measured;
    const config = completeWorldConfig({ domain, maxPfn: guestPages, hostPages: guestPages * guests });
    this.#world = new VirtualWorld(makeMachine, config);
    this.#case = measured;
    this.#guests = Array.from({ length: guests }, () => this.#world.boot(config.guest));
    this.#before = this.#guests.map(countsOf);
  }

  /** Brings the guests to the start of a move. The caller does not time it. */
  prepare(direction: Direction): void {
    if (this.#inflated !== (direction === "inflate")) return;
    const back = direction === "inflate" ? "deflate" : "inflate";
    this.move(back);
    this.check(back);
  }

  /** Moves every guest in turn. The caller times it. */
  move(direction: Direction): void {
    const { guestPages } = this.#case;
    const target = direction === "inflate" ? guestPages / 2 : guestPages;
    for (const guest of this.#guests) this.#world.settle(guest, target, SETTLE_WITHIN_MS);
    this.#inflated = direction === "inflate";
  }

  /** Checks that a move did exactly its task, because the figures of any other move are invalid. */
  check(direction: Direction): void {
    const { pages, calls } = expectedOf(this.#case);
    for (const [i, guest] of this.#guests.entries()) {
      const before = this.#before[i];
      const now = countsOf(guest);
      this.#before[i] = now;
      expectExactly("memory_op calls", now.calls - before.calls, calls);
      expectExactly("pages moved", now.pages - before.pages, direction === "inflate" ? -pages : pages);
    }
  }
}

function countsOf(guest: WorldGuest): { calls: number; pages: number } {
  return { calls: guest.hypercalls.memoryOps, pages: guest.state().totPages };
}

function expectExactly(what: string, came: number, expected: number): void {
  if (came !== expected) throw new Error(`${what}: expected ${expected}, got ${came}`);
}
