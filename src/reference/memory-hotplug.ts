/** The kernel's memory hotplug (mm/memory_hotplug.c), under the driver's. */
import { ENOMEM } from "../host/errors.js";
import type { Fault } from "../host/faults.js";
import { type Saved, saveFields, together } from "../host/saved.js";
import type { Pages, Pfn } from "../host/units.js";
import type { GuestPages } from "./pages.js";

/** The memory that can be added to one guest, in sections, between its max_pfn and its pfnLimit. */
export class MemoryHotplug {
  /** An injected fault: the next `times` calls of add_memory return `amount` and do nothing. */
  readonly failAddMemory: Fault = { amount: 0, times: 0 };
  /** The first page that was added and is not online yet; max_pfn if there is none. */
  onlineFrom: number;
  readonly #pages: GuestPages;
  readonly #sectionPages: Pages;

  constructor(pages: GuestPages, sectionPages: Pages) {
    this.#pages = pages;
    this.#sectionPages = sectionPages;
    this.onlineFrom = pages.maxPfn;
  }

  roundUpToSection(pages: Pages): number {
    return Math.ceil(pages / this.#sectionPages) * this.#sectionPages;
  }

  /** Raises max_pfn over the pages from `start` on; they come online later (add_memory). */
  addMemory(start: Pfn, pages: Pages): number {
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

  /**
   * Hands the first `sections` sections of the added memory to `onlinePage`, page by page, or all of it for 0. Returns
   * false if there is none (online_pages).
   */
  online(sections: number, onlinePage: (pfn: Pfn) => void): boolean {
    const from = this.onlineFrom;
    const added = this.#pages.maxPfn - from;
    if (added <= 0) return false;
    const end = from + (sections === 0 ? added : Math.min(added, sections * this.#sectionPages));
    this.onlineFrom = end;
    for (let pfn = from; pfn < end; pfn++) onlinePage(pfn);
    return true;
  }
  save(): Saved {
    return together([saveFields(this), saveFields(this.failAddMemory)]);
  }
}
