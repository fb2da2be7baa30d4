/**
 * Memory hotplug (CONFIG_XEN_BALLOON_MEMORY_HOTPLUG, drivers/xen/balloon.c): adds memory when the target and the pages
 * lent are above what the guest has, and brings it online later.
 */

import { inSections, nextSection, raiseMaxPfn, takeOnline } from "../added-memory";
import { ENOMEM, Errno, LOG_CANNOT_ADD_MEMORY, LOG_NO_RESOURCE, LOG_SET_P2M_FAILED, log } from "../kernel";
import { appendRun } from "../page-list";
import { guest } from "./guest";
import { wake_callers, wake_thread } from "./kernel";
import { BP_ECANCELED, BP_WAIT, BpState } from "./reservation";
import { stats } from "./stats";

/**
 * Adds whole sections of memory, as many as the guest lacks, above max_pfn. Without hotplug it gives the target up instead
 * (reserve_additional_memory, drivers/xen/balloon.c).
 */
export function reserveAdditionalMemory(): BpState {
  if (!guest.hotplug) {
    stats.target_pages = stats.current_pages + stats.target_unpopulated;
    return BP_ECANCELED;
  }
  const lacking = stats.target_pages + stats.target_unpopulated - stats.total_pages;
  if (<i64>lacking <= 0) return BP_WAIT;
  const pages = inSections(lacking);
  const end = nextSection() + pages;

  // additional_memory_resource, which says nothing if it has no memory for the resource itself
  if (guest.resourceTimes > 0) {
    guest.resourceTimes--;
    if (guest.resourceRc != ENOMEM) log(LOG_NO_RESOURCE, 0);
    return BP_ECANCELED;
  }
  if (end > guest.pfnLimit) {
    log(LOG_NO_RESOURCE, 0);
    return BP_ECANCELED;
  }
  // set_phys_to_machine of each page: its entry is INVALID_P2M_ENTRY already
  if (guest.pv && guest.setP2mTimes > 0) {
    guest.setP2mTimes--;
    log(LOG_SET_P2M_FAILED, 0);
    return BP_ECANCELED;
  }
  // add_memory_resource
  if (guest.addMemoryTimes > 0) {
    guest.addMemoryTimes--;
    if (guest.addMemoryRc != 0) {
      log(LOG_CANNOT_ADD_MEMORY, guest.addMemoryRc);
      return BP_ECANCELED;
    }
  } else {
    raiseMaxPfn(end);
    if (guest.autoOnline) online(0);
  }
  stats.total_pages += pages;
  return BP_WAIT;
}

/**
 * Brings the first `sections` sections of added memory online, or all of it for 0: puts their pages into the balloon
 * (xen_online_page of each), and wakes the thread (xen_memory_notifier, drivers/xen/balloon.c).
 */
export function online(sections: u32): void {
  const start = guest.onlineFrom;
  const pages = takeOnline(sections);
  // a driver without hotplug registers neither xen_online_page nor the notifier
  if (pages == 0 || !guest.hotplug) return;
  appendRun(start, pages);
  wake_callers();
  wake_thread();
}

/** Each makes the next `times` calls of its kind answer `rc` and do nothing. */
export function failAddMemory(rc: Errno, times: u32): void {
  guest.addMemoryRc = rc;
  guest.addMemoryTimes = times;
}

export function failResource(rc: Errno, times: u32): void {
  guest.resourceRc = rc;
  guest.resourceTimes = times;
}

export function failSetP2m(rc: Errno, times: u32): void {
  guest.setP2mRc = rc;
  guest.setP2mTimes = times;
}
