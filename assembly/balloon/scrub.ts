/** scrub_page: pages are cleared on their way into the balloon (CONFIG_XEN_SCRUB_PAGES). */
import { Extent } from "../common/extent";
import { contentsBase, counters, guest, PAGE_SHIFT } from "./layout";

export function scrubPages(pages: Extent): void {
  if (!guest.scrub) return;
  counters.scrubbedPages += pages.count;
  if (!guest.contents) return;
  if (pages.mask == 0) clearRun(pages.start, pages.count);
  else {
    for (let mask = pages.mask; mask != 0; mask &= mask - 1) clearRun(pages.start + <u32>ctz(mask), 1);
  }
}

function clearRun(pfn: u32, pages: u32): void {
  memory.fill(contentsBase + (pfn << PAGE_SHIFT), 0, pages << PAGE_SHIFT);
}
