/** The interface of those who watch a guest's hypercalls, and the lists of them that the shim keeps. */
import type { Mfn, Pages, Pfn } from "./units.js";

/** Why a populate did not do all its extents; `fault`: an injected one allowed no more. */
export type Shortage =
  | { readonly cause: "fault" }
  /** The domain holds `maxPages` frames, the most that it may. The machine may have no free frame, either. */
  | { readonly cause: "limit"; readonly maxPages: Pages }
  /** The machine has no free frame. */
  | { readonly cause: "machine" };

/**
 * Watches the hypercalls of a guest, for traces and event lists. A method that is left out costs a batch nothing. Where no
 * observer has the first or the last method, an engine need not write the lists of a batch.
 *
 * No method may call the guest, begin or end to watch, or set a fault: the run under way would not know of it.
 */
export interface HypercallObserver {
  /**
   * Before memory_op. `frameList` holds the extents asked for, and by the time of afterMemoryOp what Xen wrote there: it is
   * the same array at each call.
   */
  beforeMemoryOp?(cmd: number, extents: number, frameList: Uint32Array): void;
  /** After each memory_op. `shortage` is null unless a populate did not do all its extents. */
  afterMemoryOp?(cmd: number, extents: number, rc: number, shortage: Shortage | null): void;
  /** One update_va_mapping, in the order in which the driver makes them. */
  vaMapping?(pfn: Pfn, mfn: Mfn, writable: boolean): void;
}

/** The observers that have one of the methods, in the order in which they began to watch. */
export class Watchers<K extends keyof HypercallObserver> {
  readonly all: Required<Pick<HypercallObserver, K>>[] = [];
  readonly #method: K;

  constructor(method: K) {
    this.#method = method;
  }

  add(observer: HypercallObserver): void {
    if (observer[this.#method] !== undefined) this.all.push(observer as Required<Pick<HypercallObserver, K>>);
  }

  remove(observer: HypercallObserver): void {
    const at = (this.all as HypercallObserver[]).indexOf(observer);
    if (at >= 0) this.all.splice(at, 1);
  }
}
