/** The guest's page allocator: two zones, each of which gives its lowest free page and refuses at its watermark. */
import { NumberSet } from "./number-set.js";

/** No page (NULL): no PFN is that high, and what holds PFNs stays an unsigned 32-bit number. */
export const NO_PAGE = 0xffff_ffff;

/** Free pages of one zone. */
class Zone {
  readonly free: NumberSet;
  readonly #watermarkPages: number;

  constructor(pages: number, watermarkPages: number) {
    this.free = new NumberSet(pages);
    this.#watermarkPages = watermarkPages;
  }

  take(): number {
    return this.free.count > this.#watermarkPages ? this.free.take() : NO_PAGE;
  }
}

/** Free pages of a guest whose PFNs are below `pages`; those from `highmemStart` on are high memory. */
export class PageAllocator {
  readonly #highmemStart: number;
  readonly #normal: Zone;
  readonly #highmem: Zone;

  constructor(pages: number, highmemStart: number, watermarkPages: number, watermarkHighPages: number) {
    this.#highmemStart = highmemStart;
    this.#normal = new Zone(pages, watermarkPages);
    this.#highmem = new Zone(pages, watermarkHighPages);
  }

  /** Free pages [Normal, HighMem]. */
  get freePages(): [number, number] {
    return [this.#normal.free.count, this.#highmem.free.count];
  }

  isFree(pfn: number): boolean {
    return (pfn < this.#highmemStart ? this.#normal : this.#highmem).free.has(pfn);
  }

  /** alloc_page: a page, of high memory first where `highmem` allows it, or NO_PAGE. */
  allocPage(highmem: boolean): number {
    const pfn = highmem ? this.#highmem.take() : NO_PAGE;
    return pfn === NO_PAGE ? this.#normal.take() : pfn;
  }

  /** __free_reserved_page. */
  freePage(pfn: number): void {
    (pfn < this.#highmemStart ? this.#normal : this.#highmem).free.put(pfn);
  }

  memoryBytes(): number {
    return this.#normal.free.memoryBytes() + this.#highmem.free.memoryBytes();
  }
}
