/** Counts the states of a guest's pages by cells, for a map of its memory. */
import { readOptions, wholeNumber } from "../host/arguments.js";
import type { GuestBackend, GuestConfig, Region } from "../host/backend.js";
import { holeRuns } from "../host/memory-map.js";
import type { Census, CensusRange, PageState } from "./types.js";

const MAX_CELLS = 65_536;

/** The counts of one state, by cell. */
interface Cells extends CensusRange {
  readonly counts: Uint32Array;
}

/** A holder of pages that can count them by cells. */
export interface CountedPages {
  /** Counts its pages by cells, with the arguments of GuestBackend.countPages. */
  countPages(pfn: number, pages: number, cellPages: number, out: Uint32Array): void;
}

/**
 * Reads and checks the range that a caller asks for.
 *
 * @throws TypeError; RangeError: a range beyond pfnLimit, or one with too many cells.
 */
export function readRange(range: CensusRange, { pfnLimit }: GuestConfig): CensusRange {
  const { pfn, pages, cellPages } = readOptions("range", range, ["pfn", "pages", "cellPages"]);
  wholeNumber("pfn", pfn, "a PFN", 0, pfnLimit);
  wholeNumber("pages", pages, "pages", 0, pfnLimit - pfn);
  wholeNumber("cellPages", cellPages, "pages", 1, 2 ** 30);
  const cells = Math.ceil(pages / cellPages);
  if (cells > MAX_CELLS) throw new RangeError(`cellPages: expected at most ${MAX_CELLS} cells, got ${cells}`);
  return { pfn, pages, cellPages };
}

/**
 * @param lent - the pages that are lent out.
 * @param range - a range from readRange, which lies within the guest.
 */
export function takeCensus(
  backend: GuestBackend,
  config: GuestConfig,
  lent: CountedPages,
  { pfn, pages, cellPages }: CensusRange,
): Census {
  const { pfnLimit } = config;
  const cells = Math.ceil(pages / cellPages);
  const state = (): Cells => ({ pfn, pages, cellPages, counts: new Uint32Array(cells) });
  const [free, ballooned, lentOut, scratch, hole, offline] = Array.from({ length: 6 }, state);
  backend.countPages("free", pfn, pages, cellPages, free.counts);
  backend.countPages("ballooned", pfn, pages, cellPages, ballooned.counts);
  lent.countPages(pfn, pages, cellPages, lentOut.counts);
  for (const page of backend.scratchPages()) addRun(scratch, { start: page, pages: 1 });
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
