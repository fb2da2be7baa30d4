/**
 * The exports of balloon.wasm, which is one guest: the Xen balloon driver of the Linux kernel, drivers/xen/balloon.c at
 * revision 1e1159bb97cf (2013), and those tables of the guest's kernel that it works on. Each routine of the driver names
 * the C function that it does the work of. This file holds no logic.
 */

import { Cpu } from "../../common/types";

import { guest } from "./guest";

export { addBackedPages, addExtraRegion, assignFrames, assignRun, configure } from "../boot-memory";
export { countBallooned, countFree } from "../census";
export { listNext, listRewind, readContents, readP2m, setStat, stat } from "../inspect";
export { bytesFor } from "../layout";
export { framesNext, framesRewind, readM2p } from "../m2p";
export { fillPages, givePages, takePages } from "../other-users";
export { frameListPtr, pfnListPtr, windowCapacity, windowPtr } from "../places";
export { stretchesFrom } from "../saved";
export { scratchPageOf } from "../shared-frames";
export { allocXenballoonedPages, freeXenballoonedPages } from "./ballooned-pages";
export { failAddMemory, online } from "./hotplug";
export { balloonInit } from "./init";
export * from "./options";
// Exported so that the compiler does not inline a batch into the loop over batches: V8 replaces no function by its
// optimised code while it runs, and that loop runs long.
export { decreaseReservation, increaseReservation } from "./reservation";
export { decreaseRun, increaseRun } from "./runs";
export { cpuUpPrepare } from "./scratch";
export * from "./stat-places";
export * from "./state";
export { runWorker, setNewTarget } from "./worker";

/** Makes `cpu` the CPU that runs the driver from now on. */
export function onCpu(cpu: Cpu): void {
  guest.cpu = cpu;
}
