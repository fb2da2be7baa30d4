/**
 * The guest's page allocator, as far as the driver sees it. There are two zones, Normal and HighMem. A zone gives its
 * lowest free page, and refuses when it has no more free pages than its watermark.
 */
import { Extent } from "../common/extent";
import { NumberSet } from "../common/number-set";
import { Pages, Pfn } from "../common/types";
import { guest, highFree, normalFree } from "./layout";
import { isHigh } from "./page-list";

/**
 * Allocates up to `max` pages that one zone gives one after the other, in ascending order (alloc_page,
 * include/linux/gfp.h). If `highmem` is true, it tries HighMem first and then Normal. Returns false if no zone gives a
 * page.
 */
export function allocPages(highmem: bool, max: Pages, out: Extent): bool {
  const zone = zoneToAsk(highmem);
  if (zone == null) return false;
  zone.take(min(max, allocatable(zone)), out);
  return true;
}

/** Returns the zone that gives the next page, or null if none does. */
export function zoneToAsk(highmem: bool): NumberSet | null {
  if (highmem && allocatable(highFree) != 0) return highFree;
  return allocatable(normalFree) != 0 ? normalFree : null;
}

/** Returns how many pages a zone gives before it refuses. */
export function allocatable(zone: NumberSet): Pages {
  const watermarkPages = zone == highFree ? guest.watermarkHighPages : guest.watermarkPages;
  return zone.count > watermarkPages ? zone.count - watermarkPages : 0;
}

/** Returns the kernel's estimate of the pages that may be taken (si_mem_available, mm/show_mem.c): all but its reserve. */
export function availablePages(reserve: Pages): u64 {
  const free = <u64>normalFree.count + highFree.count;
  return free > reserve ? free - reserve : 0;
}

/**
 * Returns how many of the pages pfn, pfn + 1, … are free and will be given next, at most `max`. The page before `pfn`
 * must be the one that was given last.
 */
export function freeAfter(pfn: Pfn, max: Pages): Pages {
  const high = isHigh(pfn - 1);
  const zone = high ? highFree : normalFree;
  return isHigh(pfn) == high ? zone.runFrom(pfn, min(max, allocatable(zone))) : 0;
}

/** Frees the pages (__free_reserved_page, include/linux/mm.h). All of them must be low, or all of them high. */
export function freePages(pages: Extent): void {
  if (isHigh(pages.first)) highFree.addExtent(pages);
  else normalFree.addExtent(pages);
}
