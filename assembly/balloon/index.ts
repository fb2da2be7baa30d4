/**
 * The exports of balloon.wasm, which is one guest: the Xen balloon driver of the Linux kernel, drivers/xen/balloon.c at
 * revision 1e1159bb97cf, and those tables of the guest's kernel that it works on. Each routine of the driver names the
 * C function that it does the work of. This file holds no logic: lists of pages cross the boundary at the window, and
 * frames at frame_list.
 */

import { Cpu, Pages, Pfn } from "../common/types";
import { counters, FRAME_LIST, guest, highFree, normalFree, PFN_LIST, stats, WINDOW, WINDOW_CAPACITY } from "./layout";
import { currentCredit } from "./worker";

export { allocXenballoonedPages, freeXenballoonedPages } from "./ballooned-pages";
export { countBallooned, countFree } from "./census";
export { failAddMemory, online } from "./hotplug";
export { addBackedPages, addExtraRegion, assignFrames, assignRun, balloonInit, configure } from "./init";
export { listNext, listRewind, readContents, readP2m, stat } from "./inspect";
export { bytesFor } from "./layout";
export { framesNext, framesRewind, readM2p } from "./m2p";
export * from "./options";
export { fillPages, givePages, takePages } from "./other-users";
// Exported so that the compiler does not inline a batch into the loop over batches: V8 replaces no function by its
// optimised code while it runs, and that loop runs long.
export { decreaseReservation, increaseReservation } from "./reservation";
export { decreaseRun, increaseRun } from "./runs";
export { cpuUpPrepare, scratchPageOf } from "./scratch";
export * from "./stat-places";
export { runWorker, setNewTarget } from "./worker";

/** Returns the address of frame_list. */
export function frameListPtr(): usize {
  return FRAME_LIST;
}

/** Returns the address of pfn_list. */
export function pfnListPtr(): usize {
  return PFN_LIST;
}

/** Returns the address of the window. */
export function windowPtr(): usize {
  return WINDOW;
}

/** Returns how many u32 entries the window holds. */
export function windowCapacity(): u32 {
  return WINDOW_CAPACITY;
}

/** Sets balloon_stats.max_retry_count: 0 is without limit. */
export function setMaxRetryCount(count: u64): void {
  stats.max_retry_count = count;
}

/** Sets balloon_stats.max_schedule_delay. */
export function setMaxScheduleDelay(seconds: u64): void {
  stats.max_schedule_delay = seconds;
}

/** Makes `cpu` the CPU that runs the driver from now on. */
export function onCpu(cpu: Cpu): void {
  guest.cpu = cpu;
}

export function credit(): f64 {
  return <f64>currentCredit();
}

export function freeNormalPages(): Pages {
  return normalFree.count;
}

export function freeHighPages(): Pages {
  return highFree.count;
}

export function managedPages(): f64 {
  return <f64>counters.managedPages;
}

export function managedHighPages(): f64 {
  return <f64>counters.managedHighPages;
}

export function maxPfn(): Pfn {
  return guest.maxPfn;
}

export function onlineFrom(): Pfn {
  return guest.onlineFrom;
}

export function scrubbedPages(): f64 {
  return <f64>counters.scrubbedPages;
}

export function tlbFlushes(): f64 {
  return <f64>counters.tlbFlushes;
}

export function kmapFlushes(): f64 {
  return <f64>counters.kmapFlushes;
}
