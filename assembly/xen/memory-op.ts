/**
 * XENMEM_populate_physmap and XENMEM_decrease_reservation with extents of order 0, on the list at FRAME_LIST
 * (populate_physmap and decrease_reservation, common/memory.c of Xen). Both return how many extents were done, and
 * never an error.
 */

import { CONTIGUOUS_MIN, contiguousLength, contiguousStep } from "../common/entries";
import { Extent } from "../common/extent";
import { writeUp } from "../common/extent-list";
import { DomainId, Pages, Pfn } from "../common/types";
import { Domain, domainAt, physmapAssign, physmapFreeRun, physmapPopulate, physmapTakeList } from "./domain";
import { extent, FRAME_LIST, FRAME_LIST_CAPACITY, heap } from "./layout";
import { m2pAssign, m2pForget, m2pPopulate } from "./m2p";

/**
 * Gives each PFN of the list the lowest free frame, until the domain has max_pages or the heap is empty
 * (populate_physmap, common/memory.c of Xen). For a pv domain it writes the frames to the list and the PFNs to M2P. For
 * an auto-translated domain it writes the frames to the physmap; a frame that an entry named before stays the domain's,
 * as in Xen.
 */
export function populate(id: DomainId, extents: u32): u32 {
  const domain = domainAt(id);
  assert(extents <= FRAME_LIST_CAPACITY, "memory-op: too many extents");
  const room = domain.maxPages > domain.totPages ? domain.maxPages - domain.totPages : 0;
  const granted = min(extents, min(room, heap.count));
  let list = FRAME_LIST;
  const end = list + (granted << 2);
  while (list < end) {
    heap.take(<u32>((end - list) >>> 2), extent);
    if (domain.translated) {
      m2pForget(extent);
      physmapPopulate(domain, list, extent);
    } else {
      m2pPopulate(extent, list);
      writeFrames(list, extent);
    }
    list += extent.count << 2;
  }
  domain.totPages += granted;
  return granted;
}

/**
 * Writes the frames to the list, and restores the entries after them, which lanes.ts overwrites: they are still to do.
 */
function writeFrames(list: usize, frames: Extent): void {
  const end = list + (frames.count << 2);
  const after = v128.load(end);
  const after1 = v128.load(end, 16);
  writeUp(list, frames, frames.count);
  v128.store(end, after);
  v128.store(end, after1, 16);
}

/**
 * Gives the frames of the list back to the heap; for an auto-translated domain, the frames of the PFNs in the list
 * (decrease_reservation, common/memory.c of Xen).
 */
export function decrease(id: DomainId, extents: u32): u32 {
  const domain = domainAt(id);
  assert(extents <= FRAME_LIST_CAPACITY, "memory-op: too many extents");
  if (domain.translated) decreaseTranslated(domain, FRAME_LIST + (extents << 2));
  else heap.addList(FRAME_LIST, extents);
  domain.totPages -= extents;
  return extents;
}

/** Gives the frames of the PFNs from FRAME_LIST up to `end` back to the heap. */
function decreaseTranslated(domain: Domain, end: usize): void {
  for (let list = FRAME_LIST; list < end; ) {
    const left = <u32>((end - list) >>> 2);
    const contiguous = contiguousStep(list, end) > 0;
    const count = contiguous ? contiguousLength(list, left, 1) : min(left, CONTIGUOUS_MIN);
    if (contiguous) {
      physmapFreeRun(domain, load<u32>(list), count, list);
    } else {
      physmapTakeList(domain, list, count);
      heap.addList(list, count);
    }
    list += count << 2;
  }
}

/** Gives pages pfn, pfn + 1, … the frames of the list, as the domain builder does; max_pages does not limit it. */
export function assign(id: DomainId, pfn: Pfn, count: Pages): void {
  const domain = domainAt(id);
  if (domain.translated) physmapAssign(domain, pfn, FRAME_LIST, count);
  else m2pAssign(FRAME_LIST, count, pfn);
  domain.totPages += count;
}
