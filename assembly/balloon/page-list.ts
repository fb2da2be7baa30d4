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
 * __balloon_append puts low pages in at the head and high pages at the tail. balloon_retrieve takes a page at the head,
 * or at the tail if it prefers high memory.
 */
import { Extent } from "../common/extent";
import { writeDown, writeUp } from "../common/extent-list";
import { Pages, Pfn } from "../common/types";
import { readDown, readUp } from "./entry-deque";
import { counters, extent, FRAME_LIST, guest, highList, lowList, stats } from "./layout";

/** True if the page is in high memory (PageHighMem, include/linux/page-flags.h). */
export function isHigh(pfn: Pfn): bool {
  return pfn >= guest.highmemStart;
}

/**
 * Puts pages into the balloon in ascending order (__balloon_append, drivers/xen/balloon.c). All of them must be low, or
 * all of them high.
 */
function appendUnmanaged(pages: Extent): void {
  if (isHigh(pages.first)) {
    highList.push(pages);
    stats.balloon_high += pages.count;
  } else {
    lowList.push(pages);
    stats.balloon_low += pages.count;
  }
}

/** Puts pages start, start + 1, … in likewise; they may be low, high, or low and then high. */
export function appendUnmanagedRun(start: Pfn, pages: Pages): void {
  const low = start < guest.highmemStart ? min(guest.highmemStart - start, pages) : 0;
  if (low > 0) lowList.pushRun(start, low);
  if (pages > low) highList.pushRun(start + low, pages - low);
  stats.balloon_low += low;
  stats.balloon_high += pages - low;
}

/** Puts pages into the balloon and ceases to count them as managed (balloon_append, drivers/xen/balloon.c). */
export function balloonAppend(pages: Extent): void {
  appendUnmanaged(pages);
  adjustManaged(pages, -(<i64>pages.count));
}

/** Does the same with one page. */
export function balloonAppendPage(pfn: Pfn): void {
  extent.setRun(pfn, 1);
  balloonAppend(extent);
}

/**
 * Takes up to `max` pages out of the balloon, which follow each other on the list, and counts them as managed
 * (balloon_retrieve, drivers/xen/balloon.c). Returns 0 if the list is empty. Returns 1 if the pages leave the list in
 * the order of the extent, and -1 if each run, list or mask of it leaves the list last page first.
 */
export function balloonRetrieve(preferHighmem: bool, max: Pages, out: Extent): i32 {
  const fromHigh = preferHighmem ? highList.pages > 0 : lowList.pages == 0;
  const list = fromHigh ? highList : lowList;
  if (list.pages == 0) return 0;
  // the top of lowList is the head of the list, the top of highList is its tail
  const fromTop = fromHigh == preferHighmem;
  if (fromTop) list.takeTop(max, out);
  else list.takeBottom(max, out);
  if (fromHigh) stats.balloon_high -= out.count;
  else stats.balloon_low -= out.count;
  adjustManaged(out, out.count);
  return fromTop ? -1 : 1;
}

/** Changes the count of managed pages (adjust_managed_page_count of each page, mm/page_alloc.c). */
function adjustManaged(pages: Extent, change: i64): void {
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
    at -= readDown(at, lowList.bottom, fromLow - n, extent);
    n += writeDown(FRAME_LIST + (n << 2), extent, fromLow - n);
  }
  for (let at = highList.bottom; n < wanted; ) {
    at += readUp(at, highList.top, wanted - n, extent);
    n += writeUp(FRAME_LIST + (n << 2), extent, wanted - n);
  }
}
