/** The worker: how many pages are to move, batch after batch, and when to try again (balloon_process). */

import { LongPages } from "../common/types";
import { reserveAdditionalMemory } from "./hotplug";
import { schedule_delayed_work } from "./kernel";
import { guest, stats } from "./layout";
import { BP_DONE, BP_EAGAIN, BP_ECANCELED, BpState, decreaseReservation, increaseReservation } from "./reservation";
import { forgetCleared } from "./scrub";

/** Not one of the kernel's: stopped between two batches, the balloon mutex held. */
const BP_YIELDED: BpState = 3;

const RETRY_UNLIMITED: u64 = 0;

/** current_credit: pages to take out of the balloon, or, negative, to put into it. min() compares unsigned. */
export function currentCredit(): i64 {
  if (guest.hotplug) return <i64>(stats.target_pages - stats.current_pages - stats.hotplug_pages);
  const reachable = stats.current_pages + stats.balloon_low + stats.balloon_high;
  return <i64>(min(stats.target_pages, reachable) - stats.current_pages);
}

function balloonIsInflated(): bool {
  if (stats.balloon_low != 0 || stats.balloon_high != 0) return true;
  return guest.hotplug && stats.balloon_hotplug != 0;
}

/** update_schedule: the delay doubles with every failure up to its maximum, and success resets it. */
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

/** balloon_process: up to `maxBatches` turns of its loop. The host calls again where it answers BP_YIELDED. */
export function runWorker(maxBatches: u32): BpState {
  forgetCleared();
  for (let n: u32 = 0; n < maxBatches; n++) {
    const credit = currentCredit();
    let state = BP_DONE;
    if (credit > 0) {
      state = balloonIsInflated() ? increaseReservation(credit) : reserveAdditionalMemory(credit);
    } else if (credit < 0) {
      const batches: u64 = maxBatches - n;
      state = decreaseReservation(-credit, true, min(<u64>-credit, batches * guest.frameListCapacity));
    }
    state = updateSchedule(state);
    if (state == BP_EAGAIN) schedule_delayed_work(<f64>stats.schedule_delay);
    if (credit == 0 || state != BP_DONE) return state;
  }
  return BP_YIELDED;
}

/** balloon_set_new_target. */
export function setNewTarget(pages: LongPages): void {
  stats.target_pages = pages;
  schedule_delayed_work(0);
}
