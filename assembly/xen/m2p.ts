/**
 * The machine-to-physical table, by MFN. The entry of a frame that holds a page of a pv domain is the PFN of that page;
 * the entry of every other frame reads as INVALID_ENTRY.
 *
 * A frame that is freed keeps its old entry in memory, and m2pGet does not read it: to clear it took a third of the
 * time when frames were freed in random order. A pv domain that takes the frame writes the entry anew; whoever else
 * takes it calls m2pForget. Invariant:
 *
 *   heap.has(mfn) || mfn is a pv domain's || its entry is INVALID_ENTRY
 */

import { contiguousLength, contiguousStep, copyComplement, writeContiguous } from "../common/entries";
import { Extent } from "../common/extent";
import { spreadLanes } from "../common/lanes";
import { Mfn, Pages, Pfn } from "../common/types";
import { heap, INVALID_ENTRY, m2pBase } from "./layout";

/** True if there has ever been a pv domain, so that freed frames may have kept entries. */
let inUse: bool = false;

/** Notes that there is a pv domain. */
export function m2pUse(): void {
  inUse = true;
}

/** Returns the PFN of the page of a pv domain that a frame holds; INVALID_ENTRY if it holds none. */
export function m2pGet(mfn: Mfn): Pfn {
  return heap.has(mfn) ? INVALID_ENTRY : ~load<u32>(m2pBase + (mfn << 2));
}

function m2pSet(mfn: Mfn, pfn: Pfn): void {
  store<u32>(m2pBase + (mfn << 2), ~pfn);
}

/** Sets the entries of the frames of `list`, which are in any order, to pfn, pfn + 1, … */
export function m2pAssign(list: usize, count: Pages, pfn: Pfn): void {
  const end = list + (count << 2);
  while (list < end) {
    const left = <u32>((end - list) >>> 2);
    const run = contiguousStep(list, end) > 0 ? contiguousLength(list, left, 1) : 1;
    // the entries are complements: they descend while the PFNs ascend
    if (run > 1) writeContiguous(m2pBase + (load<u32>(list) << 2), ~pfn, run, -1);
    else m2pSet(load<u32>(list), pfn);
    list += run << 2;
    pfn += run;
  }
}

/** Clears the entries of frames that were just taken from the heap and will hold no page of a pv domain. */
export function m2pForget(frames: Extent): void {
  if (!inUse) return;
  if (frames.masks == 0) memory.fill(m2pBase + (frames.start << 2), 0, frames.count << 2);
  for (let i: u32 = 0; i < frames.masks; i++) {
    const start = frames.startOf(i);
    for (let mask = frames.maskOf(i); mask != 0; mask &= mask - 1) m2pSet(start + <u32>ctz(mask), INVALID_ENTRY);
  }
}

/** Sets the entries of the frames, which are a run or masks, to the PFNs of `list`, in its order. */
export function m2pPopulate(frames: Extent, list: usize): void {
  if (frames.masks == 0) copyComplement(m2pBase + (frames.start << 2), list, frames.count);
  for (let i: u32 = 0; i < frames.masks; i++) {
    list = spreadLanes(m2pBase + (frames.startOf(i) << 2), frames.maskOf(i), list);
  }
}
