/** The exports of balloon.wasm: one guest. No logic. Lists of pages cross at the window, frames at frame_list. */
import { counters, FRAME_LIST, guest, highFree, normalFree, stats, WINDOW, WINDOW_CAPACITY } from "./layout";
import { currentCredit } from "./worker";

export { allocXenballoonedPages, freeXenballoonedPages } from "./ballooned-pages";
export { countBallooned, countFree } from "./census";
export { failAddMemory, online } from "./hotplug";
export { addBackedPages, addExtraRegion, assignFrames, balloonInit, configure } from "./init";
export { listNext, listRewind, readP2m, readWord, stat } from "./inspect";
export { bytesFor } from "./layout";
export * from "./options";
export { fillPages, givePages, takePages } from "./other-users";
// exported so that a batch stays a call of its own: V8 replaces no frame that is running, and the loop over batches runs long
export { decreaseReservation, increaseReservation } from "./reservation";
export { cpuUpPrepare, scratchPageOf } from "./scratch";
export * from "./stat-places";
export { runWorker, setNewTarget } from "./worker";

export function frameListPtr(): usize {
  return FRAME_LIST;
}

export function windowPtr(): usize {
  return WINDOW;
}

export function windowCapacity(): u32 {
  return WINDOW_CAPACITY;
}

export function setMaxRetryCount(count: u64): void {
  stats.max_retry_count = count;
}

export function setMaxScheduleDelay(seconds: u64): void {
  stats.max_schedule_delay = seconds;
}

export function onCpu(cpu: u32): void {
  guest.cpu = cpu;
}

export function credit(): f64 {
  return <f64>currentCredit();
}

export function freeNormalPages(): u32 {
  return normalFree.count;
}

export function freeHighPages(): u32 {
  return highFree.count;
}

export function managedPages(): f64 {
  return <f64>counters.managedPages;
}

export function managedHighPages(): f64 {
  return <f64>counters.managedHighPages;
}

export function maxPfn(): u32 {
  return guest.maxPfn;
}

export function onlineFrom(): u32 {
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
