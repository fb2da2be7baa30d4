/** Finds which PFNs below maxPfn have frames at boot, and which are no memory at all. */
import { ArgumentRangeError } from "./argument-error.js";
import type { GuestConfig, Region } from "./backend.js";
import { countPages, gaps } from "./regions.js";

type MemoryMap = Pick<GuestConfig, "maxPfn" | "holes" | "extraRegions">;

/**
 * Lists the runs of PFNs below maxPfn that are in no hole and in no extra region, ascending.
 *
 * @example
 * backedRuns({ maxPfn: 100, holes: [{ start: 10, pages: 5 }], extraRegions: [{ start: 90, pages: 50 }] });
 * // [{ start: 0, pages: 10 }, { start: 15, pages: 75 }]
 */
export function backedRuns({ maxPfn, holes, extraRegions }: MemoryMap): Region[] {
  return gaps([...holes, ...extraRegions], maxPfn);
}

/** Lists the runs of PFNs below maxPfn that are in a hole and in no extra region, ascending. */
export function holeRuns(guest: MemoryMap): Region[] {
  return gaps([...backedRuns(guest), ...guest.extraRegions], guest.maxPfn);
}

/** Counts the pages of the guest that have a frame at boot. */
export function backedPages(guest: MemoryMap): number {
  return countPages(backedRuns(guest));
}

/** @throws RangeError: the guest has more backed pages than the machine has free frames */
export function requireFrames(guest: MemoryMap, freeFrames: number): void {
  const backed = backedPages(guest);
  if (backed <= freeFrames) return;
  throw new ArgumentRangeError(
    "maxPfn",
    `at most ${freeFrames} backed pages, a free frame for each`,
    `${backed} pages`,
  );
}
