/** The guest's page allocator: two zones, each of which gives its lowest free page and refuses at its watermark. */
import { type Saved, together } from "../host/saved.js";
import type { Pages, Pfn } from "../host/units.js";
import { NumberSet } from "./number-set.js";

/** Stands for no page (NULL). No PFN is that high, and it fits in the 32 bits of a PFN. */
export const NO_PAGE = 0xffff_ffff;

/** The free pages of one zone. */
class Zone {
  readonly free: NumberSet;
  readonly #watermarkPages: Pages;

  constructor(pages: Pages, watermarkPages: Pages) {
    this.free = new NumberSet(pages);
    this.#watermarkPages = watermarkPages;
  }

  take(): number {
    return this.free.count > this.#watermarkPages ? this.free.take() : NO_PAGE;
  }
}

/** The free pages of a guest whose PFNs are below `pages`; the pages from `highmemStart` on are high memory. */
export class PageAllocator {
  readonly #highmemStart: number;
  readonly #normal: Zone;
  readonly #highmem: Zone;

  constructor(pages: Pages, highmemStart: number, watermarkPages: Pages, watermarkHighPages: Pages) {
    this.#highmemStart = highmemStart;
    this.#normal = new Zone(pages, watermarkPages);
    this.#highmem = new Zone(pages, watermarkHighPages);
  }

  /** The numbers of free pages: [Normal, HighMem]. */
  get freePages(): [number, number] {
    return [this.#normal.free.count, this.#highmem.free.count];
  }

  isFree(pfn: Pfn): boolean {
    return (pfn < this.#highmemStart ? this.#normal : this.#highmem).free.has(pfn);
  }

  /** Allocates a page, or returns NO_PAGE; it tries high memory first if `highmem` is true (alloc_page). */
  allocPage(highmem: boolean): number {
    const pfn = highmem ? this.#highmem.take() : NO_PAGE;
    return pfn === NO_PAGE ? this.#normal.take() : pfn;
  }

  /** Frees a page (__free_reserved_page). */
  freePage(pfn: Pfn): void {
    (pfn < this.#highmemStart ? this.#normal : this.#highmem).free.put(pfn);
  }

  save(): Saved {
    return together([this.#normal.free.save(), this.#highmem.free.save()]);
  }

  memoryBytes(): number {
    return this.#normal.free.memoryBytes() + this.#highmem.free.memoryBytes();
  }
}
