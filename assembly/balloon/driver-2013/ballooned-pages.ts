/**
 * Lends pages of the balloon to other drivers, which map foreign frames there (alloc_xenballooned_pages and
 * free_xenballooned_pages, drivers/xen/balloon.c). The array of pages is the caller's; it crosses the boundary through
 * the window, a part at a time.
 */
import { writeDown, writeUp } from "../../common/extent-list";
import { Pages } from "../../common/types";
import { batches_at_once } from "../hypervisor";
import { ENOMEM, Errno, load_pages, store_pages } from "../kernel";
import { extent, highList, lowList, WINDOW, WINDOW_CAPACITY } from "../layout";
import { forgetCleared } from "../scrub";
import { schedule_delayed_work } from "./kernel";
import { balloonAppend, balloonAppendPage, balloonRetrieve } from "./list";
import { BP_DONE, decreaseReservation } from "./reservation";
import { currentCredit } from "./worker";

/**
 * Lends `nrPages` pages and inflates the balloon if it has fewer (alloc_xenballooned_pages, drivers/xen/balloon.c).
 * Returns 0, or -ENOMEM after it has put all pages back.
 */
export function allocXenballoonedPages(nrPages: Pages, highmem: bool): Errno {
  forgetCleared();
  let taken: Pages = 0;
  let stored: Pages = 0; // so many of them are in the caller's array; the others are in the window
  while (taken < nrPages) {
    if (taken - stored == WINDOW_CAPACITY) stored = storeWindow(stored, taken);
    if (highmem || lowList.pages > 0) {
      const room = min(nrPages - taken, WINDOW_CAPACITY - (taken - stored));
      const order = balloonRetrieve(highmem, room, extent);
      if (order != 0) {
        const list = WINDOW + ((taken - stored) << 2);
        taken += order < 0 ? writeDown(list, extent, room) : writeUp(list, extent, room);
        continue;
      }
    } else if (highList.pages > 0) {
      // the kernel takes a high page off the head, cannot use it, and puts it back at the tail
      balloonRetrieve(false, 1, extent);
      balloonAppend(extent);
    }
    if (decreaseReservation(nrPages - taken, highmem, nrPages - taken, batches_at_once() == 0) != BP_DONE) {
      storeWindow(stored, taken);
      undo(taken);
      return ENOMEM;
    }
  }
  storeWindow(stored, taken);
  return 0;
}

/** Moves entries `stored` to taken - 1 from the window to the caller's array; returns `taken`, all of them stored. */
function storeWindow(stored: Pages, taken: Pages): Pages {
  if (taken > stored) store_pages(stored, taken - stored);
  return taken;
}

/**
 * Puts the pages that were taken back on the list, last page first, and schedules the worker, which brings the balloon
 * back to its target (out_undo of alloc_xenballooned_pages, drivers/xen/balloon.c).
 */
function undo(taken: Pages): void {
  while (taken > 0) {
    const count = min(taken, WINDOW_CAPACITY);
    taken -= count;
    load_pages(taken, count);
    for (let i = count; i > 0; i--) balloonAppendPage(load<u32>(WINDOW + ((i - 1) << 2)));
  }
  schedule_delayed_work(0);
}

/**
 * Takes back the first `nrPages` pages of the caller's array, none of which may be NULL (free_xenballooned_pages,
 * drivers/xen/balloon.c).
 */
export function freeXenballoonedPages(nrPages: Pages): void {
  for (let done: Pages = 0; done < nrPages; ) {
    const count = min(nrPages - done, WINDOW_CAPACITY);
    load_pages(done, count);
    for (let i: u32 = 0; i < count; i++) balloonAppendPage(load<u32>(WINDOW + (i << 2)));
    done += count;
  }
  if (currentCredit() != 0) schedule_delayed_work(0);
}
