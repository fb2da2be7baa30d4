/** The domains of the machine: what Xen knows of each (struct domain: tot_pages, max_pages, the p2m). */
import { copyComplement, LONG, longStep, straightLength, writeStraight } from "../common/words";
import { DOMAINS, INVALID_ENTRY, MAX_DOMAINS, reservePhysmap } from "./layout";

/**
 * 24 bytes each, MAX_DOMAINS of them from DOMAINS on. A slot keeps the room for a physmap that was once made for it: the
 * next auto-translated domain that fits takes it over. Its entries are all INVALID_ENTRY then.
 */
@unmanaged
export class Domain {
  inUse: bool;
  totPages: u32;
  maxPages: u32;
  /** Address of the physmap of an auto-translated domain; 0 for a paravirtualised one. */
  physmap: usize;
  room: usize;
  roomPages: u32;

  get translated(): bool {
    return this.physmap != 0;
  }
}

export function domainAt(id: u32): Domain {
  assert(id < MAX_DOMAINS, "domain: no such domain");
  return changetype<Domain>(DOMAINS + id * offsetof<Domain>());
}

export const NO_SLOT: i32 = -1;
export const NO_MEMORY: i32 = -2;

/** A new domain, auto-translated where physmapPages is not 0: its id, or why there is none. */
export function createDomain(maxPages: u32, physmapPages: u32): i32 {
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
  return id;
}

/** The slot with the least room that suffices, or else the one with the least at all; -1 where every one is in use. */
function vacantSlot(physmapPages: u32): i32 {
  let best: i32 = -1;
  let bestFits = false;
  for (let id: u32 = 0; id < MAX_DOMAINS; id++) {
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
export function physmapGet(domain: Domain, gfn: u32): u32 {
  return ~load<u32>(domain.physmap + (gfn << 2));
}

export function physmapSet(domain: Domain, gfn: u32, mfn: u32): void {
  store<u32>(domain.physmap + (gfn << 2), ~mfn);
}

export function physmapClear(domain: Domain, gfn: u32): void {
  physmapSet(domain, gfn, INVALID_ENTRY);
}

/** Pages gfn, gfn + 1, … lose their frames, which go into `list`. */
export function physmapTakeRun(domain: Domain, gfn: u32, list: usize, count: u32): void {
  const at = domain.physmap + (gfn << 2);
  copyComplement(list, at, count);
  memory.fill(at, 0, count << 2);
}

/** The pages of `list` are on frames mfn, mfn + 1, … */
export function physmapSetList(domain: Domain, list: usize, mfn: u32, count: u32): void {
  const end = list + (count << 2);
  while (list < end) {
    const step = longStep(list, end);
    const left = <u32>((end - list) >>> 2);
    const n = step != 0 ? straightLength(list, left, step) : min(left, LONG);
    if (step < 0) {
      // pages downwards: the last of them has the lowest entry
      const lowest = load<u32>(list) - n + 1;
      writeStraight(domain.physmap + (lowest << 2), ~(mfn + n - 1), n, 1);
    } else if (step > 0) {
      writeStraight(domain.physmap + (load<u32>(list) << 2), ~mfn, n, -1);
    } else {
      for (let i: u32 = 0; i < n; i++) physmapSet(domain, load<u32>(list + (i << 2)), mfn + i);
    }
    list += n << 2;
    mfn += n;
  }
}
