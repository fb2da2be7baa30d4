/**
 * The hypercall shim of one guest: what stands between a driver and the machine. It counts, injects faults, and lets
 * an observer look; the work is the domain's. One call a batch, nothing is allocated in it, and what it asks is asked of
 * fields: a run of some hundred batches is over before V8 compiles any of this, and each call costs 0.1 µs until then.
 */

import type { Fault, HypercallFault } from "./faults.js";
import { type HypercallObserver, type Shortage, Watchers } from "./hypercall-observer.js";
import { U32_MAX } from "./integers.js";
import type { GuestConfig } from "./options/types.js";
import { type Saved, saveFields, together } from "./saved.js";
import type { Mfn, Pages, Pfn } from "./units.js";

/** XENMEM_ command numbers of memory_op. */
export const XENMEM_DECREASE_RESERVATION = 1;
export const XENMEM_CURRENT_RESERVATION = 3;
export const XENMEM_POPULATE_PHYSMAP = 6;

/** A command of memory_op, by a short name. */
export type CallName = "populate" | "decrease" | "current";

/** The short name of a command. */
export function callName(cmd: number): CallName {
  if (cmd === XENMEM_CURRENT_RESERVATION) return "current";
  return cmd === XENMEM_POPULATE_PHYSMAP ? "populate" : "decrease";
}

/** The machine's side of one domain. Both calls work on the guest's frame_list in place and return extents done. */
export interface Domain {
  /** Frames or PFNs of the batch: the guest's frame_list. */
  readonly frameList: Uint32Array;
  /** Frames the domain holds, and the most that populate lets it hold. */
  readonly totPages: Pages;
  readonly maxPages: Pages;
  populate(extents: number): number;
  decrease(extents: number): number;
  /** A fault made the driver believe what the machine did not do: destroying the domain must find these frames yet. */
  rememberLost(extents: number): void;
  /** The PFNs of the first `extents` entries of frame_list, which hold frames of this pv domain, in a watched batch. */
  framePfns(extents: number): Uint32Array;
}

export class Hypercalls {
  /** Faults to inject; a new one is set by writing amount and times. */
  readonly faults: Readonly<Record<HypercallFault, Fault>> = {
    populate: { amount: 0, times: 0 },
    partial: { amount: 0, times: 0 },
    decrease: { amount: 0, times: 0 },
    vaMapping: { amount: 0, times: 0 },
  };
  /** Calls made since boot. */
  memoryOps = 0;
  vaMappings = 0;

  // plain loops over them: an iterator a batch would be an allocation
  readonly #before = new Watchers("beforeMemoryOp");
  readonly #after = new Watchers("afterMemoryOp");
  readonly #mapping = new Watchers("vaMapping");
  readonly #domain: Domain;
  /** The highest answer open to the last populate: the extents asked for, or the answer of an injected fault. */
  #allowed = 0;
  /** The answer to XENMEM_current_reservation. */
  readonly #reservationPages: Pages;
  readonly #highmemStart: Pfn;
  /** Batches that nobody watches may be made at once. */
  readonly #merged: boolean;

  constructor(
    domain: Domain,
    { highmemStart, batches, reservationPages }: Pick<GuestConfig, "highmemStart" | "batches" | "reservationPages">,
  ) {
    this.#domain = domain;
    this.#reservationPages = reservationPages ?? 0;
    this.#highmemStart = highmemStart;
    this.#merged = batches === "merged";
  }

