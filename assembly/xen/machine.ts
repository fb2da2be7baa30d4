/** The machine as a whole: lays it out, gives frames to other domains and takes them back, and reads its tables. */
import { writeUp } from "../common/extent-list";
import { DomainId, Gfn, Mfn, Pages, Pfn } from "../common/types";
import { domainAt, physmapClear, physmapGet } from "./domain";
import { extent, FRAME_LIST, FRAME_LIST_CAPACITY, heap, INVALID_ENTRY, layOut } from "./layout";
import { m2pForget, m2pGet } from "./m2p";

/**
 * Lays out a machine of hostPages frames; those below mfnBase are never free. Returns false if there is not enough
 * memory. Called once, before all but bytesFor.
 */
export function configure(hostPages: Pages, mfnBase: Mfn): bool {
  if (!layOut(hostPages)) return false;
  if (mfnBase < hostPages) heap.addRun(mfnBase, hostPages - mfnBase);
  return true;
}

/** Takes up to `count` frames from the heap, lowest first, and writes them to the list; returns how many. */
export function takeFrames(count: Pages): Pages {
  const taken = min(min(count, heap.count), FRAME_LIST_CAPACITY);
  for (let n: u32 = 0; n < taken; n += extent.count) {
    heap.take(taken - n, extent);
    m2pForget(extent);
    writeUp(FRAME_LIST + (n << 2), extent, extent.count);
  }
  return taken;
}

/** Gives the first `count` frames of the list back to the heap. */
export function giveFrames(count: Pages): void {
  heap.addList(FRAME_LIST, count);
}

/**
 * Gives the frames of pages pfn, pfn + 1, … of a domain that ends back to the heap. For a pv domain the list holds the
 * P2M entries of those pages. The entry of a page in the balloon names the scratch page's frame, so a frame is given
 * back only if M2P says that it holds that page.
 */
export function releaseFrames(id: DomainId, pfn: Pfn, count: Pages): void {
  const domain = domainAt(id);
  for (let i: u32 = 0; i < count; i++) {
    const mfn = domain.translated ? physmapGet(domain, pfn + i) : load<u32>(FRAME_LIST + (i << 2));
    if (mfn == INVALID_ENTRY) continue;
    if (domain.translated) physmapClear(domain, pfn + i);
    else if (m2pGet(mfn) != pfn + i) continue;
    heap.add(mfn);
    domain.totPages--;
  }
}

/**
 * Gives back to the heap those of the first `count` frames of the list that are not free yet. The list holds frames
 * that the tables of a domain that ends no longer name, though some may have been given back since.
 */
export function reclaimFrames(id: DomainId, count: Pages): void {
  for (let i: u32 = 0; i < count; i++) {
    const mfn = load<u32>(FRAME_LIST + (i << 2));
    if (heap.has(mfn)) continue;
    heap.add(mfn);
    domainAt(id).totPages--;
  }
}

/** Frees the slot of a domain, all of whose frames the caller has given back. */
export function destroyDomain(id: DomainId): void {
  domainAt(id).inUse = false;
}

/** Writes the M2P entries of `count` frames from `mfn` on to the list. */
export function readM2p(mfn: Mfn, count: Pages): void {
  for (let i: u32 = 0; i < count; i++) store<u32>(FRAME_LIST + (i << 2), m2pGet(mfn + i));
}

/** Writes the frames of `count` pages from `gfn` on of an auto-translated domain to the list. */
export function readPhysmap(id: DomainId, gfn: Gfn, count: Pages): void {
  const domain = domainAt(id);
  for (let i: u32 = 0; i < count; i++) store<u32>(FRAME_LIST + (i << 2), physmapGet(domain, gfn + i));
}

/**
 * Replaces the first `count` frames of the list, all of a pv domain, by their PFNs (mfn_to_pfn of the guest's kernel).
 */
export function framesToPfns(count: Pages): void {
  for (let at = FRAME_LIST, end = at + (count << 2); at < end; at += 4) store<u32>(at, m2pGet(load<u32>(at)));
}
