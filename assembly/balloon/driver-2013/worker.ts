/**
 * The worker (balloon_process, drivers/xen/balloon.c): works out how many pages are to move, moves them batch by batch,
 * and decides when to try again.
 */

import { LongPages } from "../../common/types";
import { batches_at_once } from "../hypervisor";
import { guest } from "../layout";
import { forgetCleared } from "../scrub";
import { reserveAdditionalMemory } from "./hotplug";
import { schedule_delayed_work } from "./kernel";
import { BP_DONE, BP_EAGAIN, BP_ECANCELED, BpState, decreaseReservation, increaseReservation } from "./reservation";
import { decreaseRun, increaseRun } from "./runs";
import { stats } from "./stats";

/** A state that the kernel does not have: the worker stopped between two batches and still holds the balloon mutex. */
const BP_YIELDED: BpState = 3;

const RETRY_UNLIMITED: u64 = 0;

/**
 * Returns how many pages to take out of the balloon, or, if negative, to put into it (current_credit,
 * drivers/xen/balloon.c). The numbers are unsigned and wrap, and min compares them as unsigned.
 */
export function currentCredit(): i64 {
  if (guest.hotplug) return <i64>(stats.target_pages - stats.current_pages - stats.hotplug_pages);
  const reachable = stats.current_pages + stats.balloon_low + stats.balloon_high;
  return <i64>(min(stats.target_pages, reachable) - stats.current_pages);
}

/** True if pages can be taken out of the balloon (balloon_is_inflated, drivers/xen/balloon.c). */
function balloonIsInflated(): bool {
  if (stats.balloon_low != 0 || stats.balloon_high != 0) return true;
  return guest.hotplug && stats.balloon_hotplug != 0;
}

/**
 * Updates the delay after a batch (update_schedule, drivers/xen/balloon.c): each failure doubles it up to its maximum,
 * and success resets it. Returns BP_ECANCELED, and resets it too, after one retry too many.
 */
function updateSchedule(state: BpState): BpState {
  if (state == BP_DONE) {
    stats.schedule_delay = 1;
    stats.retry_count = 1;
    return BP_DONE;
  }
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
 * Runs the worker for at most `maxBatches` turns of its loop (balloon_process, drivers/xen/balloon.c); a run of pages may
 * take many turns at once (runs.ts). After a turn that moved pages the next one comes to the same schedule. Returns
 * BP_YIELDED if there is more to do; the host then calls it again.
 */
export function runWorker(maxBatches: u32): BpState {
  forgetCleared();
  let allowed: u32 = 0;
  for (let n: u32 = 0, made: u32 = 0; n < maxBatches; n += max(made, 1)) {
    const credit = currentCredit();
    const left = maxBatches - n;
    // a fault that was due may be over, but none comes to be due, and nobody begins to look at lists, during a run
    if (allowed == 0) allowed = batches_at_once();
    const atOnce = min(allowed, left);
    let state = BP_DONE;
    made = 0;
    if (credit > 0) {
      made = increaseRun(credit, atOnce);
      if (made == 0) {
        state = balloonIsInflated() ? increaseReservation(credit, atOnce == 0) : reserveAdditionalMemory(credit);
      }
    } else if (credit < 0) {
      made = decreaseRun(-credit, atOnce);
      if (made == 0) {
        const certain = min(<u64>-credit, <u64>left * guest.frameListCapacity);
        state = decreaseReservation(-credit, true, certain, atOnce == 0);
      }
    }
    state = updateSchedule(state);
    if (state == BP_EAGAIN) schedule_delayed_work(<f64>stats.schedule_delay);
    if (credit == 0 || state != BP_DONE) return state;
  }
  return BP_YIELDED;
}

/** Sets the target and schedules the worker at once (balloon_set_new_target, drivers/xen/balloon.c). */
export function setNewTarget(pages: LongPages): void {
  stats.target_pages = pages;
  schedule_delayed_work(0);
}
