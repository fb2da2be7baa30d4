/**
 * balloon_append and balloon_retrieve of this generation (drivers/xen/balloon.c): a page that is put in ceases to count as
 * managed, and a page that is taken counts again. The pages of a batch are put in in the order in which they were taken
 * from the allocator. High pages are taken at the tail by callers that prefer them.
 */
import { Extent } from "../../common/extent";
import { Pages, Pfn } from "../../common/types";
import { extent, highList, lowList, stats } from "../layout";
import { adjustManaged, append } from "../page-list";

/** Puts pages into the balloon and ceases to count them as managed (balloon_append, drivers/xen/balloon.c). */
export function balloonAppend(pages: Extent): void {
  append(pages);
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
