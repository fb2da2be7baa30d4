/** The balloon itself (drivers/xen/balloon.c): balloon_stats and ballooned_pages, which change together. */

import type { DriverStats } from "../../host/backend.js";
import { type Saved, saveFields, together } from "../../host/saved.js";
import type { Pfn } from "../../host/units.js";
import { NO_PAGE } from "../page-allocator.js";
import { PageList } from "../page-list.js";
import type { GuestPages } from "../pages.js";
import { unsignedMin } from "../unsigned.js";

/**
 * struct balloon_stats (include/xen/balloon.h). Its fields are unsigned 64-bit numbers in the kernel. A field that
 * wraps there is negative here, and is compared as unsigned.
 */
export type BalloonStats = {
  -readonly [Field in keyof Omit<DriverStats, "target_unpopulated" | "total_pages">]-?: number;
};

/** The pages in the balloon of one guest, and its statistics; it begins empty. */
export class Balloon {
  readonly stats: BalloonStats = {
    current_pages: 0,
    target_pages: 0,
    balloon_low: 0,
    balloon_high: 0,
    schedule_delay: 0,
    max_schedule_delay: 0,
    retry_count: 0,
    max_retry_count: 0,
    hotplug_pages: 0,
    balloon_hotplug: 0,
  };
  readonly list: PageList;
  /** CONFIG_XEN_BALLOON_MEMORY_HOTPLUG. */
  readonly hotplug: boolean;
  readonly #pages: GuestPages;

  constructor(pages: GuestPages, hotplug: boolean) {
    this.list = new PageList(pages.pfnLimit);
    this.hotplug = hotplug;
    this.#pages = pages;
  }

  /**
   * Puts a low page in at the head, since low pages are populated first, and a high page at the tail
   * (__balloon_append).
   */
  appendUnmanaged(pfn: Pfn): void {
    if (this.#pages.isHighMem(pfn)) {
      this.list.addTail(pfn);
      this.stats.balloon_high++;
    } else {
      this.list.add(pfn);
      this.stats.balloon_low++;
    }
  }

  /** Puts a page in and ceases to count it as managed (balloon_append). */
  append(pfn: Pfn): void {
    this.appendUnmanaged(pfn);
    this.#pages.adjustManagedPageCount(pfn, -1);
  }

  /** Takes a page out of the balloon and counts it as managed; returns it, or NO_PAGE (balloon_retrieve). */
  retrieve(preferHighmem: boolean): number {
    const { list, stats } = this;
    if (list.isEmpty) return NO_PAGE;
    const pfn = preferHighmem ? list.last : list.first;
    list.delete(pfn);
    if (this.#pages.isHighMem(pfn)) stats.balloon_high--;
    else stats.balloon_low--;
    this.#pages.adjustManagedPageCount(pfn, 1);
    return pfn;
  }

  /** Returns the page at the head, or NO_PAGE (balloon_first_page). */
  firstPage(): number {
    return this.list.isEmpty ? NO_PAGE : this.list.first;
  }

  /** Returns the page after `pfn`, or NO_PAGE (balloon_next_page). */
  nextPage(pfn: Pfn): number {
    return this.list.hasNext(pfn) ? this.list.next(pfn) : NO_PAGE;
  }

  /** True if there is a page in the list. */
  get holdsPages(): boolean {
    return this.stats.balloon_low !== 0 || this.stats.balloon_high !== 0;
  }

  /** True if pages can be taken out of the balloon, or, with hotplug, out of added memory (balloon_is_inflated). */
  get isInflated(): boolean {
    return this.holdsPages || (this.hotplug && this.stats.balloon_hotplug !== 0);
  }

  save(): Saved {
    return together([saveFields(this.stats), this.list.save()]);
  }

  /** Returns how many pages to take out of the balloon, or, if negative, to put into it (current_credit). */
  currentCredit(): number {
    const { target_pages, current_pages, balloon_low, balloon_high, hotplug_pages } = this.stats;
    if (this.hotplug) return target_pages - current_pages - hotplug_pages;
    return unsignedMin(target_pages, current_pages + balloon_low + balloon_high) - current_pages;
  }
}
