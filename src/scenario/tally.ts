/**
 * Tallies the memory_op calls of an operation: what moved, and what Xen refused.
 */
import { type HypercallObserver, XENMEM_POPULATE_PHYSMAP } from "../host/hypercall.js";

/** What the calls of one operation came to. */
export interface CallTotals {
  readonly calls: number;
  /** Pages given back to Xen. */
  readonly pagesOut: number;
  /** Pages got from Xen. */
  readonly pagesIn: number;
  /** populate calls that did some of their extents, but not all. */
  readonly partial: number;
  /** populate calls that did nothing, and what the last of them answered. */
  readonly refused: number;
  readonly refusal: number;
}

const NOTHING: CallTotals = { calls: 0, pagesOut: 0, pagesIn: 0, partial: 0, refused: 0, refusal: 0 };

export class CallTally implements HypercallObserver {
  #totals: { -readonly [Key in keyof CallTotals]: CallTotals[Key] } = { ...NOTHING };

  beforeMemoryOp(): void {}

  afterMemoryOp(cmd: number, extents: number, rc: number): void {
    const totals = this.#totals;
    const done = Math.max(0, rc);
    totals.calls++;
    if (cmd !== XENMEM_POPULATE_PHYSMAP) {
      totals.pagesOut += done;
      return;
    }
    totals.pagesIn += done;
    if (rc <= 0) {
      totals.refused++;
      totals.refusal = rc;
    } else if (rc < extents) {
      totals.partial++;
    }
  }

  vaMapping(): void {}

  /** The totals so far; the tally begins anew. */
  take(): CallTotals {
    const totals = this.#totals;
    this.#totals = { ...NOTHING };
    return totals;
  }
}
