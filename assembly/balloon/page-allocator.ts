/**
 * The guest's page allocator, as far as the driver sees it: two zones, each giving its lowest free page, each refusing
 * when its free count is not above its watermark (alloc_page, __free_reserved_page).
 */
import { Extent } from "../common/extent";
import { guest, highFree, normalFree } from "./layout";
import { isHigh } from "./page-list";

/**
 * alloc_page of up to `max` pages that the same zone gives one after the other, in ascending order. A request that
 * allows high memory tries HighMem first. False where the first of them would be refused.
 */
export function allocPages(highmem: bool, max: u32, out: Extent): bool {
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

/** How many pages from `pfn` on are free and would be given next, after a run that ends there; `max` at most. */
export function freeAfter(pfn: u32, max: u32): u32 {
  const high = isHigh(pfn - 1);
  const zone = high ? highFree : normalFree;
  const watermark = high ? guest.watermarkHighPages : guest.watermarkPages;
  if (isHigh(pfn) != high || zone.count <= watermark) return 0;
  return zone.runFrom(pfn, min(max, zone.count - watermark));
}

/** __free_reserved_page of each page; all of them are low, or all are high. */
export function freePages(pages: Extent): void {
  if (isHigh(pages.first)) highFree.addExtent(pages);
  else normalFree.addExtent(pages);
}
