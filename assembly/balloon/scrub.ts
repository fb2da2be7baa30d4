/**
 * scrub_page: pages are cleared on their way into the balloon (CONFIG_XEN_SCRUB_PAGES).
 *
 * Clearing is fastest in one large block, from some 36 MiB on more than twice as fast as page by page. So a run of free
 * pages is cleared as far as this call of the driver will take it for certain, ahead of the batches that take it. Free
 * pages are taken lowest first, hence what follows a page on a run is taken next; only a BUG_ON can come between, and
 * nobody reads the memory of a guest that has ended.
 */
import { Extent } from "../common/extent";
import { LongPages, Pages, Pfn } from "../common/types";
import { contentsBase, counters, guest, PAGE_SHIFT } from "./layout";
import { freeAfter } from "./page-allocator";

/** Pages from clearedFrom up to clearedTo are cleared; the free ones among them will be taken in this call. */
let clearedFrom: Pfn = 0;
let clearedTo: Pfn = 0;

/** A call of the driver begins: what was cleared ahead in an earlier one may have been written since. */
export function forgetCleared(): void {
  clearedFrom = 0;
  clearedTo = 0;
}

/** Clears the pages; `certain` more of them, at least, will follow in this call. */
export function scrubPages(pages: Extent, certain: LongPages): void {
  if (!guest.scrub) return;
  counters.scrubbedPages += pages.count;
  if (!guest.contents) return;
  if (pages.masks != 0) {
    for (let i: u32 = 0; i < pages.masks; i++) {
      const start = pages.startOf(i);
      for (let mask = pages.maskOf(i); mask != 0; mask &= mask - 1) clear(start + <u32>ctz(mask), 1);
    }
    return;
  }
  const end = pages.start + pages.count;
  if (pages.start >= clearedFrom && end <= clearedTo) return;
  clearedFrom = pages.start;
  clearedTo = end + freeAfter(end, <u32>min(certain, <u64>guest.pfnLimit));
  clear(clearedFrom, clearedTo - clearedFrom);
}

function clear(pfn: Pfn, pages: Pages): void {
  memory.fill(contentsBase + (pfn << PAGE_SHIFT), 0, pages << PAGE_SHIFT);
}
