/** The balloon itself: balloon_stats and ballooned_pages, which change together. */
import type { DriverStats } from "../host/backend.js";
import { NO_PAGE } from "./page-allocator.js";
import { PageList } from "./page-list.js";
import type { Pages } from "./pages.js";
import { unsignedMin } from "./unsigned.js";

/** struct balloon_stats. Unsigned 64 bit in the kernel: what wraps there is negative here, and compared as unsigned. */
export type BalloonStats = { -readonly [Field in keyof DriverStats]: number };

/** An empty balloon. */
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
  readonly #pages: Pages;

  constructor(pages: Pages, hotplug: boolean) {
    this.list = new PageList(pages.pfnLimit);
    this.hotplug = hotplug;
    this.#pages = pages;
  }

  /** __balloon_append: low pages at the head, as they are populated first, high pages at the tail. */
  appendUnmanaged(pfn: number): void {
    if (this.#pages.isHighMem(pfn)) {
      this.list.addTail(pfn);
      this.stats.balloon_high++;
    } else {
      this.list.add(pfn);
      this.stats.balloon_low++;
    }
  }

  /** balloon_append. */
  append(pfn: number): void {
    this.appendUnmanaged(pfn);
    this.#pages.adjustManagedPageCount(pfn, -1);
  }

  /** balloon_retrieve: a page out of the balloon, or NO_PAGE. */
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

  /** balloon_first_page. */
  firstPage(): number {
    return this.list.isEmpty ? NO_PAGE : this.list.first;
  }

  /** balloon_next_page. */
  nextPage(pfn: number): number {
    return this.list.hasNext(pfn) ? this.list.next(pfn) : NO_PAGE;
  }

  /** Any page in the list, whether or not hotplug could add more. */
  get holdsPages(): boolean {
    return this.stats.balloon_low !== 0 || this.stats.balloon_high !== 0;
  }

  /** balloon_is_inflated. */
  get isInflated(): boolean {
    return this.holdsPages || (this.hotplug && this.stats.balloon_hotplug !== 0);
  }

  /** current_credit: pages to deflate by, or, negative, to inflate by. */
  currentCredit(): number {
    const { target_pages, current_pages, balloon_low, balloon_high, hotplug_pages } = this.stats;
    if (this.hotplug) return target_pages - current_pages - hotplug_pages;
    return unsignedMin(target_pages, current_pages + balloon_low + balloon_high) - current_pages;
  }
}
