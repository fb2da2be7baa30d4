/**
 * XENMEM_populate_physmap and XENMEM_decrease_reservation with extents of order 0, on the list at FRAME_LIST. Both
 * answer how many extents were done, never an error (Xen's common/memory.c: populate_physmap, decrease_reservation).
 */
import { writeMaskUp } from "../common/lanes";
import { longStep, straightLength, writeStraight } from "../common/words";
import { Domain, domainAt, physmapClear, physmapGet, physmapSet, physmapSetList, physmapTakeRun } from "./domain";
import { extent, FRAME_LIST, FRAME_LIST_CAPACITY, heap, INVALID_ENTRY } from "./layout";
import { m2pClear, m2pClearRun, m2pSet, m2pSetMask, m2pSetRun } from "./m2p";

/**
 * Each listed PFN gets the lowest free frame, until the domain is full or the heap empty. For a pv domain the frames
 * are written back into the list and into M2P; for an auto-translated one into its physmap, and a frame the entry
 * had before stays the domain's, as in Xen.
 */
export function populate(id: u32, extents: u32): u32 {
  const domain = domainAt(id);
  assert(extents <= FRAME_LIST_CAPACITY, "memory-op: too many extents");
  const room = domain.maxPages > domain.totPages ? domain.maxPages - domain.totPages : 0;
  const granted = min(extents, min(room, heap.count));
  let list = FRAME_LIST;
  const end = list + (granted << 2);
  while (list < end) {
    heap.take(<u32>((end - list) >>> 2), extent);
    if (extent.mask != 0) populateMask(domain, list, extent.start, extent.mask);
    else if (domain.translated) physmapSetList(domain, list, extent.start, extent.count);
    else {
      m2pSetRun(extent.start, list, extent.count);
      writeStraight(list, extent.start, extent.count, 1);
    }
    list += extent.count << 2;
  }
  domain.totPages += granted;
  return granted;
}

function populateMask(domain: Domain, list: usize, start: u32, mask: u64): void {
  if (!domain.translated) {
    m2pSetMask(start, mask, list);
    // writing the frames spills over, 32 bytes at most, into extents that are yet to be done
    const end = list + ((<usize>popcnt(mask)) << 2);
    const after = v128.load(end);
    const after1 = v128.load(end, 16);
    writeMaskUp(list, start, mask);
    v128.store(end, after);
    v128.store(end, after1, 16);
    return;
  }
  for (; mask != 0; mask &= mask - 1, list += 4) physmapSet(domain, load<u32>(list), start + <u32>ctz(mask));
}

/** The listed frames (of an auto-translated domain: the frames its listed PFNs are on) go back to the heap. */
export function decrease(id: u32, extents: u32): u32 {
  const domain = domainAt(id);
  assert(extents <= FRAME_LIST_CAPACITY, "memory-op: too many extents");
  const end = FRAME_LIST + (extents << 2);
  if (domain.translated) unmap(domain, end);
  for (let list = FRAME_LIST; list < end; ) {
    const step = longStep(list, end);
    // frames in a long row are freed as a run; others with all that share their word of the heap
    list = step != 0 ? freeRun(domain, list, end, step) : freeWord(domain, list, end);
  }
  domain.totPages -= extents;
  return extents;
}

function freeRun(domain: Domain, list: usize, end: usize, step: i32): usize {
  const count = straightLength(list, <u32>((end - list) >>> 2), step);
  const mfn = load<u32>(list);
  const lowest = step > 0 ? mfn : mfn - count + 1;
  heap.addRun(lowest, count);
  if (!domain.translated) m2pClearRun(lowest, count);
  return list + (count << 2);
}

/** The next frames, as far as they share a word of the heap. */
function freeWord(domain: Domain, list: usize, end: usize): usize {
  const pv = !domain.translated;
  let mfn = load<u32>(list);
  const start = mfn & ~63;
  let mask: u64 = 0;
  do {
    mask |= (<u64>1) << (mfn & 63);
    if (pv) m2pClear(mfn);
    list += 4;
    if (list == end) break;
    mfn = load<u32>(list);
  } while ((mfn ^ start) < 64);
  heap.addMask(start, mask);
  return list;
}

/** The listed PFNs lose their frames, and the list names the frames instead. */
function unmap(domain: Domain, end: usize): void {
  for (let list = FRAME_LIST; list < end; ) {
    if (longStep(list, end) > 0) {
      const count = straightLength(list, <u32>((end - list) >>> 2), 1);
      physmapTakeRun(domain, load<u32>(list), list, count);
      list += count << 2;
    } else {
      const gfn = load<u32>(list);
      const mfn = physmapGet(domain, gfn);
      assert(mfn != INVALID_ENTRY, "memory-op: decrease of a page without a frame");
      physmapClear(domain, gfn);
      store<u32>(list, mfn);
      list += 4;
    }
  }
}

/** The domain builder: PFNs pfn, pfn + 1, … get the frames of the list, whatever max_pages says. */
export function assign(id: u32, pfn: u32, count: u32): void {
  const domain = domainAt(id);
  for (let i: u32 = 0; i < count; i++) {
    const mfn = load<u32>(FRAME_LIST + (i << 2));
    if (domain.translated) physmapSet(domain, pfn + i, mfn);
    else m2pSet(mfn, pfn + i);
  }
  domain.totPages += count;
}
