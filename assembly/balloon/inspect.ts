/** Reads balloon_stats and the guest's tables for the host. PFNs and frames cross the boundary through the window. */
import { Pages, Pfn } from "../common/types";
import { readDown, readUp } from "./entry-deque";
import {
  contentsBase,
  extent,
  guest,
  highList,
  lowList,
  PAGE_SHIFT,
  p2m,
  stats,
  WINDOW,
  WINDOW_CAPACITY,
} from "./layout";
import { writeFromBottom, writeFromTop } from "./leaving-order";

/**
 * Returns the field of balloon_stats at `place` (stat-places.ts) as a signed number: a field that has wrapped below 0 is
 * negative.
 */
export function stat(place: u32): f64 {
  return <f64>load<i64>(changetype<usize>(stats) + place);
}

/** Sets a field that a user may set (the writable attributes of the driver's sysfs device, drivers/xen/xen-balloon.c). */
export function setStat(place: u32, value: u64): void {
  store<u64>(changetype<usize>(stats) + place, value);
}

/** The position of the walk along ballooned_pages: the entry to read next, and how many of its pages were read. */
let at: usize = 0;
let inLow: bool = false;
let done: Pages = 0;

/** Starts the walk along ballooned_pages at its head. */
export function listRewind(): void {
  at = lowList.top;
  inLow = true;
  done = 0;
}

/**
 * Writes the next PFNs of ballooned_pages to the window; returns how many, 0 at the end of the list. The list must not
 * have changed since listRewind.
 */
export function listNext(): Pages {
  let n: u32 = 0;
  while (n < WINDOW_CAPACITY) {
    if (inLow && at == lowList.bottom) {
      inLow = false;
      at = highList.bottom;
    }
    if (!inLow && at == highList.top) break;
    const size = inLow
      ? readDown(at, lowList.bottom, WINDOW_CAPACITY - n, extent)
      : readUp(at, highList.top, WINDOW_CAPACITY - n, extent);
    // a run may go on in the next window, masks are written whole or left for it
    const pages = extent.count - done;
    const room = WINDOW_CAPACITY - n;
    if (extent.masks != 0 && pages > room) break;
    const read = min(pages, room);
    const list = WINDOW + (n << 2);
    if (inLow) writeFromTop(list, at, extent, done, read);
    else writeFromBottom(list, at, extent, done, read);
    n += read;
    done = read < pages ? done + read : 0;
    if (done == 0) at = inLow ? at - size : at + size;
  }
  return n;
}

/** Writes the P2M entries of `count` pages from `pfn` on to the window. */
export function readP2m(pfn: Pfn, count: Pages): void {
  p2m.read(pfn, count, WINDOW);
}

/** Returns the u32 at place `index` of a page's contents; 0 if pages have no contents. */
export function readContents(pfn: Pfn, index: u32): u32 {
  return guest.contents ? load<u32>(contentsBase + (pfn << PAGE_SHIFT) + (index << 2)) : 0;
}
