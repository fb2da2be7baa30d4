/**
 * The exports of balloon.wasm, which is one guest: the Xen balloon driver of the Linux kernel, drivers/xen/balloon.c at
 * revision 1e1159bb97cf, and those tables of the guest's kernel that it works on. Each routine of the driver names the
 * C function that it does the work of. This file holds no logic: lists of pages cross the boundary at the window, and
 * frames at frame_list.
 */

import { Cpu } from "../common/types";
import { FRAME_LIST, guest, PFN_LIST, WINDOW, WINDOW_CAPACITY } from "./layout";

export { allocXenballoonedPages, freeXenballoonedPages } from "./ballooned-pages";
export { countBallooned, countFree } from "./census";
export { failAddMemory, online } from "./hotplug";
export { addBackedPages, addExtraRegion, assignFrames, assignRun, balloonInit, configure } from "./init";
export { listNext, listRewind, readContents, readP2m, setStat, stat } from "./inspect";
export { bytesFor } from "./layout";
export { framesNext, framesRewind, readM2p } from "./m2p";
export * from "./options";
export { fillPages, givePages, takePages } from "./other-users";
// Exported so that the compiler does not inline a batch into the loop over batches: V8 replaces no function by its
// optimised code while it runs, and that loop runs long.
export { decreaseReservation, increaseReservation } from "./reservation";
export { decreaseRun, increaseRun } from "./runs";
export { stretchesFrom } from "./saved";
export { cpuUpPrepare, scratchPageOf } from "./scratch";
export * from "./stat-places";
export * from "./state";
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

/** Makes `cpu` the CPU that runs the driver from now on. */
export function onCpu(cpu: Cpu): void {
  guest.cpu = cpu;
}
