/**
 * The domains of the machine (struct domain of Xen: tot_pages, max_pages, and the p2m, which is the physmap here). The
 * physmap of an auto-translated domain holds the frame of each of its pages, by GFN.
 */

import { CONTIGUOUS_MIN, contiguousLength, contiguousStep, copyComplement, writeContiguous } from "../common/entries";
import { Extent } from "../common/extent";
import { writeUp } from "../common/extent-list";
import { BLOCK_SHIFT } from "../common/piece-table";
import { DomainId, Gfn, Mfn, Pages } from "../common/types";
import { DOMAINS, FRAMES, heap, INVALID_ENTRY, MAX_DOMAINS, Physmap, reservePhysmap } from "./layout";

/**
 * A slot for a domain; there are MAX_DOMAINS of them, 20 bytes each, from DOMAINS on. A slot keeps the room of a
 * physmap that was made for it, for the next auto-translated domain that fits. All its entries are INVALID_ENTRY by
 * then.
 */
@unmanaged
export class Domain {
  inUse: bool;
  /** True for an auto-translated domain, which uses the physmap. */
  translated: bool;
  totPages: Pages;
  maxPages: Pages;
  /** The physmap in the room of the slot, and the pages that it is for; null and 0 before there is room. */
  physmap: Physmap;
  roomPages: Pages;
}

/** Returns the slot of domain `id`, which is below MAX_DOMAINS. */
export function domainAt(id: DomainId): Domain {
  assert(id < MAX_DOMAINS, "domain: no such domain");
  return changetype<Domain>(DOMAINS + id * offsetof<Domain>());
}

const NO_SLOT: i32 = -1;
const NO_MEMORY: i32 = -2;

/**
 * Creates a domain without frames, auto-translated if physmapPages is not 0. Returns its id, NO_SLOT if every slot is
 * in use, or NO_MEMORY if there is no room for the physmap.
 */
export function createDomain(maxPages: Pages, physmapPages: Pages): i32 {
  const id = vacantSlot(physmapPages);
  if (id < 0) return NO_SLOT;
  const domain = domainAt(id);
  if (domain.roomPages < physmapPages) {
    const physmap = reservePhysmap(physmapPages);
    if (physmap == null) return NO_MEMORY;
    domain.physmap = physmap;
    domain.roomPages = physmapPages;
  }
  domain.inUse = true;
  domain.totPages = 0;
  domain.maxPages = maxPages;
  domain.translated = physmapPages != 0;
  return id;
}

/**
 * Returns the free slot with the least room that holds physmapPages entries, or else the free slot with the least room;
 * -1 if every slot is in use. O(MAX_DOMAINS).
 */
function vacantSlot(physmapPages: Pages): i32 {
  let best: i32 = -1;
  let bestFits = false;
  for (let id: DomainId = 0; id < MAX_DOMAINS; id++) {
    const domain = domainAt(id);
    if (domain.inUse) continue;
    const fits = domain.roomPages >= physmapPages;
    if (best < 0 || (fits && !bestFits) || (fits == bestFits && domain.roomPages < domainAt(best).roomPages)) {
      best = id;
      bestFits = fits;
    }
  }
  return best;
}

/** Gives the frames of pages gfn, gfn + 1, … back to the heap; each page must have one. `list` is overwritten. */
export function physmapFreeRun(domain: Domain, gfn: Gfn, count: Pages, list: usize): void {
  const physmap = domain.physmap;
  for (let at = gfn, end = gfn + count; at < end; ) {
    const pages = physmap.runFrom(at, end - at);
    if (physmap.written) {
      copyComplement(list, physmap.at(at), pages);
      heap.addList(list, pages);
    } else {
      assert(physmap.step != 0, "domain: a page without a frame");
      heap.addRun(physmap.first, pages);
    }
    at += pages;
  }
  physmap.setRun(gfn, count, INVALID_ENTRY, 0);
}

/** Takes the frames away from the pages of `list` and writes each in the place of its page. Each must have a frame. */
export function physmapTakeList(domain: Domain, list: usize, count: Pages): void {
  const physmap = domain.physmap;
  const end = list + (count << 2);
  while (list < end) {
    physmap.writeOut(load<u32>(list));
    let block = u32.MAX_VALUE;
    for (let base: usize = 0; list < end; list += 4) {
      const gfn = load<u32>(list);
      if (gfn >>> BLOCK_SHIFT != block) {
        if (!physmap.isWrittenOut(gfn)) break;
        block = gfn >>> BLOCK_SHIFT;
        base = physmap.baseOf(gfn);
      }
      const entry = load<u32>(base + (gfn << 2));
      assert(entry != 0, "domain: a page without a frame");
      store<u32>(list, ~entry);
      store<u32>(base + (gfn << 2), 0);
    }
  }
}

/** Sets the frames of the pages of `list`, in the list's order, to those of the extent, which is a run or masks. */
export function physmapPopulate(domain: Domain, list: usize, frames: Extent): void {
  if (frames.masks == 0) {
    populateRun(domain.physmap, list, frames.start, frames.count);
  } else {
    writeUp(FRAMES, frames, frames.count);
    populateList(domain.physmap, list, frames.count);
  }
}

/** Sets the frames of the pages of `list`, in the list's order, to mfn, mfn + 1, … */
function populateRun(physmap: Physmap, list: usize, mfn: Mfn, count: Pages): void {
  const end = list + (count << 2);
  while (list < end) {
    const step = contiguousStep(list, end);
    const left = <u32>((end - list) >>> 2);
    const n = step != 0 ? contiguousLength(list, left, step) : min(left, CONTIGUOUS_MIN);
    if (step < 0) {
      // the pages descend: the last of them has the lowest place in the physmap, and the highest frame
      physmap.setRun(load<u32>(list) - n + 1, n, mfn + n - 1, -1);
    } else if (step > 0) {
      physmap.setRun(load<u32>(list), n, mfn, 1);
    } else {
      writeContiguous(FRAMES, mfn, n, 1);
      populateList(physmap, list, n);
    }
    list += n << 2;
    mfn += n;
  }
}

/** Sets the frames of the pages of `list`, in any order, to those at FRAMES. */
function populateList(physmap: Physmap, list: usize, count: Pages): void {
  const end = list + (count << 2);
  for (let frames = FRAMES; list < end; ) {
    physmap.writeOut(load<u32>(list));
    let block = u32.MAX_VALUE;
    for (let base: usize = 0; list < end; list += 4, frames += 4) {
      const gfn = load<u32>(list);
      if (gfn >>> BLOCK_SHIFT != block) {
        if (!physmap.isWrittenOut(gfn)) break;
        block = gfn >>> BLOCK_SHIFT;
        base = physmap.baseOf(gfn);
      }
      store<u32>(base + (gfn << 2), ~load<u32>(frames));
    }
  }
}

/** Gives all frames of an auto-translated domain that ends back to the heap. O(pieces), O(entries) of what is written. */
export function physmapRelease(domain: Domain): void {
  const physmap = domain.physmap;
  for (let gfn: Gfn = 0; gfn < domain.roomPages; ) {
    const pages = physmap.runFrom(gfn, domain.roomPages - gfn);
    if (physmap.written) {
      for (let at = physmap.at(gfn), end = at + (pages << 2); at < end; at += 4) {
        if (load<u32>(at) != 0) heap.addRun(~load<u32>(at), 1);
      }
    } else if (physmap.step != 0) {
      heap.addRun(physmap.first, pages);
    }
    gfn += pages;
  }
  physmap.setRun(0, domain.roomPages, INVALID_ENTRY, 0);
}
