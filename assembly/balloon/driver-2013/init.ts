/** Initialises the driver (balloon_init, drivers/xen/balloon.c). */

import { Cpu, Pages, Pfn } from "../../common/types";
import { ENODEV, Errno, LOG_INITIALISING, log } from "../kernel";
import { EXTRA_REGIONS } from "../layout";
import { appendRun } from "../page-list";
import { guest } from "./guest";
import { cpuUpPrepare } from "./scratch";
import { stats } from "./stats";

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
  if (start < end) appendRun(start, <u32>(end - start));
}
