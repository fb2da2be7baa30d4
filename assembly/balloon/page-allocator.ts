/**
 * The guest's page allocator, as far as the driver sees it. There are two zones, Normal and HighMem. A zone gives its
 * lowest free page, and refuses when it has no more free pages than its watermark.
 */
import { Extent } from "../common/extent";
import { Pages, Pfn } from "../common/types";
import { guest, highFree, normalFree } from "./layout";
import { isHigh } from "./page-list";

/**
 * Allocates up to `max` pages that one zone gives one after the other, in ascending order (alloc_page,
 * include/linux/gfp.h). If `highmem` is true, it tries HighMem first and then Normal. Returns false if no zone gives a
 * page.
 */
export function allocPages(highmem: bool, max: Pages, out: Extent): bool {
  if (highmem && highFree.count > guest.watermarkHighPages) {
    highFree.take(min(max, highFree.count - guest.watermarkHighPages), out);
    return true;
  }
  if (normalFree.count > guest.watermarkPages) {
    normalFree.take(min(max, normalFree.count - guest.watermarkPages), out);
    return true;
  }
  return false;
}

/**
 * Returns how many of the pages pfn, pfn + 1, … are free and will be given next, at most `max`. The page before `pfn`
 * must be the one that was given last.
 */
export function freeAfter(pfn: Pfn, max: Pages): Pages {
  const high = isHigh(pfn - 1);
  const zone = high ? highFree : normalFree;
  const watermarkPages = high ? guest.watermarkHighPages : guest.watermarkPages;
  if (isHigh(pfn) != high || zone.count <= watermarkPages) return 0;
  return zone.runFrom(pfn, min(max, zone.count - watermarkPages));
}

/** Frees the pages (__free_reserved_page, include/linux/mm.h). All of them must be low, or all of them high. */
export function freePages(pages: Extent): void {
  if (isHigh(pages.first)) highFree.addExtent(pages);
  else normalFree.addExtent(pages);
}
