/** Boot: the tables, the memory the guest starts with, and the driver's own init (balloon_init). */
import { ENODEV, LOG_INITIALISING, log } from "./kernel";
import { counters, EXTRA_REGIONS, extent, guest, layOut, stats, WINDOW } from "./layout";
import { p2mAssign } from "./p2m";
import { freePages } from "./page-allocator";
import { appendUnmanagedRun } from "./page-list";
import { cpuUpPrepare } from "./scratch";

/** XEN_EXTRA_MEM_MAX_REGIONS. */
const EXTRA_REGIONS_MAX: u32 = 128;

/** A fresh guest's tables; false where memory does not suffice. Its options are written (options.ts). */
export function configure(): bool {
  guest.onlineFrom = guest.maxPfn;
  return layOut(guest.pfnLimit, guest.highmemStart, guest.pv, guest.contents != 0);
}

/** Backed pages start, start + 1, … are managed, and free where they are not the kernel's own. */
export function addBackedPages(start: u32, pages: u32, free: bool): void {
  const low = start < guest.highmemStart ? min(guest.highmemStart - start, pages) : 0;
  counters.managedPages += pages;
  counters.managedHighPages += pages - low;
  if (!free) return;
  if (low > 0) freeRun(start, low);
  if (pages > low) freeRun(start + low, pages - low);
}

function freeRun(start: u32, pages: u32): void {
  extent.setRun(start, pages);
  freePages(extent);
}

/** The frames of backed pages pfn, pfn + 1, … of a pv guest, by the window. */
export function assignFrames(pfn: u32, count: u32): void {
  p2mAssign(pfn, WINDOW, count);
}

/** xen_extra_mem: one more region. */
export function addExtraRegion(start: u32, pages: u32): void {
  assert(guest.extraRegions < EXTRA_REGIONS_MAX, "init: too many extra regions");
  const at = EXTRA_REGIONS + (guest.extraRegions++ << 3);
  store<u32>(at, start);
  store<u32>(at + 4, pages);
}

/** balloon_init: 0, -ENODEV or -ENOMEM. */
export function balloonInit(): i32 {
  if (!guest.xen) return ENODEV;
  for (let cpu: u32 = 0; cpu < guest.cpus; cpu++) {
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

/** balloon_add_region: pages beyond max_pfn are left out. */
function addRegion(start: u32, pages: u32): void {
  const end = min(<u64>start + pages, <u64>guest.maxPfn);
  if (start < end) appendUnmanagedRun(start, <u32>(end - start));
}
