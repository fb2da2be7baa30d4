/**
 * The thread between two waits (balloon_thread, drivers/xen/balloon.c): works out how many pages are to move, moves them
 * batch by batch, and books what came of it. The host keeps its state, and when it waits.
 */

import { LongPages } from "../../common/types";
import { batches_at_once } from "../hypervisor";
import { highList, lowList } from "../layout";
import { availablePages } from "../page-allocator";
import { forgetCleared } from "../scrub";
import { guest } from "./guest";
import { reserveAdditionalMemory } from "./hotplug";
import { wake_callers, wake_thread } from "./kernel";
import { BP_DONE, BP_EAGAIN, BP_ECANCELED, BpState, decreaseReservation, increaseReservation } from "./reservation";
import { decreaseRun, increaseRun } from "./runs";
import { stats } from "./stats";

/** A state that the kernel does not have: the thread stopped between two batches and still holds the balloon mutex. */
const BP_YIELDED: BpState = 4;

const RETRY_UNLIMITED: u64 = 0;

/**
 * Returns how many pages to take out of the balloon, or, if negative, to put into it (current_credit,
 * drivers/xen/balloon.c). The numbers are unsigned and wrap.
 */
export function currentCredit(): i64 {
  return <i64>(stats.target_pages - stats.current_pages);
}

/** True if no page is in the balloon (list_empty of ballooned_pages, drivers/xen/balloon.c). */
export function listIsEmpty(): bool {
  return lowList.pages + highList.pages == 0;
}

/**
 * Updates the delay after a turn (update_schedule, drivers/xen/balloon.c): each failure doubles it up to its maximum,
 * and success resets it. Returns BP_ECANCELED, and resets it too, after one retry too many.
 */
function updateSchedule(state: BpState): BpState {
  if (state == BP_DONE) {
    stats.schedule_delay = 1;
    stats.retry_count = 1;
    return BP_DONE;
  }
  if (state != BP_EAGAIN) return state;
  stats.retry_count++;
  if (stats.max_retry_count != RETRY_UNLIMITED && stats.retry_count > stats.max_retry_count) {
    stats.schedule_delay = 1;
    stats.retry_count = 1;
    return BP_ECANCELED;
  }
  stats.schedule_delay = min(stats.schedule_delay << 1, stats.max_schedule_delay);
  return BP_EAGAIN;
}

/**
 * Runs the thread for at most `maxBatches` turns of its loop, from the end of a wait on, with the state that it had
 * (balloon_thread, drivers/xen/balloon.c); a run of pages may take many turns at once (runs.ts). After a turn that moved
 * pages the next one comes to the same schedule. Returns its state at the next wait, or BP_YIELDED if there is more to do;
 * the host then calls it again with BP_DONE.
 *
 * Callers that wait for pages are woken once for all pages of the run (balloon_append, drivers/xen/balloon.c, wakes them for
 * each): they run after it.
 */
export function runThread(state: BpState, maxBatches: u32): BpState {
  const before = lowList.pages + highList.pages;
  const now = runTurns(state, maxBatches);
  if (lowList.pages + highList.pages > before) wake_callers();
  return now;
}

function runTurns(state: BpState, maxBatches: u32): BpState {
  forgetCleared();
  let allowed: u32 = 0;
  for (let n: u32 = 0, made: u32 = 0; n < maxBatches; n += max(made, 1)) {
    const credit = currentCredit();
    const left = maxBatches - n;
    // a fault that was due may be over, but none comes to be due, and nobody begins to look at lists, during a run
    if (allowed == 0) allowed = batches_at_once();
    const atOnce = min(allowed, left);
    made = 0;
    if (credit > 0) {
      made = increaseRun(credit, atOnce);
      if (made != 0) state = BP_DONE;
      else state = listIsEmpty() ? reserveAdditionalMemory() : increaseReservation(credit, atOnce == 0);
    } else if (credit < 0) {
      const pages = min(<u64>-credit, availablePages(guest.totalReservePages));
      made = decreaseRun(pages, min(atOnce, fullTurns(pages, -credit)));
      state = made != 0 ? BP_DONE : decreaseOnce(pages, -credit, left, atOnce == 0);
    }
    state = updateSchedule(state);
    // in any other state the wait that begins is not over, and neither is it if there is nothing to do
    if (state != BP_DONE || currentCredit() == 0) return state;
  }
  return BP_YIELDED;
}

/**
 * Returns how many batches in a row are to end in BP_DONE: all, unless fewer pages are available than wanted, and then
 * those before which at least totalreserve_pages are.
 */
function fullTurns(pages: LongPages, wanted: LongPages): u32 {
  if (pages == wanted) return u32.MAX_VALUE;
  if (pages < guest.totalReservePages) return 0;
  return <u32>((pages - guest.totalReservePages) / guest.frameListCapacity) + 1;
}

/**
 * Makes one batch into the balloon, of the `wanted` pages as many as are available (balloon_thread,
 * drivers/xen/balloon.c): where these are fewer, and fewer than the kernel keeps back, the thread is to try again.
 */
function decreaseOnce(pages: LongPages, wanted: LongPages, batches: u32, watched: bool): BpState {
  const turns = min(batches, max(fullTurns(pages, wanted), 1));
  const certain = min(pages, <u64>turns * guest.frameListCapacity);
  const state = decreaseReservation(pages, true, certain, watched);
  return state == BP_DONE && pages != wanted && pages < guest.totalReservePages ? BP_EAGAIN : state;
}

/** Sets the target and wakes the thread (balloon_set_new_target, drivers/xen/balloon.c). */
export function setNewTarget(pages: LongPages): void {
  stats.target_pages = pages;
  wake_thread();
}
