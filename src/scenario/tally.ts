/**
 * Tallies the memory_op calls of an operation: what moved, and where Xen gave less than was asked for. It counts the
 * worker's tries, too.
 */
import type { WorkerState } from "../host/backend.js";
import { type Shortage, XENMEM_POPULATE_PHYSMAP } from "../host/hypercall.js";
import type { GuestObserver } from "../world/observer.js";
import { shortageWords } from "./outcome-words.js";

/** populate calls that did not do all their extents, for one reason. */
export interface ShortCalls {
  readonly gave: "nothing" | "a part";
  readonly why: string;
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

  afterMemoryOp(cmd: number, _extents: number, rc: number, _frameList: Uint32Array, shortage: Shortage | null): void {
    const totals = this.#totals;
    const done = Math.max(0, rc);
    totals.calls++;
    if (cmd === XENMEM_POPULATE_PHYSMAP) totals.pagesIn += done;
    else totals.pagesOut += done;
    if (shortage !== null) this.#addShort(done === 0 ? "nothing" : "a part", shortageWords(shortage, rc));
  }

  #addShort(gave: ShortCalls["gave"], why: string): void {
    const { short } = this.#totals;
    const same = short.find((each) => each.gave === gave && each.why === why);
    if (same === undefined) short.push({ gave, why, calls: 1 });
    else same.calls++;
  }

  ran(state: WorkerState): void {
    if (state === "yielded") return;
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
  return { calls: 0, pagesOut: 0, pagesIn: 0, short: [], cancelledTries: 0 };
}
