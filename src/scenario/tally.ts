/**
 * Tallies the calls of an operation: what moved, where Xen did less than was asked for, and where add_memory failed. It
 * counts the worker's tries, too.
 */
import type { RunState } from "../host/backend.js";
import { XENMEM_CURRENT_RESERVATION, XENMEM_POPULATE_PHYSMAP } from "../host/hypercall.js";
import type { Shortage } from "../host/hypercall-observer.js";
import type { GuestObserver } from "../world/observer.js";
import { failedAddMemory, shortageWords, shortDecrease } from "./outcome-words.js";

/** Calls that did not do all they were asked for, for one reason. */
export interface ShortCalls {
  /** Completes "in N calls". */
  readonly came: string;
  /** The reason; null if `came` says all. */
  readonly why: string | null;
  readonly calls: number;
}

/** The sums of the calls of one operation. */
export interface CallTotals {
  readonly calls: number;
  /** Pages given back to Xen. */
  readonly pagesOut: number;
  /** Pages got from Xen. */
  readonly pagesIn: number;
  /** In the order in which each was first met. */
  readonly short: readonly ShortCalls[];
  /** Turns of the driver's work that came to an end. */
  readonly turns: number;
  /** Failed tries of the run that the worker gave up last; 0 where it gave up none. */
  readonly cancelledTries: number;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

interface RunningTotals extends Mutable<CallTotals> {
  short: Mutable<ShortCalls>[];
}

export class CallTally implements GuestObserver {
  #totals = nothing();
  /** Tries in a row that failed; they outlast an operation. */
  #failedTries = 0;

  afterMemoryOp(cmd: number, extents: number, rc: number, shortage: Shortage | null): void {
    const totals = this.#totals;
    const done = Math.max(0, rc);
    totals.calls++;
    if (cmd === XENMEM_CURRENT_RESERVATION) return;
    if (cmd === XENMEM_POPULATE_PHYSMAP) totals.pagesIn += done;
    else totals.pagesOut += done;
    if (shortage !== null) {
      this.#addShort(`Xen gave ${done === 0 ? "nothing" : "a part"}`, shortageWords(shortage, rc));
    } else if (rc !== extents) {
      this.#addShort(shortDecrease(extents, rc), null);
    }
  }

  logged(line: string): void {
    const came = failedAddMemory(line);
    if (came !== null) this.#addShort(came, null);
  }

  #addShort(came: string, why: string | null): void {
    const { short } = this.#totals;
    const same = short.find((each) => each.came === came && each.why === why);
    if (same === undefined) short.push({ came, why, calls: 1 });
    else same.calls++;
  }

  ran(state: RunState): void {
    if (state === "yielded") return;
    this.#totals.turns++;
    if (state === "wait") return;
    this.#failedTries = state === "done" ? 0 : this.#failedTries + 1;
    if (state !== "ecanceled") return;
    this.#totals.cancelledTries = this.#failedTries;
    this.#failedTries = 0;
  }

  /** The totals so far; the tally begins anew. */
  take(): CallTotals {
    const totals = this.#totals;
    this.#totals = nothing();
    return totals;
  }
}

function nothing(): RunningTotals {
  return { calls: 0, pagesOut: 0, pagesIn: 0, short: [], turns: 0, cancelledTries: 0 };
}
