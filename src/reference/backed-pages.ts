/**
 * Works out which pages of a guest have a frame at boot. memory-map.ts works out the same for the Wasm engine. It is
 * repeated here on purpose: a mistake in one of them shows as a difference between the engines.
 */
import type { GuestConfig, Region } from "../host/backend.js";

/** Returns the pages below maxPfn that are neither in a hole nor in an extra region, as ascending regions. */
export function backedRegions({ maxPfn, holes, extraRegions }: GuestConfig): Region[] {
  const backed: Region[] = [];
  let start = 0;
  for (const gap of [...holes, ...extraRegions].sort((a, b) => a.start - b.start)) {
    const end = Math.min(gap.start, maxPfn);
    if (end > start) backed.push({ start, pages: end - start });
    start = Math.max(start, gap.start + gap.pages);
  }
  if (maxPfn > start) backed.push({ start, pages: maxPfn - start });
  return backed;
}

/** Returns the number of pages in all the regions. */
export function countPages(regions: readonly Region[]): number {
  return regions.reduce((sum, { pages }) => sum + pages, 0);
}
