/** CONFIG_XEN_BALLOON_MEMORY_HOTPLUG: memory is added where the target is above what there is, and onlined later. */

import { LongPages, Pages, Pfn } from "../common/types";
import { ENOMEM, Errno, LOG_ADD_MEMORY_FAILED, log, schedule_delayed_work } from "./kernel";
import { guest, stats } from "./layout";
import { appendUnmanagedRun } from "./page-list";
import { BP_DONE, BP_EAGAIN, BpState } from "./reservation";

/** reserve_additional_memory: adds whole sections, `credit` pages at least. Without hotplug the target is given up. */
export function reserveAdditionalMemory(credit: LongPages): BpState {
  if (!guest.hotplug) {
    stats.target_pages = stats.current_pages;
    return BP_DONE;
  }
  const section: u64 = guest.sectionPages;
  const start = (<u64>guest.maxPfn + section - 1) & ~(section - 1); // SECTION_ALIGN_UP
  const pages = ((credit - 1) | (section - 1)) + 1; // round_up
  const rc = addMemory(start, pages);
  if (rc != 0) {
    log(LOG_ADD_MEMORY_FAILED, rc);
    return BP_EAGAIN;
  }
  stats.hotplug_pages += credit;
  stats.balloon_hotplug = pages - credit;
  return BP_DONE;
}

/** add_memory: max_pfn rises at once, the pages come online later. */
function addMemory(start: u64, pages: LongPages): Errno {
  if (guest.addMemoryTimes > 0) {
    guest.addMemoryTimes--;
    return guest.addMemoryRc;
  }
  if (start + pages > guest.pfnLimit) return ENOMEM;
  if (guest.onlineFrom == guest.maxPfn) guest.onlineFrom = <u32>start;
  guest.maxPfn = <u32>(start + pages);
  return 0;
}

export function failAddMemory(rc: Errno, times: u32): void {
  guest.addMemoryRc = rc;
  guest.addMemoryTimes = times;
}

/** Onlines the first `sections` sections of added memory, or all of it for 0; then the memory notifier is called. */
export function online(sections: u32): void {
  const start = guest.onlineFrom;
  let end = guest.maxPfn;
  if (start >= end) return;
  if (sections != 0 && (end - start) / guest.sectionPages > sections) end = start + sections * guest.sectionPages;
  guest.onlineFrom = end;
  // without hotplug in the driver there is no callback and no notifier
  if (!guest.hotplug) return;
  onlinePages(start, end - start);
  schedule_delayed_work(0); // xen_memory_notifier, MEM_ONLINE
}

/** xen_online_page of each: into the balloon without having been managed. */
function onlinePages(start: Pfn, pages: Pages): void {
  appendUnmanagedRun(start, pages);
  const expected = min(<u64>pages, stats.hotplug_pages);
  stats.hotplug_pages -= expected;
  stats.balloon_hotplug -= pages - expected;
}
