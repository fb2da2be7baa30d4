/**
 * XENMEM_populate_physmap and XENMEM_decrease_reservation with extents of order 0, on the list at FRAME_LIST. Both
 * answer how many extents were done, never an error (Xen's common/memory.c: populate_physmap, decrease_reservation).
 */
import { straightLength, writeStraight } from "../common/straight";
import { Domain, domainAt, physmapClear, physmapGet, physmapSet } from "./domain";
import { extent, FRAME_LIST, FRAME_LIST_CAPACITY, heap, INVALID_ENTRY } from "./layout";
import { m2pClear, m2pClearRun, m2pSet, m2pSetRun } from "./m2p";

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
    else if (domain.translated) mapRun(domain, list, extent.start, extent.count);
    else {
      m2pSetRun(extent.start, list, extent.count);
      writeRun(list, extent.start, extent.count);
    }
    list += extent.count << 2;
  }
  domain.totPages += granted;
  return granted;
}

/** mfn, mfn + 1, … into the list, and nothing past its end: the extents after it are yet to be done. */
function writeRun(list: usize, mfn: u32, count: u32): void {
  const whole = count & ~3;
  writeStraight(list, mfn, whole, 1);
  for (let i = whole; i < count; i++) store<u32>(list + (i << 2), mfn + i);
}

function mapRun(domain: Domain, list: usize, mfn: u32, count: u32): void {
  for (let i: u32 = 0; i < count; i++) physmapSet(domain, load<u32>(list + (i << 2)), mfn + i);
}

function populateMask(domain: Domain, list: usize, start: u32, mask: u64): void {
  for (; mask != 0; mask &= mask - 1, list += 4) {
    const mfn = start + <u32>ctz(mask);
    const pfn = load<u32>(list);
    if (domain.translated) physmapSet(domain, pfn, mfn);
    else {
      m2pSet(mfn, pfn);
      store<u32>(list, mfn);
    }
  }
}

/** The listed frames (of an auto-translated domain: the frames its listed PFNs are on) go back to the heap. */
export function decrease(id: u32, extents: u32): u32 {
  const domain = domainAt(id);
  assert(extents <= FRAME_LIST_CAPACITY, "memory-op: too many extents");
  if (domain.translated) unmap(domain, extents);
  let list = FRAME_LIST;
  let left = extents;
  while (left > 0) {
    const mfn = load<u32>(list);
    let count = straightLength(list, left, 1);
    let lowest = mfn;
    if (count == 1) {
      count = straightLength(list, left, -1);
      lowest = mfn - count + 1;
    }
    if (count == 1) {
      heap.add(mfn);
      if (!domain.translated) m2pClear(mfn);
    } else {
      heap.addRun(lowest, count);
      if (!domain.translated) m2pClearRun(lowest, count);
    }
    list += count << 2;
    left -= count;
  }
  domain.totPages -= extents;
  return extents;
}

/** The listed PFNs lose their frames, and the list names the frames instead. */
function unmap(domain: Domain, extents: u32): void {
  for (let at = FRAME_LIST, end = at + (extents << 2); at < end; at += 4) {
    const gfn = load<u32>(at);
    const mfn = physmapGet(domain, gfn);
    assert(mfn != INVALID_ENTRY, "memory-op: decrease of a page without a frame");
    physmapClear(domain, gfn);
    store<u32>(at, mfn);
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
