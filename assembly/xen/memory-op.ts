/**
 * XENMEM_populate_physmap and XENMEM_decrease_reservation with extents of order 0, on the list at FRAME_LIST
 * (populate_physmap and decrease_reservation, common/memory.c of Xen). Both return how many extents were done, and
 * never an error.
 */

import { CONTIGUOUS_MIN, contiguousLength, contiguousStep } from "../common/entries";
import { writeUp } from "../common/extent-list";
import { DomainId, Mfn, Pages, Pfn } from "../common/types";
import { Domain, domainAt, physmapFreeRun, physmapPopulate, physmapTakeList } from "./domain";
import { extent, FRAME_LIST, FRAME_LIST_CAPACITY, heap } from "./layout";

/**
 * Gives each page of the list the lowest free frame, until the domain has max_pages or the heap is empty
 * (populate_physmap, common/memory.c of Xen). For a pv domain it writes the frames to the list, whatever is there, and
 * the guest writes them to its P2M, which stands for M2P, too (balloon/m2p.ts). For an auto-translated domain it writes
 * the frames to the physmap; a frame that an entry named before stays the domain's, as in Xen.
 */
export function populate(id: DomainId, extents: u32): u32 {
  const domain = domainAt(id);
  assert(extents <= FRAME_LIST_CAPACITY, "memory-op: too many extents");
  const room = domain.maxPages > domain.totPages ? domain.maxPages - domain.totPages : 0;
  const granted = min(extents, min(room, heap.count));
  for (let n: u32 = 0; n < granted; n += extent.count) {
    const list = FRAME_LIST + (n << 2);
    heap.take(granted - n, extent);
    if (domain.translated) physmapPopulate(domain, list, extent);
    else writeUp(list, extent, extent.count);
  }
  domain.totPages += granted;
  return granted;
}

/**
 * Gives pages pfn, pfn + step, … the lowest free frames, as far as those are a run: whole batches of `batchPages`, or all
 * the pages (populate_physmap for each batch). Returns how many pages got one, and writes the first frame to the list.
 */
export function populateRun(id: DomainId, pfn: Pfn, pages: Pages, step: i32, batchPages: Pages): Pages {
  const domain = domainAt(id);
  const granted = takeRun(domain, pages, batchPages);
  if (domain.translated) {
    if (step > 0) domain.physmap.setRun(pfn, granted, extent.start, 1);
    else domain.physmap.setRun(pfn - (granted - 1), granted, extent.start + granted - 1, -1);
  }
  return granted;
}

/**
 * Does the same for the `topmost` pages before `end`, then the batch before `nextEnd`, then the batch before that one, and so
 * on, each in ascending order.
 */
export function populateBatches(
  id: DomainId,
  pages: Pages,
  end: Pfn,
  topmost: Pages,
  nextEnd: Pfn,
  batchPages: Pages,
): Pages {
  const domain = domainAt(id);
  const granted = takeRun(domain, pages, batchPages);
  if (domain.translated) {
    domain.physmap.setBatches(end, topmost, nextEnd, batchPages, granted, extent.start);
  }
  return granted;
}

/**
 * Takes the lowest free frames for a domain, as far as those are a run: whole batches, or as many as `pages`. Returns how
 * many, and writes the first to the list; the extent holds them.
 */
function takeRun(domain: Domain, pages: Pages, batchPages: Pages): Pages {
  const room = domain.maxPages > domain.totPages ? domain.maxPages - domain.totPages : 0;
  const most = min(pages, min(room, heap.count));
  if (most == 0) return 0;
  let granted = heap.lowestRun(most);
  if (granted < pages) granted -= granted % batchPages;
  if (granted == 0) return 0;
  heap.takeRun(granted, extent);
  store<u32>(FRAME_LIST, extent.start);
  domain.totPages += granted;
  return granted;
}

/**
 * Gives the frames of pages pfn, pfn + 1, … back to the heap (decrease_reservation for each batch). For a pv domain, they
 * are frames mfn, mfn + 1, …
 */
export function decreaseRun(id: DomainId, pfn: Pfn, mfn: Mfn, pages: Pages): void {
  const domain = domainAt(id);
  if (domain.translated) physmapFreeRun(domain, pfn, pages, FRAME_LIST);
  else heap.addRun(mfn, pages);
  domain.totPages -= pages;
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
  if (domain.translated) domain.physmap.write(pfn, count, FRAME_LIST, 1);
  domain.totPages += count;
}

/**
 * Gives pages pfn, pfn + 1, … the lowest free frames, as far as those are a run, likewise. Returns how many pages got
 * one, and writes the first frame to the list. The heap is not empty.
 */
export function assignLowest(id: DomainId, pfn: Pfn, count: Pages): Pages {
  const domain = domainAt(id);
  heap.takeRun(heap.lowestRun(count), extent);
  store<u32>(FRAME_LIST, extent.start);
  if (domain.translated) domain.physmap.setRun(pfn, extent.count, extent.start, 1);
  domain.totPages += extent.count;
  return extent.count;
}
