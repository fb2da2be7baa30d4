/**
 * Boots the guest: lays out its tables, gives it the memory that it starts with, and initialises the driver
 * (balloon_init, drivers/xen/balloon.c).
 */

import { Cpu, Mfn, Pages, Pfn } from "../common/types";
import { ENODEV, Errno, LOG_INITIALISING, log } from "./kernel";
import { counters, EXTRA_REGIONS, extent, guest, layOut, p2m, stats, WINDOW } from "./layout";
import { freePages } from "./page-allocator";
import { appendUnmanagedRun } from "./page-list";
import { cpuUpPrepare } from "./scratch";

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

/**
 * Initialises the driver (balloon_init, drivers/xen/balloon.c): allocates the scratch pages, sets balloon_stats, and
 * puts the extra regions into the balloon. Returns 0, -ENODEV if the guest does not run on Xen, or -ENOMEM.
 */
export function balloonInit(): Errno {
  if (!guest.xen) return ENODEV;
  for (let cpu: Cpu = 0; cpu < guest.cpus; cpu++) {
    const rc = cpuUpPrepare(cpu);
    if (rc != 0) return rc;
  }
  log(LOG_INITIALISING, 0);

  // more released than there were wraps, as in the kernel
  const startPages = <u64>guest.nrPages - guest.releasedPages;
  stats.current_pages = guest.pv ? min(startPages, <u64>guest.maxPfn) : guest.maxPfn;
  stats.target_pages = stats.current_pages;
  stats.schedule_delay = 1;
  stats.max_schedule_delay = 32;
  stats.retry_count = 1;
  for (let i: u32 = 0; i < guest.extraRegions; i++) {
    const at = EXTRA_REGIONS + (i << 3);
    addRegion(load<u32>(at), load<u32>(at + 4));
  }
  return 0;
}

/** Puts the pages of a region that are below max_pfn into the balloon (balloon_add_region, drivers/xen/balloon.c). */
function addRegion(start: Pfn, pages: Pages): void {
  const end = min(<u64>start + pages, <u64>guest.maxPfn);
  if (start < end) appendUnmanagedRun(start, <u32>(end - start));
}
