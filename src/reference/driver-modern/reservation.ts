/**
 * One batch in either direction (increase_reservation and decrease_reservation, drivers/xen/balloon.c, and
 * drivers/xen/mem-reservation.c), page by page.
 */

import { type BpState, INVALID_ENTRY } from "../../host/backend.js";
import { BalloonBug } from "../../host/errors.js";
import { type Hypercalls, XENMEM_DECREASE_RESERVATION, XENMEM_POPULATE_PHYSMAP } from "../../host/hypercall.js";
import type { Mfn, Pages, Pfn } from "../../host/units.js";
import type { DriverParts } from "../driver-parts.js";
import type { PhysToMachine } from "../p2m.js";
import { NO_PAGE, type PageAllocator } from "../page-allocator.js";
import type { GuestPages } from "../pages.js";
import type { Balloon } from "./balloon.js";

/** Changes the reservation of one guest, a batch at a time. */
export class Reservation {
  readonly #balloon: Balloon;
  readonly #pages: GuestPages;
  readonly #allocator: PageAllocator;
  readonly #p2m: PhysToMachine;
  readonly #hypercalls: Hypercalls;
  readonly #frameList: Uint32Array;

  constructor({ pages, allocator, p2m, hypercalls, frameList }: DriverParts, balloon: Balloon) {
    this.#balloon = balloon;
    this.#pages = pages;
    this.#allocator = allocator;
    this.#p2m = p2m;
    this.#hypercalls = hypercalls;
    this.#frameList = frameList;
  }

  /**
   * Takes `wanted` pages, at most one batch, out of the balloon and gives them frames (increase_reservation). The list
   * must not be empty. Returns "done" if Xen gave at least one frame.
   */
  increase(wanted: Pages): BpState {
    const { list, stats } = this.#balloon;
    const frameList = this.#frameList;

    const capacity = Math.min(wanted, frameList.length);
    let extents = 0;
    for (let pfn = list.first; extents < capacity; pfn = list.next(pfn)) {
      frameList[extents++] = pfn;
      if (!list.hasNext(pfn)) break;
    }

    const populated = this.#hypercalls.memoryOp(XENMEM_POPULATE_PHYSMAP, extents);
    if (populated <= 0) return "eagain";

    for (let i = 0; i < populated; i++) {
      const pfn = this.#balloon.retrieve();
      if (!this.#p2m.translated) this.#map(pfn, frameList[i], populated);
      this.#allocator.freePage(pfn);
      this.#pages.adjustManagedPageCount(pfn, 1);
    }
    stats.current_pages += populated;
    return "done";
  }

  /** Records the frame of a page and maps it (xenmem_reservation_va_mapping_update). */
  #map(pfn: Pfn, mfn: Mfn, populated: number): void {
    this.#p2m.setPhysToMachine(pfn, mfn);
    if (!this.#pages.isHighMem(pfn)) this.#updateVaMapping(pfn, mfn, true, populated);
  }

  /**
   * Puts `wanted` free pages, at most one batch, into the balloon and gives their frames back (decrease_reservation).
   * High pages are taken if `highmem` is true. Returns "eagain" if the allocator refused a page.
   */
  decrease(wanted: Pages, highmem: boolean): BpState {
    const pages = this.#pages;
    const frameList = this.#frameList;

    let state: BpState = "done";
    const taken: Pfn[] = [];
    const most = Math.min(wanted, frameList.length);
    while (taken.length < most) {
      const pfn = this.#allocator.allocPage(highmem);
      if (pfn === NO_PAGE) {
        state = "eagain";
        break;
      }
      pages.adjustManagedPageCount(pfn, -1);
      pages.scrubPage(pfn);
      taken.push(pfn);
    }

    pages.kmapFlushUnused();

    // the list of those taken has the last one first
    taken.reverse();
    for (const [i, pfn] of taken.entries()) frameList[i] = this.#p2m.pfnToMfn(pfn);
    for (const pfn of taken) {
      if (!this.#p2m.translated) this.#unmap(pfn, taken.length);
      this.#balloon.append(pfn);
    }

    pages.flushTlbAll();

    const ret = this.#hypercalls.memoryOp(XENMEM_DECREASE_RESERVATION, taken.length);
    if (ret !== taken.length) throw new BalloonBug("ret != nr_pages");
    this.#balloon.stats.current_pages -= taken.length;
    return state;
  }

  /** Takes a page's mapping and frame away (xenmem_reservation_va_mapping_reset). */
  #unmap(pfn: Pfn, extents: number): void {
    if (!this.#pages.isHighMem(pfn)) this.#updateVaMapping(pfn, 0, false, extents);
    this.#p2m.setPhysToMachine(pfn, INVALID_ENTRY);
  }

  /** P2M names but some of the batch's frames meanwhile: `lostExtents` in all. */
  #updateVaMapping(pfn: Pfn, mfn: Mfn, writable: boolean, lostExtents: number): void {
    if (this.#hypercalls.updateVaMapping(pfn, mfn, writable, lostExtents) !== 0) throw new BalloonBug("ret");
  }
}
