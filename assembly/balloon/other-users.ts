/** Stands for the other users of the guest's memory, which take pages, give them back and write to them. */
import { writeUp } from "../common/extent-list";
import { Pages } from "../common/types";
import { contentsBase, extent, guest, PAGE_SHIFT, WINDOW, WINDOW_CAPACITY } from "./layout";
import { allocPages, freePages } from "./page-allocator";
import { isHigh } from "./page-list";

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

/** Frees the first `count` pages of the window: those that follow each other in one zone together. */
export function givePages(count: Pages): void {
  for (let i: u32 = 0, n: u32 = 0; i < count; i = n) {
    const high = isHigh(load<u32>(WINDOW + (i << 2)));
    n = i + 1;
    while (n < count && isHigh(load<u32>(WINDOW + (n << 2))) == high) n++;
    extent.setList(WINDOW + (i << 2), n - i);
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
