/** Lays out the tables of a guest, and gives it the memory that it boots with, before its driver is initialised. */

import { Mfn, Pages, Pfn } from "../common/types";
import { counters, EXTRA_REGIONS, extent, guest, layOut, p2m, WINDOW } from "./layout";
import { freePages } from "./page-allocator";

/** XEN_EXTRA_MEM_MAX_REGIONS. */
const EXTRA_REGIONS_MAX: u32 = 128;

/**
 * Lays out the tables of a fresh guest, whose options are written (options.ts); returns false if there is not enough
 * memory. Called once, before all but bytesFor.
 */
export function configure(): bool {
  guest.onlineFrom = guest.maxPfn;
  return layOut(guest.pfnLimit, guest.highmemStart, guest.pv, guest.contents != 0);
}

/** Counts pages start, start + 1, …, which have frames, as managed; adds them to the free pages if `free` is true. */
export function addBackedPages(start: Pfn, pages: Pages, free: bool): void {
  const low = start < guest.highmemStart ? min(guest.highmemStart - start, pages) : 0;
  counters.managedPages += pages;
  counters.managedHighPages += pages - low;
  if (!free) return;
  if (low > 0) freeRun(start, low);
  if (pages > low) freeRun(start + low, pages - low);
}

function freeRun(start: Pfn, pages: Pages): void {
  extent.setRun(start, pages);
  freePages(extent);
}

/** Sets the P2M of pages pfn, pfn + 1, … of a pv guest to the frames in the window. */
export function assignFrames(pfn: Pfn, count: Pages): void {
  p2m.write(pfn, count, WINDOW, 1);
}

/** Does the same for a run of frames mfn, mfn + 1, … */
export function assignRun(pfn: Pfn, mfn: Mfn, count: Pages): void {
  p2m.setRun(pfn, count, mfn, 1);
}

/** Adds a region to xen_extra_mem, which balloonInit reads. */
export function addExtraRegion(start: Pfn, pages: Pages): void {
  assert(guest.extraRegions < EXTRA_REGIONS_MAX, "init: too many extra regions");
  const at = EXTRA_REGIONS + (guest.extraRegions++ << 3);
  store<u32>(at, start);
  store<u32>(at + 4, pages);
}
