/** What can be read of the tables; PFNs and frames cross by the window. */
import { writeDown, writeUp } from "../common/extent-list";
import { readDown, readUp } from "./entry-deque";
import { contentsBase, extent, guest, highList, lowList, PAGE_SHIFT, stats, WINDOW, WINDOW_CAPACITY } from "./layout";
import { pfnToMfn } from "./p2m";

/** A field of balloon_stats by its place (stat-places.ts), as signed. */
export function stat(place: u32): f64 {
  return <f64>load<i64>(changetype<usize>(stats) + place);
}

/** Where the walk along ballooned_pages is: the entry to read next, and how much of it was read. */
let at: usize = 0;
let inLow: bool = false;
let done: u32 = 0;

/** The walk starts at the head. */
export function listRewind(): void {
  at = lowList.top;
  inLow = true;
  done = 0;
}

/** The next PFNs of the list into the window: how many, 0 at its end. Valid while the list does not change. */
export function listNext(): u32 {
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
    // of a long run only what is left of it; masks are read whole or left for the next window
    const pages = extent.count - done;
    const room = WINDOW_CAPACITY - n;
    if (extent.words != 0 && pages > room) break;
    if (extent.words == 0 && extent.list == 0) extent.setRun(inLow ? extent.start : extent.start + done, pages);
    const read = min(pages, room);
    const list = WINDOW + (n << 2);
    if (inLow) writeDown(list, extent, read);
    else writeUp(list, extent, read);
    n += read;
    done = read < pages ? done + read : 0;
    if (done == 0) at = inLow ? at - size : at + size;
  }
  return n;
}

/** P2M of `count` pages from `pfn` on, into the window. */
export function readP2m(pfn: u32, count: u32): void {
  for (let i: u32 = 0; i < count; i++) store<u32>(WINDOW + (i << 2), pfnToMfn(pfn + i));
}

/** Word `word` of the contents of a page. */
export function readWord(pfn: u32, word: u32): u32 {
  return guest.contents ? load<u32>(contentsBase + (pfn << PAGE_SHIFT) + (word << 2)) : 0;
}
