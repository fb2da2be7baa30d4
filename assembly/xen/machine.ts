/** The machine as a whole: lays it out, gives frames to other domains and takes them back, and reads its physmaps. */
import { writeUp } from "../common/extent-list";
import { DomainId, Gfn, Mfn, Pages } from "../common/types";
import { domainAt, physmapRelease } from "./domain";
import { extent, FRAME_LIST, FRAME_LIST_CAPACITY, heap, layOut } from "./layout";

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
    writeUp(FRAME_LIST + (n << 2), extent, extent.count);
  }
  return taken;
}

/** Gives the first `count` frames of the list back to the heap. */
export function giveFrames(count: Pages): void {
  heap.addList(FRAME_LIST, count);
}

/**
 * Gives frames of a pv domain that ends back to the heap. The list holds `count` runs of them: the lowest frame and the
 * number of frames of each.
 */
export function releaseRuns(count: u32): void {
  for (let at = FRAME_LIST, end = at + (count << 3); at < end; at += 8) heap.addRun(load<u32>(at), load<u32>(at, 4));
}

/** Gives all frames of the physmap of an auto-translated domain that ends back to the heap. */
export function releasePhysmap(id: DomainId): void {
  physmapRelease(domainAt(id));
}

/**
 * Gives back to the heap those of the first `count` frames of the list that are not free yet. The list holds frames
 * that the tables of a domain that ends no longer name, though some may have been given back since.
 */
export function reclaimFrames(count: Pages): void {
  for (let i: u32 = 0; i < count; i++) {
    const mfn = load<u32>(FRAME_LIST + (i << 2));
    if (!heap.has(mfn)) heap.addRun(mfn, 1);
  }
}

/** Frees the slot of a domain, all of whose frames the caller has given back. */
export function destroyDomain(id: DomainId): void {
  const domain = domainAt(id);
  domain.inUse = false;
  domain.totPages = 0;
}

/** Writes the frames of `count` pages from `gfn` on of an auto-translated domain to the list. */
export function readPhysmap(id: DomainId, gfn: Gfn, count: Pages): void {
  const domain = domainAt(id);
  domain.physmap.read(gfn, count, FRAME_LIST);
}
