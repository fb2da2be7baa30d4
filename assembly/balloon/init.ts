/** Boot: the tables, the memory the guest starts with, and the driver's own init (balloon_init). */

import { Cpu, LongPages, Pages, Pfn } from "../common/types";
import { ENODEV, Errno, LOG_INITIALISING, log } from "./kernel";
import { counters, EXTRA_REGIONS, extent, guest, layOut, stats, WINDOW } from "./layout";
import { p2mAssign } from "./p2m";
import { freePages } from "./page-allocator";
import { appendUnmanagedRun } from "./page-list";
import { cpuUpPrepare } from "./scratch";

/** XEN_EXTRA_MEM_MAX_REGIONS. */
const EXTRA_REGIONS_MAX: u32 = 128;

/** A fresh guest's tables; false where memory does not suffice. */
export function configure(
  pv: bool,
  hotplug: bool,
  scrub: bool,
  contents: bool,
  frameListCapacity: u32,
  maxPfn: Pfn,
  pfnLimit: Pfn,
  highmemStart: Pfn,
  sectionPages: Pages,
  watermarkPages: Pages,
  watermarkHighPages: Pages,
  cpus: u32,
): bool {
  if (!layOut(pfnLimit, highmemStart, pv, contents)) return false;
  guest.pv = pv;
  guest.hotplug = hotplug;
  guest.scrub = scrub;
  guest.contents = contents;
  guest.frameListCapacity = frameListCapacity;
  guest.maxPfn = maxPfn;
  guest.pfnLimit = pfnLimit;
  guest.highmemStart = highmemStart;
  guest.sectionPages = sectionPages;
  guest.watermarkPages = watermarkPages;
  guest.watermarkHighPages = watermarkHighPages;
  guest.cpus = cpus;
  guest.onlineFrom = maxPfn;
  return true;
}

/** Backed pages start, start + 1, … are managed, and free where they are not the kernel's own. */
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

/** The frames of backed pages pfn, pfn + 1, … of a pv guest, by the window. */
export function assignFrames(pfn: Pfn, count: Pages): void {
  p2mAssign(pfn, WINDOW, count);
}

/** xen_extra_mem: one more region. */
export function addExtraRegion(start: Pfn, pages: Pages): void {
  assert(guest.extraRegions < EXTRA_REGIONS_MAX, "init: too many extra regions");
  const at = EXTRA_REGIONS + (guest.extraRegions++ << 3);
  store<u32>(at, start);
  store<u32>(at + 4, pages);
}

/** balloon_init: 0, -ENODEV or -ENOMEM. */
export function balloonInit(xen: bool, nrPages: LongPages, releasedPages: LongPages): Errno {
  if (!xen) return ENODEV;
  for (let cpu: Cpu = 0; cpu < guest.cpus; cpu++) {
    const rc = cpuUpPrepare(cpu);
    if (rc != 0) return rc;
  }
  log(LOG_INITIALISING, 0);

  stats.current_pages = guest.pv ? min(nrPages - releasedPages, <u64>guest.maxPfn) : guest.maxPfn;
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
function addRegion(start: Pfn, pages: Pages): void {
  const end = min(<u64>start + pages, <u64>guest.maxPfn);
  if (start < end) appendUnmanagedRun(start, <u32>(end - start));
}
