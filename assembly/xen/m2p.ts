/**
 * Machine to physical: which PFN of a pv domain a frame holds; INVALID_ENTRY for every other frame.
 *
 * A frame that is freed keeps its entry, and nobody reads it: clearing it took a third of the time where frames are freed
 * in random order. Who takes the frame next writes it anew if paravirtualised, and clears it (m2pForget) if not:
 *
 *   heap.has(mfn) || mfn is a pv domain's || its entry is INVALID_ENTRY
 */
import { Extent } from "../common/extent";
import { spreadLanes } from "../common/lanes";
import { copyComplement, longStep, straightLength, writeStraight } from "../common/words";
import { heap, INVALID_ENTRY, m2pBase } from "./layout";

/** A pv domain was once made: entries may be left behind. */
let inUse: bool = false;

export function m2pUse(): void {
  inUse = true;
}

export function m2pGet(mfn: u32): u32 {
  return heap.has(mfn) ? INVALID_ENTRY : ~load<u32>(m2pBase + (mfn << 2));
}

function m2pSet(mfn: u32, pfn: u32): void {
  store<u32>(m2pBase + (mfn << 2), ~pfn);
}

/** The frames of `list`, in any order, hold pages pfn, pfn + 1, … */
export function m2pAssign(list: usize, count: u32, pfn: u32): void {
  const end = list + (count << 2);
  while (list < end) {
    const left = <u32>((end - list) >>> 2);
    const row = longStep(list, end) > 0 ? straightLength(list, left, 1) : 1;
    // complements go down where the pages go up
    if (row > 1) writeStraight(m2pBase + (load<u32>(list) << 2), ~pfn, row, -1);
    else m2pSet(load<u32>(list), pfn);
    list += row << 2;
    pfn += row;
  }
}

/** The frames, just taken from the heap, hold no page of a pv domain. */
export function m2pForget(frames: Extent): void {
  if (!inUse) return;
  if (frames.words == 0) memory.fill(m2pBase + (frames.start << 2), 0, frames.count << 2);
  for (let w: u32 = 0; w < frames.words; w++) {
    const start = frames.startOf(w);
    for (let mask = frames.maskOf(w); mask != 0; mask &= mask - 1) m2pSet(start + <u32>ctz(mask), INVALID_ENTRY);
  }
}

/** The frames hold the PFNs of `list`, in turn. */
export function m2pPopulate(frames: Extent, list: usize): void {
  if (frames.words == 0) copyComplement(m2pBase + (frames.start << 2), list, frames.count);
  for (let w: u32 = 0; w < frames.words; w++) {
    list = spreadLanes(m2pBase + (frames.startOf(w) << 2), frames.maskOf(w), list);
  }
}
