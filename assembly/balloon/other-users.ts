/** Someone else in the guest: takes pages, gives them back, writes to them. PFNs cross by the window. */
import { writeUp } from "../common/extent-list";
import { Pages } from "../common/types";
import { contentsBase, extent, guest, PAGE_SHIFT, WINDOW, WINDOW_CAPACITY } from "./layout";
import { allocPages, freePages } from "./page-allocator";

/** Takes up to `max` pages into the window, in the allocator's order: how many. */
export function takePages(max: Pages, highmem: bool): Pages {
  const wanted = min(max, WINDOW_CAPACITY);
  let n: u32 = 0;
  for (; n < wanted; n += extent.count) {
    if (!allocPages(highmem, wanted - n, extent)) break;
    writeUp(WINDOW + (n << 2), extent, extent.count);
  }
  return n;
}

/** The `count` pages of the window are free again. */
export function givePages(count: Pages): void {
  for (let i: u32 = 0; i < count; i++) {
    extent.setRun(load<u32>(WINDOW + (i << 2)), 1);
    freePages(extent);
  }
}

/** Writes `byte` all over the pages of the window. */
export function fillPages(count: Pages, byte: u8): void {
  if (!guest.contents) return;
  for (let i: u32 = 0; i < count; i++) {
    memory.fill(contentsBase + (load<u32>(WINDOW + (i << 2)) << PAGE_SHIFT), byte, 1 << PAGE_SHIFT);
  }
}
