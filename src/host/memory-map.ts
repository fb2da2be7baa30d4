/** What of a guest's PFNs below maxPfn is backed by frames at boot, and what is no memory at all. */
import type { GuestConfig, Region } from "./backend.js";
import { countPages, gaps } from "./regions.js";

type MemoryMap = Pick<GuestConfig, "maxPfn" | "holes" | "extraRegions">;

/**
 * The runs of PFNs below maxPfn that are neither in a hole nor in an extra region, ascending.
 *
 * @example
 * backedRuns({ maxPfn: 100, holes: [{ start: 10, pages: 5 }], extraRegions: [{ start: 90, pages: 50 }] });
 * // [{ start: 0, pages: 10 }, { start: 15, pages: 75 }]
 */
export function backedRuns({ maxPfn, holes, extraRegions }: MemoryMap): Region[] {
  return gaps([...holes, ...extraRegions], maxPfn);
}

/** The runs of PFNs below maxPfn that are in a hole and in no extra region, ascending. */
export function holeRuns(guest: MemoryMap): Region[] {
  return gaps([...backedRuns(guest), ...guest.extraRegions], guest.maxPfn);
}

/** How many pages of the guest have a frame at boot. */
export function backedPages(guest: MemoryMap): number {
  return countPages(backedRuns(guest));
}

/** @throws RangeError when the guest has more backed pages than there are frames */
export function requireFrames(guest: MemoryMap, freeFrames: number): void {
  const backed = backedPages(guest);
  if (backed <= freeFrames) return;
  throw new RangeError(
    `maxPfn: expected at most ${freeFrames} backed pages, a free frame for each, got ${backed} pages`,
  );
}
