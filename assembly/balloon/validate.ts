/**
 * Checks the guest's invariants; the debug builds alone have it. `firstBroken` returns 0, or the number of the first
 * invariant that is broken:
 *
 *   1  stats.balloon_low == lowList.pages, stats.balloon_high == highList.pages
 *   2  each zone's bitmap and its summaries agree
 *   3  base <= bottom <= top <= end; the entries between bottom and top are the same, read from either end
 *   4  pages == the pages of all entries; no entry takes more u32 than it holds pages
 *   5  a page on the list is in the deque of its zone, below maxPfn, and not free
 *   6  a page on the list is on no frame: its P2M entry is INVALID_P2M_ENTRY, or names the frame of another page (pv)
 *   7  onlineFrom <= maxPfn <= pfnLimit
 *   8  the rows of the P2M name pieces, and a page has a frame of its own if and only if its entry is in no constant piece
 */
import { Extent } from "../common/extent";
import { isConsistent } from "../common/number-set-check";
import { areRowsValid } from "../common/piece-table-check";
import { Mfn, Pages, Pfn } from "../common/types";
import { EntryDeque, readDown, readUp } from "./entry-deque";
import { extent, guest, highFree, highList, lowList, normalFree, p2m, stats } from "./layout";
import { INVALID_P2M_ENTRY, pfnToMfn } from "./p2m";
import { isHigh } from "./page-list";

/** Tells whether a page whose P2M entry names a frame is itself on that frame. */
type Owns = (pfn: Pfn, mfn: Mfn) => bool;

/** Returns 0, or the number of the first invariant that is broken. O(pages on the list + words of the bitmaps). */
export function firstBroken(owns: Owns): u32 {
  if (stats.balloon_low != lowList.pages || stats.balloon_high != highList.pages) return 1;
  if (!isConsistent(normalFree) || !isConsistent(highFree)) return 2;
  const low = checkDeque(lowList, false, owns);
  if (low != 0) return low;
  const high = checkDeque(highList, true, owns);
  if (high != 0) return high;
  if (guest.onlineFrom > guest.maxPfn || guest.maxPfn > guest.pfnLimit) return 7;
  return !guest.pv || (areRowsValid(p2m) && areRunsOwn(owns)) ? 0 : 8;
}

/** True if every piece that ascends or descends has frames of its pages' own, and every constant piece has none. */
function areRunsOwn(owns: Owns): bool {
  for (let pfn: Pfn = 0; pfn < guest.maxPfn; ) {
    const pages = p2m.pieceFrom(pfn, guest.maxPfn - pfn);
    for (let i: u32 = 0; i < pages && !p2m.written; i++) {
      const mfn = p2m.first + p2m.step * i;
      const own = mfn != INVALID_P2M_ENTRY && owns(pfn + i, mfn);
      if (own != (p2m.step != 0)) return false;
    }
    pfn += pages;
  }
  return true;
}

function checkDeque(deque: EntryDeque, high: bool, owns: Owns): u32 {
  if (deque.base > deque.bottom || deque.bottom > deque.top || deque.top > deque.end) return 3;
  let pages: Pages = 0;
  let at = deque.bottom;
  while (at < deque.top) {
    const size = readUp(at, deque.top, 1, extent);
    if (size > (<usize>extent.count) << 2) return 4;
    pages += extent.count;
    const broken = checkPages(extent, high, owns);
    if (broken != 0) return broken;
    at += size;
    if (readDown(at, deque.bottom, 1, extent) != size) return 3;
  }
  if (at != deque.top) return 3;
  return pages == deque.pages ? 0 : 4;
}

function checkPages(entry: Extent, high: bool, owns: Owns): u32 {
  if (entry.masks == 0) {
    for (let i: u32 = 0; i < entry.count; i++) {
      const broken = checkPage(entry.start + i, high, owns);
      if (broken != 0) return broken;
    }
  }
  for (let i: u32 = 0; i < entry.masks; i++) {
    for (let mask = entry.maskOf(i); mask != 0; mask &= mask - 1) {
      const broken = checkPage(entry.startOf(i) + <u32>ctz(mask), high, owns);
      if (broken != 0) return broken;
    }
  }
  return 0;
}

function checkPage(pfn: Pfn, high: bool, owns: Owns): u32 {
  if (pfn >= guest.maxPfn || isHigh(pfn) != high) return 5;
  if (high ? highFree.has(pfn) : normalFree.has(pfn)) return 5;
  const mfn = guest.pv ? pfnToMfn(pfn) : INVALID_P2M_ENTRY;
  return mfn != INVALID_P2M_ENTRY && owns(pfn, mfn) ? 6 : 0;
}
