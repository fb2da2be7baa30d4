/**
 * Lends pages of the balloon to other drivers, which map foreign frames there (xen_alloc_ballooned_pages and
 * xen_free_ballooned_pages, drivers/xen/balloon.c). The array of pages is the caller's; it crosses the boundary through
 * the window, a part at a time. A caller may have to wait for pages: the host keeps its array, and calls again.
 */
import { writeDown, writeUp } from "../../common/extent-list";
import { Pages, Pfn } from "../../common/types";
import { batches_at_once } from "../hypervisor";
import { ENOMEM, Errno, load_pages, store_pages } from "../kernel";
import { extent, lowList, WINDOW, WINDOW_CAPACITY } from "../layout";
import { availablePages } from "../page-allocator";
import { forgetCleared } from "../scrub";
import { guest } from "./guest";
import { reserveAdditionalMemory } from "./hotplug";
import { wake_callers, wake_thread } from "./kernel";
import { balloonAppendPage, balloonRetrieve } from "./list";
import { BP_DONE, BP_ECANCELED, decreaseReservation } from "./reservation";
import { stats } from "./stats";
import { currentCredit, listIsEmpty } from "./thread";

/** The caller has to wait until the list is not empty. */
const WAITS: i32 = 1;

/** The pages that the last caller has, all of them in its array. */
let taken: Pages = 0;

/** Returns how many pages are in the array of the caller that last went on. */
export function loanGot(): Pages {
  return taken;
}

/** Begins a loan of `nrPages` pages. Returns 0, -errno after it has put all pages back, or WAITS. */
export function beginLoan(nrPages: Pages): i32 {
  stats.target_unpopulated += nrPages;
  return continueLoan(nrPages, 0);
}

/**
 * Lends until the caller has `nrPages` pages, of which it has `had` (the loop of xen_alloc_ballooned_pages,
 * drivers/xen/balloon.c). Returns 0, -errno after it has put all pages back, or WAITS.
 */
export function continueLoan(nrPages: Pages, had: Pages): i32 {
  forgetCleared();
  taken = had;
  let stored = had; // so many of them are in the caller's array; the others are in the window
  while (taken < nrPages) {
    if (taken - stored == WINDOW_CAPACITY) stored = storeWindow(stored);
    let rc: i32 = 0;
    if (lowList.pages > 0) {
      rc = takePages(nrPages - taken, WINDOW + ((taken - stored) << 2), WINDOW_CAPACITY - (taken - stored));
    } else {
      rc = addBalloonedPages(nrPages - taken);
    }
    if (rc == 0) continue;
    storeWindow(stored);
    if (rc < 0) undo(nrPages);
    return rc;
  }
  storeWindow(stored);
  return 0;
}

/** Takes up to `wanted` low pages off the head of the list, at most `room` of them; returns 0 or -errno. */
function takePages(wanted: Pages, list: usize, room: Pages): Errno {
  // xen_alloc_p2m_entry of each page
  const fails = guest.pv && guest.allocP2mTimes > 0;
  const most = fails ? 1 : min(wanted, room);
  const order = balloonRetrieve(most, extent);
  taken += order < 0 ? writeDown(list, extent, most) : writeUp(list, extent, most);
  if (!fails) return 0;
  guest.allocP2mTimes--;
  return guest.allocP2mRc;
}

/**
 * Puts more pages on the list, at least `wanted` of them if it has hotplugged ones to wait for (add_ballooned_pages,
 * drivers/xen/balloon.c). Returns 0, -ENOMEM, or WAITS.
 */
function addBalloonedPages(wanted: Pages): i32 {
  if (guest.hotplugUnpopulated && reserveAdditionalMemory() != BP_ECANCELED) return listIsEmpty() ? WAITS : 0;
  if (availablePages(guest.totalReservePages) < wanted) return ENOMEM;
  const pages = min(wanted, guest.frameListCapacity);
  return decreaseReservation(pages, false, pages, batches_at_once() == 0) == BP_DONE ? 0 : ENOMEM;
}

/** Moves the window's pages, those from `stored` on, to the caller's array; returns how many it has then. */
function storeWindow(stored: Pages): Pages {
  if (taken > stored) store_pages(stored, taken - stored);
  return taken;
}

/** Fails a loan of `nrPages` pages that waits and has `had`: puts them back. */
export function cancelLoan(nrPages: Pages, had: Pages): void {
  taken = had;
  undo(nrPages);
}

/** Puts the pages that were taken back on the list, first page first (out_undo of xen_alloc_ballooned_pages). */
function undo(nrPages: Pages): void {
  freeBalloonedPages(taken, taken);
  // xen_free_ballooned_pages only subtracts those that were there
  stats.target_unpopulated -= nrPages - taken;
}

/**
 * Takes back the first `count` pages of the caller's array, none of which may be NULL, of an array that was lent with
 * `nrPages` (xen_free_ballooned_pages, drivers/xen/balloon.c).
 */
export function freeBalloonedPages(count: Pages, nrPages: Pages): void {
  for (let done: Pages = 0; done < count; ) {
    const part = min(count - done, WINDOW_CAPACITY);
    load_pages(done, part);
    for (let i: u32 = 0; i < part; i++) balloonAppendPage(<Pfn>load<u32>(WINDOW + (i << 2)));
    done += part;
  }
  if (count != 0) wake_callers();
  stats.target_unpopulated -= nrPages;
  if (currentCredit() != 0) wake_thread();
}

/** Makes the next `times` preparations of the P2M for a page that is lent answer `rc`. */
export function failAllocP2m(rc: Errno, times: u32): void {
  guest.allocP2mRc = rc;
  guest.allocP2mTimes = times;
}
