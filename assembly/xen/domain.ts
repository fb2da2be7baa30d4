/** The domains of the machine: what Xen knows of each (struct domain: tot_pages, max_pages, the p2m). */

import { CONTIGUOUS_MIN, contiguousLength, contiguousStep, copyComplement, writeContiguous } from "../common/entries";
import { Extent } from "../common/extent";
import { DomainId, Gfn, Mfn, Pages } from "../common/types";
import { DOMAINS, heap, MAX_DOMAINS, reservePhysmap } from "./layout";
import { m2pUse } from "./m2p";

/**
 * 24 bytes each, MAX_DOMAINS of them from DOMAINS on. A slot keeps the room for a physmap that was once made for it: the
 * next auto-translated domain that fits takes it over. Its entries are all INVALID_ENTRY then.
 */
@unmanaged
export class Domain {
  inUse: bool;
  totPages: Pages;
  maxPages: Pages;
  /** Address of the physmap of an auto-translated domain; 0 for a paravirtualised one. */
  physmap: usize;
  room: usize;
  roomPages: Pages;

  get translated(): bool {
    return this.physmap != 0;
  }
}

export function domainAt(id: DomainId): Domain {
  assert(id < MAX_DOMAINS, "domain: no such domain");
  return changetype<Domain>(DOMAINS + id * offsetof<Domain>());
}

const NO_SLOT: i32 = -1;
const NO_MEMORY: i32 = -2;

/** A new domain, auto-translated where physmapPages is not 0: its id, or why there is none. */
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

/** The slot with the least room that suffices, or else the one with the least at all; -1 where every one is in use. */
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

/** The guest's page that is on a frame of a physmap; INVALID_ENTRY for none. */
export function physmapGet(domain: Domain, gfn: Gfn): Mfn {
  return ~load<u32>(domain.physmap + (gfn << 2));
}

export function physmapClear(domain: Domain, gfn: Gfn): void {
  store<u32>(domain.physmap + (gfn << 2), 0);
}

/** Pages gfn, gfn + 1, … are on the frames of `list`. */
export function physmapAssign(domain: Domain, gfn: Gfn, list: usize, count: Pages): void {
  copyComplement(domain.physmap + (gfn << 2), list, count);
}

/** The frames of pages gfn, gfn + 1, … go back to the heap: in rows, straight from the physmap, or by way of `list`. */
export function physmapFreeRun(domain: Domain, gfn: Gfn, count: Pages, list: usize): void {
  const from = domain.physmap + (gfn << 2);
  const end = from + (count << 2);
  for (let at = from; at < end; ) {
    const left = <u32>((end - at) >>> 2);
    const step = contiguousStep(at, end);
    const run = step != 0 ? contiguousLength(at, left, step) : min(left, CONTIGUOUS_MIN);
    if (step != 0) {
      // complements: where they go up the frames go down
      heap.addRun(~load<u32>(step < 0 ? at : at + ((run - 1) << 2)), run);
    } else {
      copyComplement(list, at, run);
      heap.addList(list, run);
    }
    at += run << 2;
  }
  memory.fill(from, 0, count << 2);
}

/** The pages of `list` lose their frames, which take their place there. */
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

/** The pages of `list` are on the frames, in turn. */
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

/** The pages of `list` are on frames mfn, mfn + 1, … */
function populateRun(physmap: usize, list: usize, mfn: Mfn, count: Pages): void {
  const end = list + (count << 2);
  while (list < end) {
    const step = contiguousStep(list, end);
    const left = <u32>((end - list) >>> 2);
    const n = step != 0 ? contiguousLength(list, left, step) : min(left, CONTIGUOUS_MIN);
    if (step < 0) {
      // pages downwards: the last of them has the lowest entry
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
