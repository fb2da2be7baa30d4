/**
 * balloon_append and balloon_retrieve of this generation (drivers/xen/balloon.c): neither changes the count of managed
 * pages, and a page is always taken at the head. The pages of a batch are put in last page first (reservation.ts).
 */
import { Extent } from "../../common/extent";
import { Pages, Pfn } from "../../common/types";
import { highList, lowList } from "../layout";
import { isHigh } from "../page-list";
import { stats } from "./stats";

/** Puts pages into the balloon (balloon_append, drivers/xen/balloon.c). The caller wakes those who wait for pages. */
export function balloonAppendPage(pfn: Pfn): void {
  if (isHigh(pfn)) {
    highList.pushPage(pfn);
    stats.balloon_high++;
  } else {
    lowList.pushPage(pfn);
    stats.balloon_low++;
  }
}

/**
 * Takes up to `max` pages that follow each other on the list, which is not empty, off its head (balloon_retrieve,
 * drivers/xen/balloon.c). Returns 1 if the pages leave the list in ascending order or in that of the extent's list, and -1
 * if each run, list or mask of it leaves the list last page first.
 */
export function balloonRetrieve(max: Pages, out: Extent): i32 {
  if (lowList.pages != 0) {
    const ascending = lowList.topIsBatches;
    lowList.takeTop(max, out);
    stats.balloon_low -= out.count;
    return ascending || out.masks != 0 ? 1 : -1;
  }
  const descending = highList.bottomIsBatches;
  highList.takeBottom(max, out);
  stats.balloon_high -= out.count;
  return descending || out.masks != 0 ? -1 : 1;
}
