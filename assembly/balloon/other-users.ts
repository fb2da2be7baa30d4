/** Stands for the other users of the guest's memory, which take pages, give them back and write to them. */
import { writeUp } from "../common/extent-list";
import { Pages } from "../common/types";
import { contentsBase, extent, guest, PAGE_SHIFT, WINDOW, WINDOW_CAPACITY } from "./layout";
import { allocPages, freePages } from "./page-allocator";

/** Allocates up to `max` pages and writes their PFNs to the window, in the allocator's order; returns how many. */
export function takePages(max: Pages, highmem: bool): Pages {
  const wanted = min(max, WINDOW_CAPACITY);
  let n: u32 = 0;
  for (; n < wanted; n += extent.count) {
    if (!allocPages(highmem, wanted - n, extent)) break;
    writeUp(WINDOW + (n << 2), extent, extent.count);
  }
  return n;
}

/** Frees the first `count` pages of the window. */
export function givePages(count: Pages): void {
  for (let i: u32 = 0; i < count; i++) {
    extent.setRun(load<u32>(WINDOW + (i << 2)), 1);
    freePages(extent);
  }
}

/** Fills the first `count` pages of the window with `byte`. */
export function fillPages(count: Pages, byte: u8): void {
  if (!guest.contents) return;
  for (let i: u32 = 0; i < count; i++) {
    memory.fill(contentsBase + (load<u32>(WINDOW + (i << 2)) << PAGE_SHIFT), byte, 1 << PAGE_SHIFT);
  }
}
