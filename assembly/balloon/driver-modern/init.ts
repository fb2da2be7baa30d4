/** Initialises the driver (balloon_init, drivers/xen/balloon.c). */

import { LongPages, Pages, Pfn } from "../../common/types";
import { ENODEV, ERANGE, Errno, LOG_INITIALISING, log } from "../kernel";
import { EXTRA_REGIONS, highList, lowList } from "../layout";
import { appendRun } from "../page-list";
import { guest } from "./guest";
import { current_reservation } from "./hypervisor";
import { stats } from "./stats";

/**
 * Initialises the driver (balloon_init, drivers/xen/balloon.c): sets balloon_stats, and puts the extra regions into the
 * balloon. `physicalPages` is how many PFNs below max_pfn are memory. Returns 0, -ENODEV if the guest does not run on Xen,
 * or -ERANGE. The host starts the thread.
 */
export function balloonInit(physicalPages: Pages): Errno {
  if (!guest.xen) return ENODEV;
  log(LOG_INITIALISING, 0);
  lowList.batchPages = guest.frameListCapacity;
  highList.batchPages = guest.frameListCapacity;

  const reservation = guest.dom0 ? current_reservation() : 0;
  let pages: LongPages = 0;
  if (reservation > 0) {
    pages = <u64>reservation;
  } else {
    const all: Pages = guest.pv ? guest.nrPages : physicalPages;
    const gone: Pages = guest.pv ? guest.releasedPages : guest.unpopulatedPages;
    if (gone >= all) return ERANGE;
    pages = guest.pv ? min(all - gone, guest.maxPfn) : all - gone;
  }
  stats.current_pages = pages;
  stats.target_pages = pages;
  stats.total_pages = pages;
  stats.schedule_delay = 1;
  stats.max_schedule_delay = 32;
  stats.retry_count = 1;
  stats.max_retry_count = 4;
  for (let i: u32 = 0; i < guest.extraRegions; i++) {
    const at = EXTRA_REGIONS + (i << 3);
    const rc = addRegion(load<u32>(at), load<u32>(at + 4));
    if (rc != 0) return rc;
  }
  return 0;
}

/**
 * Puts the pages of a region that are below max_pfn into the balloon, and takes them off the guest's size
 * (balloon_add_regions, drivers/xen/balloon.c). Their number wraps if the region begins above max_pfn. Returns 0, or -ERANGE.
 */
function addRegion(start: Pfn, pages: Pages): Errno {
  if (pages == 0) return 0;
  const end = min(<u64>start + pages, <u64>guest.maxPfn);
  if (start < end) appendRun(start, <u32>(end - start));
  const added: LongPages = end - start;
  if (added >= stats.current_pages || added >= stats.target_pages) return ERANGE;
  stats.current_pages -= added;
  stats.target_pages -= added;
  return 0;
}
