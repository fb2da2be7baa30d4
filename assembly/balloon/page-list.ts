/**
 * The list of pages in the balloon (ballooned_pages, drivers/xen/balloon.c). The kernel links it through struct page.
 * Only its two ends are ever used, so it is two deques here:
 *
 *   head                                              tail
 *   low, last put in … low, first put in │ high, first put in … high, last put in
 *   └──────── lowList, top to bottom ────┘└────── highList, bottom to top ──────┘
 *
 *   stats.balloon_low == lowList.pages        stats.balloon_high == highList.pages
 *
 * Low pages are put in at the head and high pages at the tail. In which order the pages of a batch are put in, which end
 * gives a page, and when a page counts as managed, differs between the generations (list.ts of each).
 */
import { Extent } from "../common/extent";
import { Pages, Pfn } from "../common/types";
import { readDown, readUp } from "./entry-deque";
import { counters, extent, FRAME_LIST, guest, highList, lowList, stats } from "./layout";
import { writeFromBottom, writeFromTop } from "./leaving-order";

/** True if the page is in high memory (PageHighMem, include/linux/page-flags.h). */
export function isHigh(pfn: Pfn): bool {
  return pfn >= guest.highmemStart;
}

/** Puts pages into the balloon in ascending order. All of them must be low, or all of them high. */
export function append(pages: Extent): void {
  if (isHigh(pages.first)) {
    highList.push(pages);
    stats.balloon_high += pages.count;
  } else {
    lowList.push(pages);
    stats.balloon_low += pages.count;
  }
}

/** Puts pages start, start + 1, … in likewise; they may be low, high, or low and then high. */
export function appendRun(start: Pfn, pages: Pages): void {
  const low = start < guest.highmemStart ? min(guest.highmemStart - start, pages) : 0;
  if (low > 0) lowList.pushRun(start, low);
  if (pages > low) highList.pushRun(start + low, pages - low);
  stats.balloon_low += low;
  stats.balloon_high += pages - low;
}

/**
 * Changes the count of managed pages (adjust_managed_page_count of each page, mm/page_alloc.c). All of the pages must be
 * low, or all of them high.
 */
export function adjustManaged(pages: Extent, change: i64): void {
  counters.managedPages += change;
  if (isHigh(pages.first)) counters.managedHighPages += change;
}

/**
 * Writes the PFNs of the first `wanted` pages from the head of the list, which has that many, to frame_list
 * (balloon_first_page and balloon_next_page, drivers/xen/balloon.c).
 */
export function listToFrameList(wanted: Pages): void {
  const fromLow = min(wanted, lowList.pages);
  let n: u32 = 0;
  for (let at = lowList.top; n < fromLow; ) {
    const size = readDown(at, lowList.bottom, fromLow - n, extent);
    n += writeFromTop(FRAME_LIST + (n << 2), at, extent, 0, fromLow - n);
    at -= size;
  }
  for (let at = highList.bottom; n < wanted; ) {
    const size = readUp(at, highList.top, wanted - n, extent);
    n += writeFromBottom(FRAME_LIST + (n << 2), at, extent, 0, wanted - n);
    at += size;
  }
}
