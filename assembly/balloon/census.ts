/**
 * Counts, for a map of the guest, how many pages of each cell are free or in the balloon. A cell is `pagesPerCell`
 * pages that follow each other, the first cell begins at `pfn`, and the last may be shorter. The counts are written to
 * the window, one u32 a cell, so there may be at most WINDOW_CAPACITY cells. The pages must be below pfnLimit.
 */

import { contiguousLength, contiguousStep } from "../common/entries";
import { Pages, Pfn } from "../common/types";
import { EntryDeque, readUp } from "./entry-deque";
import { extent, guest, highFree, highList, lowList, normalFree, WINDOW, WINDOW_CAPACITY } from "./layout";

/** The pages that the current call counts, and its cells. */
let first: Pfn = 0;
let end: Pfn = 0;
let cellPages: Pages = 1;

/** Counts the free pages of each cell. O(words of the bitmaps), and O(1) a cell. */
export function countFree(pfn: Pfn, pages: Pages, pagesPerCell: Pages): void {
  begin(pfn, pages, pagesPerCell);
  const high = min(guest.highmemStart, guest.pfnLimit);
  let cell = WINDOW;
  for (let at = first; at < end; at += cellPages) {
    const stop = min(at + cellPages, end);
    const low = at < high ? normalFree.countIn(at, min(stop, high) - at) : 0;
    const from = max(at, high);
    store<u32>(cell, low + (from < stop ? highFree.countIn(from, stop - from) : 0));
    cell += 4;
  }
}

/** Counts the pages of each cell that are in ballooned_pages. O(entries of the list); O(1) for a mask within one cell. */
export function countBallooned(pfn: Pfn, pages: Pages, pagesPerCell: Pages): void {
  begin(pfn, pages, pagesPerCell);
  countList(lowList);
  countList(highList);
}

/** Notes the pages and cells of a call, and clears the counts in the window. */
function begin(pfn: Pfn, pages: Pages, pagesPerCell: Pages): void {
  first = pfn;
  end = pfn + pages;
  cellPages = pagesPerCell;
  const cells = (pages + pagesPerCell - 1) / pagesPerCell;
  assert(cells <= WINDOW_CAPACITY && end <= guest.pfnLimit, "census: more cells or pages than there are");
  memory.fill(WINDOW, 0, cells << 2);
}

/** Counts the pages of one end of the list. Their order does not matter, so they are read from the bottom up. */
function countList(list: EntryDeque): void {
  for (let at = list.bottom; at < list.top; ) {
    at += readUp(at, list.top, WINDOW_CAPACITY, extent);
    if (extent.list != 0) {
      countPages(extent.list, extent.count);
    } else if (extent.masks == 0) {
      countRun(extent.start, extent.count);
    } else {
      for (let i: u32 = 0; i < extent.masks; i++) countMask(extent.startOf(i), extent.maskOf(i));
    }
  }
}

/** Counts single pages: pages that were lent and came back in order are contiguous, and are counted as runs. */
function countPages(list: usize, pages: Pages): void {
  const end = list + (pages << 2);
  while (list < end) {
    const first = load<u32>(list);
    const step = contiguousStep(list, end);
    const run = step != 0 ? contiguousLength(list, <u32>((end - list) >>> 2), step) : 1;
    countRun(step < 0 ? first - (run - 1) : first, run);
    list += run << 2;
  }
}

/** Counts the pages start, start + 1, … that are among the pages of the call. */
function countRun(start: Pfn, pages: Pages): void {
  const stop = min(start + pages, end);
  for (let at = max(start, first); at < stop; ) {
    const cell = (at - first) / cellPages;
    const next = min(first + (cell + 1) * cellPages, stop);
    add(cell, next - at);
    at = next;
  }
}

/** Counts the pages start + b for every bit b of the mask: at once if the whole word falls in one cell. */
function countMask(start: Pfn, mask: u64): void {
  const last = start + 63;
  if (start >= first && last < end) {
    const cell = (start - first) / cellPages;
    if (cell == (last - first) / cellPages) {
      add(cell, <u32>popcnt(mask));
      return;
    }
  }
  for (let rest = mask; rest != 0; rest &= rest - 1) {
    const pfn = start + <u32>ctz(rest);
    if (pfn >= first && pfn < end) add((pfn - first) / cellPages, 1);
  }
}

function add(cell: u32, pages: Pages): void {
  const at = WINDOW + (cell << 2);
  store<u32>(at, load<u32>(at) + pages);
}
