/**
 * ballooned_pages. The kernel threads it through struct page; what can be observed of it is its two ends:
 *
 *   head                                              tail
 *   low, last put in … low, first put in │ high, first put in … high, last put in
 *   └──────── lowList, top to bottom ────┘└────── highList, bottom to top ──────┘
 *
 *   stats.balloon_low == lowList.pages        stats.balloon_high == highList.pages
 *
 * since low pages are put in at the head and high pages at the tail (__balloon_append), and pages leave at the head,
 * or at the tail where high memory is preferred (balloon_retrieve).
 */
import { Extent } from "../common/extent";
import { writeDown, writeUp } from "../common/extent-list";
import { Pages, Pfn } from "../common/types";
import { readDown, readUp } from "./entry-deque";
import { counters, extent, FRAME_LIST, guest, highList, lowList, stats } from "./layout";

export function isHigh(pfn: Pfn): bool {
  return pfn >= guest.highmemStart;
}

/** __balloon_append, page by page in ascending order. All of them are low, or all are high. */
function appendUnmanaged(pages: Extent): void {
  if (isHigh(pages.first)) {
    highList.push(pages);
    stats.balloon_high += pages.count;
  } else {
    lowList.push(pages);
    stats.balloon_low += pages.count;
  }
}

/** The same for start, start + 1, … wherever high memory begins among them. */
export function appendUnmanagedRun(start: Pfn, pages: Pages): void {
  const low = start < guest.highmemStart ? min(guest.highmemStart - start, pages) : 0;
  if (low > 0) lowList.pushRun(start, low);
  if (pages > low) highList.pushRun(start + low, pages - low);
  stats.balloon_low += low;
  stats.balloon_high += pages - low;
}

/** balloon_append: the pages are no longer managed. */
export function balloonAppend(pages: Extent): void {
  appendUnmanaged(pages);
  adjustManaged(pages, -(<i64>pages.count));
}

/** balloon_append of one page. */
export function balloonAppendPage(pfn: Pfn): void {
  extent.setRun(pfn, 1);
  balloonAppend(extent);
}

/**
 * balloon_retrieve, of up to `max` pages that follow each other on the list: 0 where it is empty; 1 where they come in
 * the order of the extent, -1 where each run, list or word of it comes last page first.
 */
export function balloonRetrieve(preferHighmem: bool, max: Pages, out: Extent): i32 {
  const fromHigh = preferHighmem ? highList.pages > 0 : lowList.pages == 0;
  const list = fromHigh ? highList : lowList;
  if (list.pages == 0) return 0;
  // the low list lies top to head, the high list top to tail
  const fromTop = fromHigh == preferHighmem;
  if (fromTop) list.takeTop(max, out);
  else list.takeBottom(max, out);
  if (fromHigh) stats.balloon_high -= out.count;
  else stats.balloon_low -= out.count;
  adjustManaged(out, out.count);
  return fromTop ? -1 : 1;
}

/** adjust_managed_page_count, of each page. */
function adjustManaged(pages: Extent, change: i64): void {
  counters.managedPages += change;
  if (isHigh(pages.first)) counters.managedHighPages += change;
}

/** balloon_first_page, balloon_next_page …: the first `max` PFNs from the head into frame_list; returns how many. */
export function listToFrameList(max: Pages): Pages {
  const wanted = min(max, lowList.pages + highList.pages);
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
  return wanted;
}
