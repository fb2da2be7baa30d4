/** The domains of the machine: what Xen knows of each (struct domain: tot_pages, max_pages, the p2m). */
import { DOMAINS, INVALID_ENTRY, MAX_DOMAINS, physmapsEnd, reservePhysmap, unreservePhysmap } from "./layout";

/** 16 bytes each, MAX_DOMAINS of them from DOMAINS on. A slot with maxPages == 0 and no physmap may be in use too. */
@unmanaged
export class Domain {
  totPages: u32;
  maxPages: u32;
  /** Address of the physmap of an auto-translated domain; 0 for a paravirtualised one. */
  physmap: usize;
  /** Pages of its physmap, + 1; 0 where the slot is free. */
  private size: u32;

  get inUse(): bool {
    return this.size != 0;
  }

  get translated(): bool {
    return this.physmap != 0;
  }

  get physmapPages(): u32 {
    return this.size - 1;
  }

  open(maxPages: u32, physmap: usize, physmapPages: u32): void {
    this.totPages = 0;
    this.maxPages = maxPages;
    this.physmap = physmap;
    this.size = physmapPages + 1;
  }

  close(): void {
    // a physmap in the middle stays reserved until the machine goes
    if (this.translated && this.physmap + (this.physmapPages << 2) == physmapsEnd) unreservePhysmap(this.physmap);
    this.size = 0;
  }
}

export function domainAt(id: u32): Domain {
  assert(id < MAX_DOMAINS, "domain: no such domain");
  return changetype<Domain>(DOMAINS + id * offsetof<Domain>());
}

/** A new domain, auto-translated where physmapPages is not 0: its id, or -1 where memory or the slots do not suffice. */
export function createDomain(maxPages: u32, physmapPages: u32): i32 {
  for (let id: u32 = 0; id < MAX_DOMAINS; id++) {
    const domain = domainAt(id);
    if (domain.inUse) continue;
    let physmap: usize = 0;
    if (physmapPages != 0) {
      physmap = reservePhysmap(physmapPages);
      if (physmap == 0) return -1;
    }
    domain.open(maxPages, physmap, physmapPages);
    return id;
  }
  return -1;
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
