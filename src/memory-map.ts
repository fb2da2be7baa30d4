/** What of a guest's PFNs is backed by frames at boot. */
import type { GuestConfig, Region } from "./backend.js";

/**
 * The runs of PFNs below maxPfn that are neither in a hole nor in an extra region, ascending.
 *
 * @example
 * backedRuns({ maxPfn: 100, holes: [{ start: 10, pages: 5 }], extraRegions: [{ start: 90, pages: 50 }] });
 * // [{ start: 0, pages: 10 }, { start: 15, pages: 75 }]
 */
export function backedRuns(guest: Pick<GuestConfig, "maxPfn" | "holes" | "extraRegions">): Region[] {
  const unbacked = [...guest.holes, ...guest.extraRegions]
    .filter((region) => region.pages > 0 && region.start < guest.maxPfn)
    .sort((a, b) => a.start - b.start);
  const runs: Region[] = [];
  let pfn = 0;
  for (const { start, pages } of unbacked) {
    if (start > pfn) runs.push({ start: pfn, pages: start - pfn });
    pfn = Math.max(pfn, start + pages);
  }
  if (pfn < guest.maxPfn) runs.push({ start: pfn, pages: guest.maxPfn - pfn });
  return runs;
}

/** How many pages of the guest have a frame at boot. */
export function backedPages(guest: Pick<GuestConfig, "maxPfn" | "holes" | "extraRegions">): number {
  return backedRuns(guest).reduce((sum, run) => sum + run.pages, 0);
}

/** @throws RangeError when the guest has more backed pages than there are frames */
export function requireFrames(guest: Pick<GuestConfig, "maxPfn" | "holes" | "extraRegions">, freeFrames: number): void {
  const backed = backedPages(guest);
  if (backed <= freeFrames) return;
  throw new RangeError(
    `maxPfn: expected at most ${freeFrames} backed pages, a free frame for each, got ${backed} pages`,
  );
}