  /**
   * Has an observer watch from the next call on.
   *
   * @returns a function that ends it.
   */
  observe(observer: HypercallObserver): () => void {
    const watchers = [this.#before, this.#after, this.#mapping];
    for (const kind of watchers) kind.add(observer);
    return () => {
      for (const kind of watchers) kind.remove(observer);
    };
  }

  /** Saves the counters and the faults that are due; who watches is no state of the guest. */
  save(): Saved {
    return together([saveFields(this), ...Object.values(this.faults).map(saveFields)]);
  }

  /**
   * How many batches an engine may make at once, as runs of pages without their lists: 0 if an observer may look at the lists
   * or at single mappings, or a fault is due; 1 if an observer hears of each call, or batches are not merged; else any
   * number.
   */
  get batchesAtOnce(): number {
    const lookers = this.#before.all.length + this.#mapping.all.length;
    const { populate, partial, decrease, vaMapping } = this.faults;
    if (lookers + populate.times + partial.times + decrease.times + vaMapping.times > 0) return 0;
    return this.#merged && this.#after.all.length === 0 ? U32_MAX : 1;
  }

  /**
   * Counts what the batches of a run of pages, all low or all high, would have counted. The run is one batch where somebody
   * hears of it (batchesAtOnce).
   */
  ranRun(cmd: number, pfn: Pfn, pages: Pages, mapped: boolean): void {
    this.ranPart(cmd, pfn, pages, pages, mapped);
  }

  /**
   * Does the same for a part of the pages of such batches.
   *
   * @param extents - of all those batches if this is their last part, or else 0.
   */
  ranPart(cmd: number, pfn: Pfn, pages: Pages, extents: Pages, mapped: boolean): void {
    if (mapped && pfn < this.#highmemStart) this.vaMappings += pages;
    if (extents === 0) return;
    this.memoryOps += Math.ceil(extents / this.#domain.frameList.length);
    this.#tell(cmd, extents, extents, null);
  }

  /** HYPERVISOR_memory_op on the guest's frame_list: extents done, or what an injected fault answers. */
  memoryOp(cmd: number, extents: number): number {
    this.memoryOps++;
    this.#announce(cmd, extents);
    const rc = cmd === XENMEM_POPULATE_PHYSMAP ? this.#populate(extents) : this.#decrease(extents);
    if (this.#after.all.length === 0) return rc;
    this.#tell(cmd, extents, rc, cmd === XENMEM_POPULATE_PHYSMAP && rc < extents ? this.#shortage(rc) : null);
    return rc;
  }

  /** HYPERVISOR_memory_op(XENMEM_current_reservation): the pages of the domain as the initial domain is told. */
  currentReservation(): number {
    const answer = this.#reservationPages;
    this.memoryOps++;
    this.#announce(XENMEM_CURRENT_RESERVATION, 0);
    this.#tell(XENMEM_CURRENT_RESERVATION, 0, answer, null);
    return answer;
  }

  #announce(cmd: number, extents: number): void {
    const { frameList } = this.#domain;
    const before = this.#before.all;
    for (let i = 0; i < before.length; i++) before[i].beforeMemoryOp(cmd, extents, frameList);
  }

  #tell(cmd: number, extents: number, rc: number, shortage: Shortage | null): void {
    const after = this.#after.all;
    for (let i = 0; i < after.length; i++) after[i].afterMemoryOp(cmd, extents, rc, shortage);
  }

  /** Why the last populate ended early. Nothing may have changed since: the domain shows what stopped it. */
  #shortage(rc: number): Shortage {
    if (rc === this.#allowed) return { cause: "fault" };
    const { totPages, maxPages } = this.#domain;
    return totPages >= maxPages ? { cause: "limit", maxPages } : { cause: "machine" };
  }

  #populate(extents: number): number {
    const { populate, partial } = this.faults;
    if (populate.times > 0) {
      this.#allowed = use(populate);
      return this.#allowed;
    }
    this.#allowed = partial.times > 0 ? Math.min(extents, use(partial)) : extents;
    return this.#domain.populate(this.#allowed);
  }

  #decrease(extents: number): number {
    const { decrease } = this.faults;
    if (decrease.times === 0) return this.#domain.decrease(extents);
    this.#domain.rememberLost(extents);
    return use(decrease);
  }

  /**
   * HYPERVISOR_update_va_mapping of one page: mapped to `mfn`, writable or read-only.
   *
   * @param lostExtents - of so many entries of frame_list, which hold MFNs, nobody knows any more if this call fails.
   * @returns 0, or what an injected fault answers.
   */
  updateVaMapping(pfn: Pfn, mfn: Mfn, writable: boolean, lostExtents: number): number {
    if (this.faults.vaMapping.times > 0) {
      this.#domain.rememberLost(lostExtents);
      return use(this.faults.vaMapping);
    }
    this.vaMappings++;
    const watchers = this.#mapping.all;
    for (let i = 0; i < watchers.length; i++) watchers[i].vaMapping(pfn, mfn, writable);
    return 0;
  }

  /**
   * The same for a batch: for the `lowPages` low pages among the first `extents` of frame_list, which hold MFNs. Each
   * is mapped writable to its own frame, or read-only to `scratchMfn`. M2P must name their pages.
   *
   * @returns 0, or what an injected fault answers to the first of them.
   */
  updateVaMappings(extents: number, lowPages: Pages, writable: boolean, scratchMfn: Mfn): number {
    if (this.faults.vaMapping.times > 0 && lowPages > 0) {
      this.#domain.rememberLost(extents);
      return use(this.faults.vaMapping);
    }
    this.vaMappings += lowPages;
    const watchers = this.#mapping.all;
    if (watchers.length === 0) return 0;
    const { frameList } = this.#domain;
    const pfns = this.#domain.framePfns(extents);
    for (let i = 0; i < extents; i++) {
      if (pfns[i] >= this.#highmemStart) continue;
      const mfn = writable ? frameList[i] : scratchMfn;
      for (let k = 0; k < watchers.length; k++) watchers[k].vaMapping(pfns[i], mfn, writable);
    }
    return 0;
  }
}

/** One time less: what the fault answers. */
function use(fault: Fault): number {
  fault.times--;
  return fault.amount;
}
