/** Counts the states of a guest's pages by cells, for a map of its memory. */

import type { GuestBackend, GuestConfig, Region } from "../host/backend.js";
import { holeRuns } from "../host/memory-map.js";
import type { Pages, Pfn } from "../host/units.js";
import type { PfnSet } from "./pfn-set.js";

/**
 * The state of a page. `lent`: taken out of the balloon for foreign mappings. `scratch`: a CPU's ballooned pages are
 * mapped to it. `hole`: no memory. `offline`: not added yet, or not online yet. `inUse`: every other page, which the
 * kernel or another user in the guest holds.
 */
export type PageState = "inUse" | "free" | "ballooned" | "lent" | "scratch" | "hole" | "offline";

/** Which pages to count, and how many of them make a cell. */
export interface CensusRange {
  /** The first page. `pfnLimit`, behind the last, is allowed: no pages follow it. */
  readonly pfn: Pfn;
  /** The number of pages, 0 to `pfnLimit - pfn`. For 0 pages the counts are empty arrays. */
  readonly pages: Pages;
  /** The size of a cell in pages, 1 to 2^30. */
  readonly cellPages: Pages;
}

/** Pages by state and cell: cell `i` is the pages from `pfn + i * cellPages` on; the last one may be shorter. */
export interface Census extends CensusRange {
  /** The pages of each cell in each state. The counts of a cell add up to its size. */
  readonly counts: Readonly<Record<PageState, Uint32Array>>;
}

/** The counts of one state, by cell. */
interface Cells extends CensusRange {
  readonly counts: Uint32Array;
}

/**
 * @param lent - the pages that are lent out.
 * @param range - a range that lies within the guest.
 */
export function takeCensus(
  backend: GuestBackend,
  config: GuestConfig,
  lent: PfnSet,
  { pfn, pages, cellPages }: CensusRange,
): Census {
  const { pfnLimit } = config;
  const cells = Math.ceil(pages / cellPages);
  const state = (): Cells => ({ pfn, pages, cellPages, counts: new Uint32Array(cells) });
  const [free, ballooned, lentOut, scratch, hole, offline] = Array.from({ length: 6 }, state);
  backend.countPages("free", pfn, pages, cellPages, free.counts);
  backend.countPages("ballooned", pfn, pages, cellPages, ballooned.counts);
  const scratchPages = backend.driver.generation === "2013" ? backend.driver.scratchPages() : [];
  lent.countPages(pfn, pages, cellPages, lentOut.counts);
  for (const page of scratchPages) addRun(scratch, { start: page, pages: 1 });
  const { maxPfn, onlineFrom } = backend.state();
  for (const run of holes(config, maxPfn)) addRun(hole, run);
  addRun(offline, { start: onlineFrom, pages: pfnLimit - onlineFrom });

  const inUse = new Uint32Array(cells);
  const others = [free, ballooned, lentOut, scratch, hole, offline];
  for (let cell = 0; cell < cells; cell++) {
    let rest = Math.min(cellPages, pages - cell * cellPages);
    for (const { counts } of others) rest -= counts[cell];
    inUse[cell] = rest;
  }
  const counts: Record<PageState, Uint32Array> = {
    inUse,
    free: free.counts,
    ballooned: ballooned.counts,
    lent: lentOut.counts,
    scratch: scratch.counts,
    hole: hole.counts,
    offline: offline.counts,
  };
  return { pfn, pages, cellPages, counts };
}

/** Lists the holes. Added memory begins at a section, so a hole lies between it and the memory of the boot. */
function holes(config: GuestConfig, maxPfn: number): Region[] {
  if (maxPfn === config.maxPfn) return holeRuns(config);
  const added = Math.ceil(config.maxPfn / config.sectionPages) * config.sectionPages;
  return [...holeRuns(config), { start: config.maxPfn, pages: added - config.maxPfn }];
}

function addRun({ pfn, pages, cellPages, counts }: Cells, run: Region): void {
  const end = Math.min(run.start + run.pages, pfn + pages);
  for (let at = Math.max(run.start, pfn); at < end; ) {
    const cell = Math.floor((at - pfn) / cellPages);
    const next = Math.min(pfn + (cell + 1) * cellPages, end);
    counts[cell] += next - at;
    at = next;
  }
}
