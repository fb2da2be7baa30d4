/**
 * The domains of the machine (struct domain of Xen: tot_pages, max_pages, and the p2m, which is the physmap here). The
 * physmap of an auto-translated domain holds the frame of each of its pages, by GFN.
 */

import { CONTIGUOUS_MIN, contiguousLength, contiguousStep, copyComplement, writeContiguous } from "../common/entries";
import { Extent } from "../common/extent";
import { DomainId, Gfn, Mfn, Pages } from "../common/types";
import { DOMAINS, heap, MAX_DOMAINS, reservePhysmap } from "./layout";
import { m2pUse } from "./m2p";

/**
 * A slot for a domain; there are MAX_DOMAINS of them, 24 bytes each, from DOMAINS on. A slot keeps the room of a
 * physmap that was made for it, for the next auto-translated domain that fits. All its entries are INVALID_ENTRY by
 * then.
 */
@unmanaged
export class Domain {
  inUse: bool;
  totPages: Pages;
  maxPages: Pages;
  /** Address of the physmap of an auto-translated domain; 0 for a paravirtualised one. */
  physmap: usize;
  /** Address and length of the room for a physmap, whether or not the domain uses it. */
  room: usize;
  roomPages: Pages;

  /** True for an auto-translated domain. */
  get translated(): bool {
    return this.physmap != 0;
  }
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
    const room = reservePhysmap(physmapPages);
    if (room == 0) return NO_MEMORY;
    domain.room = room;
    domain.roomPages = physmapPages;
  }
  domain.inUse = true;
  domain.totPages = 0;
  domain.maxPages = maxPages;
  domain.physmap = physmapPages != 0 ? domain.room : 0;
  if (!domain.translated) m2pUse();
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

/** Returns the frame of a page; INVALID_ENTRY if it has none. */
export function physmapGet(domain: Domain, gfn: Gfn): Mfn {
  return ~load<u32>(domain.physmap + (gfn << 2));
}

/** Takes the frame away from a page. */
export function physmapClear(domain: Domain, gfn: Gfn): void {
  store<u32>(domain.physmap + (gfn << 2), 0);
}

/** Sets the frames of pages gfn, gfn + 1, … to those of `list`. */
export function physmapAssign(domain: Domain, gfn: Gfn, list: usize, count: Pages): void {
  copyComplement(domain.physmap + (gfn << 2), list, count);
}

/**
 * Gives the frames of pages gfn, gfn + 1, … back to the heap: contiguous frames as runs, others through `list`, which
 * has room for CONTIGUOUS_MIN entries and is overwritten. Each page must have a frame.
 */
export function physmapFreeRun(domain: Domain, gfn: Gfn, count: Pages, list: usize): void {
  const from = domain.physmap + (gfn << 2);
  const end = from + (count << 2);
  for (let at = from; at < end; ) {
    const left = <u32>((end - at) >>> 2);
    const step = contiguousStep(at, end);
    const run = step != 0 ? contiguousLength(at, left, step) : min(left, CONTIGUOUS_MIN);
    if (step != 0) {
      // the entries are complements: they ascend if the frames descend
      heap.addRun(~load<u32>(step < 0 ? at : at + ((run - 1) << 2)), run);
    } else {
      copyComplement(list, at, run);
      heap.addList(list, run);
    }
    at += run << 2;
  }
  memory.fill(from, 0, count << 2);
}

/** Takes the frames away from the pages of `list` and writes each in the place of its page. Each must have a frame. */
export function physmapTakeList(domain: Domain, list: usize, count: Pages): void {
  const physmap = domain.physmap;
  for (const end = list + (count << 2); list < end; list += 4) {
    const at = physmap + (load<u32>(list) << 2);
    const entry = load<u32>(at);
    assert(entry != 0, "domain: a page without a frame");
    store<u32>(list, ~entry);
    store<u32>(at, 0);
  }
}

/** Sets the frames of the pages of `list`, in the list's order, to those of the extent, which is a run or masks. */
export function physmapPopulate(domain: Domain, list: usize, frames: Extent): void {
  if (frames.masks == 0) {
    populateRun(domain.physmap, list, frames.start, frames.count);
    return;
  }
  const physmap = domain.physmap;
  for (let i: u32 = 0; i < frames.masks; i++) {
    const start = frames.startOf(i);
    for (let mask = frames.maskOf(i); mask != 0; mask &= mask - 1, list += 4) {
      store<u32>(physmap + (load<u32>(list) << 2), ~(start + <u32>ctz(mask)));
    }
  }
}

/** Sets the frames of the pages of `list`, in the list's order, to mfn, mfn + 1, … */
function populateRun(physmap: usize, list: usize, mfn: Mfn, count: Pages): void {
  const end = list + (count << 2);
  while (list < end) {
    const step = contiguousStep(list, end);
    const left = <u32>((end - list) >>> 2);
    const n = step != 0 ? contiguousLength(list, left, step) : min(left, CONTIGUOUS_MIN);
    if (step < 0) {
      // the pages descend: the last of them has the lowest place in the physmap, and the highest frame
      const lowest = load<u32>(list) - n + 1;
      writeContiguous(physmap + (lowest << 2), ~(mfn + n - 1), n, 1);
    } else if (step > 0) {
      writeContiguous(physmap + (load<u32>(list) << 2), ~mfn, n, -1);
    } else {
      for (let i: u32 = 0; i < n; i++) store<u32>(physmap + (load<u32>(list + (i << 2)) << 2), ~(mfn + i));
    }
    list += n << 2;
    mfn += n;
  }
}
