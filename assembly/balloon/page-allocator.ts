/**
 * The guest's page allocator, as far as the driver sees it: two zones, each giving its lowest free page, each refusing
 * when its free count is not above its watermark (alloc_page, __free_reserved_page).
 */
import { Extent } from "../common/extent";
import { guest, highBase, highFree, normalFree } from "./layout";
import { isHigh } from "./page-list";

/**
 * alloc_page of up to `max` pages that the same zone gives one after the other, in ascending order. A request that
 * allows high memory tries HighMem first. False where the first of them would be refused.
 */
export function allocPages(highmem: bool, max: u32, out: Extent): bool {
  if (highmem && highFree.count > guest.watermarkHigh) {
    highFree.take(min(max, highFree.count - guest.watermarkHigh), out);
    out.start += highBase;
    return true;
  }
  if (normalFree.count > guest.watermark) {
    normalFree.take(min(max, normalFree.count - guest.watermark), out);
    return true;
  }
  return false;
}

/** __free_reserved_page of each page; all of them are low, or all are high. */
export function freePages(pages: Extent): void {
  if (isHigh(pages.first)) {
    pages.start -= highBase;
    highFree.addExtent(pages);
    pages.start += highBase;
  } else {
    normalFree.addExtent(pages);
  }
}
