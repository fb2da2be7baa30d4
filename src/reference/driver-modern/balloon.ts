/** The balloon itself (drivers/xen/balloon.c): balloon_stats, ballooned_pages and the offline marks, which change together. */

import type { DriverStats, Kernel } from "../../host/backend.js";
import { type Saved, saveFields, together } from "../../host/saved.js";
import { ArraySaver } from "../../host/saved-array.js";
import type { Pfn } from "../../host/units.js";
import { PageList } from "../page-list.js";
import type { GuestPages } from "../pages.js";

/**
 * struct balloon_stats (include/xen/balloon.h). Its fields are unsigned 64-bit numbers in the kernel. A field that
 * wraps there is negative here.
 */
export type BalloonStats = {
  -readonly [Field in keyof Omit<DriverStats, "hotplug_pages" | "balloon_hotplug">]-?: number;
};

/** The pages in the balloon of one guest, and its statistics; it begins empty. */
export class Balloon {
  readonly stats: BalloonStats = {
    current_pages: 0,
    target_pages: 0,
    target_unpopulated: 0,
    balloon_low: 0,
    balloon_high: 0,
    total_pages: 0,
    schedule_delay: 0,
    max_schedule_delay: 0,
    retry_count: 0,
    max_retry_count: 0,
  };
  readonly list: PageList;
  /** Pages marked offline. */
  offlinePages = 0;
  readonly #offline: Uint8Array;
  readonly #saver: ArraySaver;
  readonly #pages: GuestPages;
  readonly #kernel: Kernel;

  constructor(pages: GuestPages, kernel: Kernel) {
    this.list = new PageList(pages.pfnLimit);
    // a multiple of 4 bytes, so that it can be saved by words
    this.#offline = new Uint8Array(Math.ceil(pages.pfnLimit / 4) * 4);
    this.#saver = new ArraySaver(new Uint32Array(this.#offline.buffer));
    this.#pages = pages;
    this.#kernel = kernel;
  }

  /** Marks a page offline (__SetPageOffline). */
  markOffline(pfn: Pfn): void {
    if (this.#offline[pfn] === 0) this.offlinePages++;
    this.#offline[pfn] = 1;
  }

  /**
   * Puts a low page in at the head, since low pages are populated first, and a high page at the tail, and wakes those
   * that wait for pages (balloon_append).
   */
  append(pfn: Pfn): void {
    this.markOffline(pfn);
    if (this.#pages.isHighMem(pfn)) {
      this.list.addTail(pfn);
      this.stats.balloon_high++;
    } else {
      this.list.add(pfn);
      this.stats.balloon_low++;
    }
    this.#kernel.wakeCallers();
  }

  /** True if the page at the head is low memory; false if the list is empty, too. */
  get beginsLow(): boolean {
    return !this.list.isEmpty && !this.#pages.isHighMem(this.list.first);
  }

  /** Takes the page at the head out; the list must not be empty (balloon_retrieve). */
  retrieve(): Pfn {
    const pfn = this.list.first;
    this.list.delete(pfn);
    if (this.#pages.isHighMem(pfn)) this.stats.balloon_high--;
    else this.stats.balloon_low--;
    this.#offline[pfn] = 0;
    this.offlinePages--;
    return pfn;
  }

  /** Returns how many pages to take out of the balloon, or, if negative, to put into it (current_credit). */
  currentCredit(): number {
    return this.stats.target_pages - this.stats.current_pages;
  }
  save(): Saved {
    return together([saveFields(this), saveFields(this.stats), this.list.save(), this.#saver.save()]);
  }
}
