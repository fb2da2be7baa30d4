/** Operations on runs of pages. Runs are ascending and do not touch, unless a comment says otherwise. */

import type { Region } from "./backend.js";
import type { Pfn } from "./units.js";

/** Counts the pages of all regions. */
export function countPages(regions: readonly Region[]): number {
  return regions.reduce((sum, { pages }) => sum + pages, 0);
}

/** Keeps the pages from `pfn` on. */
export function pagesFrom(regions: readonly Region[], pfn: Pfn): Region[] {
  return regions
    .filter(({ start, pages }) => start + pages > pfn)
    .map(({ start, pages }) => ({ start: Math.max(start, pfn), pages: start + pages - Math.max(start, pfn) }));
}

/** Drops the first `count` pages. */
export function withoutFirst(regions: readonly Region[], count: number): Region[] {
  let left = count;
  return regions.flatMap(({ start, pages }) => {
    const taken = Math.min(left, pages);
    left -= taken;
    return taken < pages ? [{ start: start + taken, pages: pages - taken }] : [];
  });
}

/** Lists the PFNs below `end` that no region contains. The regions may overlap and come in any order. */
export function gaps(regions: readonly Region[], end: number): Region[] {
  const found: Region[] = [];
  let next = 0;
  for (const { start, pages } of [...regions].sort((a, b) => a.start - b.start)) {
    if (pages === 0 || start >= end) continue;
    if (start > next) found.push({ start: next, pages: start - next });
    next = Math.max(next, start + pages);
  }
  if (next < end) found.push({ start: next, pages: end - next });
  return found;
}
