/**
 * Memory hotplug: the driver's part (CONFIG_XEN_BALLOON_MEMORY_HOTPLUG, drivers/xen/balloon.c) and the kernel's under
 * it (mm/memory_hotplug.c).
 */

import type { Kernel } from "../host/backend.js";
import { ENOMEM } from "../host/errors.js";
import type { Fault } from "../host/faults.js";
import { type Saved, saveFields, together } from "../host/saved.js";
import type { Pages, Pfn } from "../host/units.js";
import type { Balloon } from "./balloon.js";
import type { GuestPages } from "./pages.js";
import type { BpState } from "./reservation.js";

/** The memory that can be added to one guest, in sections, between its max_pfn and its pfnLimit. */
export class Hotplug {
  /** An injected fault: the next `times` calls of add_memory return `amount` and do nothing. */
  readonly failAddMemory: Fault = { amount: 0, times: 0 };
  /** The first page that was added and is not online yet; max_pfn if there is none. */
  onlineFrom: number;
  readonly #balloon: Balloon;
  readonly #pages: GuestPages;
  readonly #sectionPages: Pages;
  readonly #kernel: Kernel;

  constructor(balloon: Balloon, pages: GuestPages, sectionPages: Pages, kernel: Kernel) {
    this.#balloon = balloon;
    this.#pages = pages;
    this.#sectionPages = sectionPages;
    this.#kernel = kernel;
    this.onlineFrom = pages.maxPfn;
  }

  /**
   * Adds whole sections of memory, at least `credit` pages, above max_pfn. Without hotplug it gives the target up
   * instead (reserve_additional_memory).
   */
  reserveAdditionalMemory(credit: number): BpState {
    const { stats, hotplug } = this.#balloon;
    if (!hotplug) {
      stats.target_pages = stats.current_pages;
      return "done";
    }
    const addedPages = this.#roundUpToSection(credit);
    const rc = this.#addMemory(this.#roundUpToSection(this.#pages.maxPfn), addedPages);
    if (rc !== 0) {
      this.#kernel.log(`xen:balloon: reserve_additional_memory: add_memory() failed: ${rc}`);
      return "eagain";
    }
    stats.hotplug_pages += credit;
    stats.balloon_hotplug = addedPages - credit;
    return "done";
  }

  /**
   * Brings the first `sections` sections of the added memory online, or all of it for 0, and calls the memory notifier
   * (xen_memory_notifier).
   */
  online(sections: number): void {
    const from = this.onlineFrom;
    const added = this.#pages.maxPfn - from;
    if (added <= 0) return;
    const end = from + (sections === 0 ? added : Math.min(added, sections * this.#sectionPages));
    this.onlineFrom = end;
    for (let pfn = from; pfn < end; pfn++) this.#onlinePage(pfn);
    this.#kernel.scheduleDelayedWork(0);
  }

  save(): Saved {
    return together([saveFields(this), saveFields(this.failAddMemory)]);
  }

  /** Raises max_pfn over the pages from `start` on; they come online later (add_memory). */
  #addMemory(start: number, pages: Pages): number {
    const fault = this.failAddMemory;
    if (fault.times > 0) {
      fault.times--;
      return fault.amount;
    }
    if (start + pages > this.#pages.pfnLimit) return ENOMEM;
    if (this.onlineFrom === this.#pages.maxPfn) this.onlineFrom = start;
    this.#pages.maxPfn = start + pages;
    return 0;
  }

  /** Puts a page that comes online into the balloon; it is not managed until it is populated (xen_online_page). */
  #onlinePage(pfn: Pfn): void {
    const { stats } = this.#balloon;
    this.#balloon.appendUnmanaged(pfn);
    if (stats.hotplug_pages !== 0) stats.hotplug_pages--;
    else stats.balloon_hotplug--;
  }

  #roundUpToSection(pages: Pages): number {
    return Math.ceil(pages / this.#sectionPages) * this.#sectionPages;
  }
}
