/** The machine as a whole: its frames, what other domains do with them, and what can be read of its tables. */
import { writeUp } from "../common/extent-list";
import { DomainId, Gfn, Mfn, Pages, Pfn } from "../common/types";
import { domainAt, physmapClear, physmapGet } from "./domain";
import { extent, FRAME_LIST, FRAME_LIST_CAPACITY, heap, INVALID_ENTRY, layOut } from "./layout";
import { m2pForget, m2pGet } from "./m2p";

/** A machine of hostPages frames, of which those below mfnBase are never free; false where memory does not suffice. */
export function configure(hostPages: Pages, mfnBase: Mfn): bool {
  if (!layOut(hostPages)) return false;
  if (mfnBase < hostPages) heap.addRun(mfnBase, hostPages - mfnBase);
  return true;
}

/** Takes up to `count` frames, lowest first, into the list: how many. */
export function takeFrames(count: Pages): Pages {
  const taken = min(min(count, heap.count), FRAME_LIST_CAPACITY);
  for (let n: u32 = 0; n < taken; n += extent.count) {
    heap.take(taken - n, extent);
    m2pForget(extent);
    writeUp(FRAME_LIST + (n << 2), extent, extent.count);
  }
  return taken;
}

/** The listed frames are free again. */
export function giveFrames(count: Pages): void {
  heap.addList(FRAME_LIST, count);
}

/**
 * A domain ends: gives back the frames of the PFNs from `pfn` on. For a pv domain the list holds their P2M entries,
 * and a frame is the page's own where M2P says so: the entry of a ballooned page names the scratch page's frame.
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

/** Of the listed frames, which the domain may have lost sight of, those that are still its own go back to the heap. */
export function reclaimFrames(id: DomainId, count: Pages): void {
  for (let i: u32 = 0; i < count; i++) {
    const mfn = load<u32>(FRAME_LIST + (i << 2));
    if (heap.has(mfn)) continue;
    heap.add(mfn);
    domainAt(id).totPages--;
  }
}

/** The slot of a domain, all of whose frames were released, is free. */
export function destroyDomain(id: DomainId): void {
  domainAt(id).inUse = false;
}

/** M2P of `count` frames from `mfn` on, into the list. */
export function readM2p(mfn: Mfn, count: Pages): void {
  for (let i: u32 = 0; i < count; i++) store<u32>(FRAME_LIST + (i << 2), m2pGet(mfn + i));
}

/** The physmap of `count` pages from `gfn` on, into the list. */
export function readPhysmap(id: DomainId, gfn: Gfn, count: Pages): void {
  const domain = domainAt(id);
  for (let i: u32 = 0; i < count; i++) store<u32>(FRAME_LIST + (i << 2), physmapGet(domain, gfn + i));
}

/** The list, which holds frames of a pv domain, holds their PFNs instead (mfn_to_pfn). */
export function framesToPfns(count: Pages): void {
  for (let at = FRAME_LIST, end = at + (count << 2); at < end; at += 4) store<u32>(at, m2pGet(load<u32>(at)));
}
