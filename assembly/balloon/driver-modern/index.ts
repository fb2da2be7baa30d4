/**
 * The exports of balloon-modern.wasm, which is one guest: the Xen balloon driver of the Linux kernel as of 7.0-rc1,
 * drivers/xen/balloon.c at revision b13cd24c15d7 and drivers/xen/mem-reservation.c, and those tables of the guest's kernel
 * that it works on. Each routine of the driver names the C function that it does the work of. This file holds no logic.
 */

import { guest } from "./guest";

export { addBackedPages, addExtraRegion, assignFrames, assignRun, configure } from "../boot-memory";
export { countBallooned, countFree } from "../census";
export { listNext, listRewind, readContents, readP2m, setStat, stat } from "../inspect";
export { bytesFor } from "../layout";
export { framesNext, framesRewind, readM2p } from "../m2p";
export { fillPages, givePages, takePages } from "../other-users";
export { frameListPtr, pfnListPtr, windowCapacity, windowPtr } from "../places";
export { stretchesFrom } from "../saved";
export { beginLoan, cancelLoan, continueLoan, failAllocP2m, freeBalloonedPages, loanGot } from "./ballooned-pages";
export { failAddMemory, failResource, failSetP2m, online } from "./hotplug";
export { balloonInit } from "./init";
export * from "./options";
// Exported so that the compiler does not inline a batch into the loop over batches: V8 replaces no function by its
// optimised code while it runs, and that loop runs long.
export { decreaseReservation, increaseReservation } from "./reservation";
export { decreaseRun, increaseRun } from "./runs";
export * from "./stat-places";
export * from "./state";
export { listIsEmpty, runThread, setNewTarget } from "./thread";

/** Sets whether pages are cleared on their way into the balloon (the attribute scrub_pages in sysfs). */
export function setScrub(scrub: bool): void {
  guest.scrub = scrub;
}

/** Sets whether callers wait for hotplugged pages (the sysctl xen.balloon.hotplug_unpopulated). */
export function setHotplugUnpopulated(wait: bool): void {
  guest.hotplugUnpopulated = wait;
}
