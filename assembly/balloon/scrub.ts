/**
 * Clears pages on their way into the balloon (scrub_page, drivers/xen/balloon.c, under CONFIG_XEN_SCRUB_PAGES).
 *
 * One large block is cleared faster than its pages one by one: from about 36 MiB on, more than twice as fast. So a run
 * of free pages is cleared ahead of the batches that take it, as far as this call of the driver is certain to take it.
 * That is safe: free pages are taken lowest first, so the pages that follow on a run are taken next. Only a BUG_ON can
 * come between, and nobody reads the memory of a guest that has ended.
 */
import { Extent } from "../common/extent";
import { LongPages, Pages, Pfn } from "../common/types";
import { contentsBase, counters, guest, PAGE_SHIFT } from "./layout";
import { freeAfter } from "./page-allocator";

/** The pages from clearedFrom up to clearedTo are cleared; this call takes those of them that are still free. */
let clearedFrom: Pfn = 0;
let clearedTo: Pfn = 0;

/** Begins a call of the driver: pages that an earlier call cleared may have been written to since. */
export function forgetCleared(): void {
  clearedFrom = 0;
  clearedTo = 0;
}

/**
 * Clears the pages of an extent, a run or masks (scrub_page of each page, drivers/xen/balloon.c). At least `certain`
 * more pages follow in this call, unless the allocator refuses one.
 */
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
