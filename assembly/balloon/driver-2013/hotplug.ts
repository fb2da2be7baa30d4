/**
 * Memory hotplug (CONFIG_XEN_BALLOON_MEMORY_HOTPLUG, drivers/xen/balloon.c): adds memory when the target is above what
 * the guest has, and brings it online later. add_memory stands for the kernel's (mm/memory_hotplug.c).
 */

import { LongPages, Pages, Pfn } from "../../common/types";
import { inSections, nextSection, raiseMaxPfn, takeOnline } from "../added-memory";
import { ENOMEM, Errno, LOG_ADD_MEMORY_FAILED, log } from "../kernel";
import { appendRun } from "../page-list";
import { guest } from "./guest";
import { schedule_delayed_work } from "./kernel";
import { BP_DONE, BP_EAGAIN, BpState } from "./reservation";
import { stats } from "./stats";

/**
 * Adds whole sections of memory, at least `credit` pages, above max_pfn. Without hotplug it gives the target up instead
 * (reserve_additional_memory, drivers/xen/balloon.c).
 */
export function reserveAdditionalMemory(credit: LongPages): BpState {
  if (!guest.hotplug) {
    stats.target_pages = stats.current_pages;
    return BP_DONE;
  }
  const pages = inSections(credit);
  const rc = addMemory(nextSection(), pages);
  if (rc != 0) {
    log(LOG_ADD_MEMORY_FAILED, rc);
    return BP_EAGAIN;
  }
  stats.hotplug_pages += credit;
  stats.balloon_hotplug = pages - credit;
  return BP_DONE;
}

/**
 * Raises max_pfn over the pages from `start` on, which come online later (add_memory, mm/memory_hotplug.c). Returns 0,
 * or -ENOMEM if they reach beyond pfnLimit.
 */
function addMemory(start: u64, pages: LongPages): Errno {
  if (guest.addMemoryTimes > 0) {
    guest.addMemoryTimes--;
    return guest.addMemoryRc;
  }
  if (start + pages > guest.pfnLimit) return ENOMEM;
  raiseMaxPfn(start + pages);
  return 0;
}

/** Makes the next `times` calls of add_memory return `rc` and do nothing. */
export function failAddMemory(rc: Errno, times: u32): void {
  guest.addMemoryRc = rc;
  guest.addMemoryTimes = times;
}

/**
 * Brings the first `sections` sections of added memory online, or all of it for 0, and then calls the memory notifier
 * (xen_memory_notifier, drivers/xen/balloon.c).
 */
export function online(sections: u32): void {
  const start = guest.onlineFrom;
  const pages = takeOnline(sections);
  // a driver without hotplug registers neither xen_online_page nor the notifier
  if (pages == 0 || !guest.hotplug) return;
  onlinePages(start, pages);
  schedule_delayed_work(0); // xen_memory_notifier, MEM_ONLINE
}

/**
 * Puts pages that come online into the balloon; they have never been managed (xen_online_page of each page,
 * drivers/xen/balloon.c).
 */
function onlinePages(start: Pfn, pages: Pages): void {
  appendRun(start, pages);
  const expected = min(<u64>pages, stats.hotplug_pages);
  stats.hotplug_pages -= expected;
  stats.balloon_hotplug -= pages - expected;
}
