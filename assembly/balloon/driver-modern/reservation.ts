/**
 * One batch out of the balloon, and one batch into it (increase_reservation and decrease_reservation,
 * drivers/xen/balloon.c). The kernel treats a batch page by page; this file treats it extent by extent, and does all
 * work on an extent at once. For each structure (frames, mappings, list, P2M, contents) the order of the changes is the
 * kernel's, where somebody can see it.
 */
import { reverseEntries } from "../../common/entries";
import { writeUp } from "../../common/extent-list";
import { LongPages, Pages } from "../../common/types";
import { memory_op, update_va_mappings, XENMEM_decrease_reservation, XENMEM_populate_physmap } from "../hypervisor";
import { BUG_DECREASE, BUG_VA_MAPPING, bug } from "../kernel";
import { counters, extent, FRAME_LIST, highList, lowList, PFN_LIST, SPARE } from "../layout";
import { INVALID_P2M_ENTRY, p2mBalloonOut, p2mPopulate } from "../p2m";
import { allocPages, freePages } from "../page-allocator";
import { adjustManaged, isHigh, listToFrameList } from "../page-list";
import { scrubPages } from "../scrub";
import { guest } from "./guest";
import { balloonRetrieve } from "./list";
import { stats } from "./stats";

/** enum bp_state (drivers/xen/balloon.c). */
export type BpState = i32;
export const BP_DONE: BpState = 0;
export const BP_WAIT: BpState = 1;
export const BP_EAGAIN: BpState = 2;
export const BP_ECANCELED: BpState = 3;

/**
 * Takes at most one batch of pages out of the balloon, from the head of the list, which is not empty, and gives them frames
 * (increase_reservation, drivers/xen/balloon.c). `watched` is as in hypervisor.ts. Returns BP_DONE if Xen gave at least one
 * frame, BP_EAGAIN if none.
 */
export function increaseReservation(nrPages: LongPages, watched: bool): BpState {
  const extents = min(<u32>min(nrPages, guest.frameListCapacity), lowList.pages + highList.pages);
  // Xen does not need the PFNs of a pv guest: it writes no M2P (m2p.ts)
  if (!guest.pv || watched) listToFrameList(extents);
  if (guest.pv && watched) memory.copy(PFN_LIST, FRAME_LIST, extents << 2);
  const rc = memory_op(XENMEM_populate_physmap, extents);
  if (rc <= 0) return BP_EAGAIN;

  const granted = <u32>rc;
  let lowPages: Pages = 0;
  for (let n: u32 = 0; n < granted; n += extent.count) {
    const order = balloonRetrieve(granted - n, extent);
    if (guest.pv) p2mPopulate(extent, FRAME_LIST + (n << 2), order);
    if (!isHigh(extent.first)) lowPages += extent.count;
    adjustManaged(extent, extent.count);
    freePages(extent);
  }
  if (guest.pv && update_va_mappings(granted, lowPages, true, 0) != 0) bug(BUG_VA_MAPPING);
  stats.current_pages += granted;
  return BP_DONE;
}

/**
 * Puts at most one batch of free pages into the balloon and gives their frames back (decrease_reservation,
 * drivers/xen/balloon.c). Returns BP_EAGAIN if the allocator refused a page. The caller promises to go on until
 * `certain` pages are in or the allocator refuses one, so that scrubbing may run ahead (scrub.ts).
 *
 * The pages come in ascending order, and their frames and the list get them last page first: the list's ends turn the batch
 * round, and the frames are turned round if somebody sees them.
 */
export function decreaseReservation(nrPages: LongPages, highmem: bool, certain: LongPages, watched: bool): BpState {
  let state = BP_DONE;
  let extents = <u32>min(nrPages, guest.frameListCapacity);
  let lowPages: Pages = 0;
  let turned = false; // several extents, which the list's ends turn round
  for (let n: u32 = 0; n < extents; n += extent.count) {
    if (!allocPages(highmem, extents - n, extent)) {
      extents = n;
      state = BP_EAGAIN;
      break;
    }
    const list = FRAME_LIST + (n << 2);
    if (guest.pv) p2mBalloonOut(extent, list, INVALID_P2M_ENTRY);
    else writeUp(list, extent, extent.count);
    if (guest.pv && watched) writeUp(PFN_LIST + (n << 2), extent, extent.count);
    scrubPages(extent, certain - n - extent.count);
    adjustManaged(extent, -(<i64>extent.count));
    const high = isHigh(extent.first);
    const pages = high ? highList : lowList;
    if (!high) lowPages += extent.count;
    if (extent.count == extents) {
      pages.pushBatch(extent);
      break;
    }
    if (!turned) {
      turned = true;
      lowList.beginBatch(extents);
      highList.beginBatch(extents);
    }
    pages.push(extent);
  }
  if (turned) {
    lowList.endBatch(SPARE);
    highList.endBatch(SPARE);
  }
  stats.balloon_low += lowPages;
  stats.balloon_high += extents - lowPages;
  if (watched) {
    reverseEntries(FRAME_LIST, extents);
    if (guest.pv) reverseEntries(PFN_LIST, extents);
  }
  counters.kmapFlushes++;
  if (guest.pv && update_va_mappings(extents, lowPages, false, 0) != 0) bug(BUG_VA_MAPPING);
  counters.tlbFlushes++;

  if (memory_op(XENMEM_decrease_reservation, extents) != extents) bug(BUG_DECREASE);
  stats.current_pages -= extents;
  return state;
}
