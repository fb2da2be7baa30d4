/** Which pages of a guest have a frame at boot. */
import type { GuestConfig, Region } from "../host/backend.js";

/** The pages below maxPfn that are neither in a hole nor in an extra region, ascending. */
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

/** Pages in all the regions. */
export function countPages(regions: readonly Region[]): number {
  return regions.reduce((sum, { pages }) => sum + pages, 0);
}
