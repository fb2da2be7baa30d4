/**
 * One batch in either direction (increase_reservation and decrease_reservation, drivers/xen/balloon.c), page by page.
 */

import type { WorkerState } from "../../host/backend.js";
import { BalloonBug } from "../../host/errors.js";
import { type Hypercalls, XENMEM_DECREASE_RESERVATION, XENMEM_POPULATE_PHYSMAP } from "../../host/hypercall.js";
import type { Mfn, Pfn } from "../../host/units.js";
import type { DriverParts } from "../driver-parts.js";
import type { PhysToMachine } from "../p2m.js";
import { NO_PAGE, type PageAllocator } from "../page-allocator.js";
import type { GuestPages } from "../pages.js";
import { unsignedMin } from "../unsigned.js";
import type { Balloon } from "./balloon.js";
import type { ScratchPages } from "./scratch-pages.js";

/** enum bp_state. */
export type BpState = Exclude<WorkerState, "yielded">;

/** The parts of the guest that a batch uses. */
export interface ReservationParts extends DriverParts {
  readonly balloon: Balloon;
  readonly scratch: ScratchPages;
}

/** Changes the reservation of one guest, a batch at a time. */
export class Reservation {
  readonly #balloon: Balloon;
  readonly #pages: GuestPages;
  readonly #allocator: PageAllocator;
  readonly #p2m: PhysToMachine;
  readonly #scratch: ScratchPages;
  readonly #hypercalls: Hypercalls;
  readonly #frameList: Uint32Array;

  constructor({ balloon, pages, allocator, p2m, scratch, hypercalls, frameList }: ReservationParts) {
    this.#balloon = balloon;
    this.#pages = pages;
    this.#allocator = allocator;
    this.#p2m = p2m;
    this.#scratch = scratch;
    this.#hypercalls = hypercalls;
    this.#frameList = frameList;
  }

  /**
   * Takes `wanted` pages, at most one batch, out of the balloon and gives them frames (increase_reservation). Returns
   * "done" if Xen gave at least one frame.
   */
  increase(wanted: number): BpState {
    const balloon = this.#balloon;
    const { stats } = balloon;
    const pages = this.#pages;
    const p2m = this.#p2m;
    const frameList = this.#frameList;

    if (balloon.hotplug && !balloon.holdsPages) {
      const added = unsignedMin(wanted, stats.balloon_hotplug);
      stats.hotplug_pages += added;
      stats.balloon_hotplug -= added;
      return "done";
    }

    const capacity = Math.min(wanted, frameList.length);
    let extents = 0;
    for (let pfn = balloon.firstPage(); pfn !== NO_PAGE && extents < capacity; pfn = balloon.nextPage(pfn)) {
      frameList[extents++] = pfn;
    }

    const populated = this.#hypercalls.memoryOp(XENMEM_POPULATE_PHYSMAP, extents);
    if (populated <= 0) return "eagain";

    for (let i = 0; i < populated; i++) {
      const pfn = balloon.retrieve(false);
      if (pfn === NO_PAGE) throw new BalloonBug("page == NULL");
      p2m.setPhysToMachine(pfn, frameList[i]);
      if (!p2m.translated && !pages.isHighMem(pfn)) this.#updateVaMapping(pfn, frameList[i], true, populated);
      this.#allocator.freePage(pfn);
    }
    stats.current_pages += populated;
    return "done";
  }

  /**
   * Puts `wanted` free pages, at most one batch, into the balloon and gives their frames back (decrease_reservation).
   * High pages are taken if `highmem` is true. Returns "eagain" if the allocator refused a page.
   */
  decrease(wanted: number, highmem: boolean): BpState {
    const balloon = this.#balloon;
    const { stats } = balloon;
    const pages = this.#pages;
    const p2m = this.#p2m;
    const frameList = this.#frameList;

    if (balloon.hotplug && stats.hotplug_pages !== 0) {
      const removed = unsignedMin(wanted, stats.hotplug_pages);
      stats.hotplug_pages -= removed;
      stats.balloon_hotplug += removed;
      return "done";
    }

    let state: BpState = "done";
    let extents = Math.min(wanted, frameList.length);
    const scratchMfn = p2m.pfnToMfn(this.#scratch.get());
    for (let i = 0; i < extents; i++) {
      const pfn = this.#allocator.allocPage(highmem);
      if (pfn === NO_PAGE) {
        extents = i;
        state = "eagain";
        break;
      }
      frameList[i] = p2m.pfnToMfn(pfn);
      pages.scrubPage(pfn);
      if (!p2m.translated && !pages.isHighMem(pfn)) this.#updateVaMapping(pfn, scratchMfn, false, 0);
    }

    pages.kmapFlushUnused();
    pages.flushTlbAll();

    for (let i = 0; i < extents; i++) {
      const pfn = p2m.mfnToPfn(frameList[i]);
      if (!p2m.translated) p2m.setPhysToMachine(pfn, scratchMfn);
      balloon.append(pfn);
    }

    const ret = this.#hypercalls.memoryOp(XENMEM_DECREASE_RESERVATION, extents);
    if (ret !== extents) throw new BalloonBug("ret != nr_pages");
    stats.current_pages -= extents;
    return state;
  }

  /** A batch on its way in has its frames, and P2M names but some of them: `lostExtents` in all. */
  #updateVaMapping(pfn: Pfn, mfn: Mfn, writable: boolean, lostExtents: number): void {
    if (this.#hypercalls.updateVaMapping(pfn, mfn, writable, lostExtents) !== 0) throw new BalloonBug("ret");
  }
}
