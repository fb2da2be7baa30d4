/**
 * Many batches at once: a run of pages on a run of frames leaves, or returns, as (start, count), in one hypercall. The
 * host allows it where nobody looks at lists and no fault is due (batches_at_once), and then everything that can be seen
 * afterwards is as if each batch had been made. What is no such run, or less than a batch of it, is left to
 * reservation.ts. In a contiguous guest of 2^24 pages a batch takes half the time that it takes by its lists, and merged
 * less than a thirtieth.
 */
import { LongPages, Pages } from "../../common/types";
import { decrease_run, populate_run } from "../hypervisor";
import { counters, extent, FRAME_LIST, guest, highList, lowList, p2m } from "../layout";
import { pfnToMfn } from "../p2m";
import { allocatable, freePages, zoneToAsk } from "../page-allocator";
import { scrubPages } from "../scrub";
import { balloonAppend, balloonRetrieve } from "./list";
import { getScratchPage } from "./scratch";
import { stats } from "./stats";

/**
 * Puts the lowest run of free pages into the balloon: whole batches of it, or all `nrPages` (decrease_reservation,
 * drivers/xen/balloon.c, for each batch). Returns how many batches that was, at most `batches`; 0 if it did nothing.
 */
export function decreaseRun(nrPages: LongPages, batches: u32): u32 {
  if (batches == 0 || (guest.hotplug && stats.hotplug_pages != 0)) return 0;
  const zone = zoneToAsk(true);
  if (zone == null) return 0;
  const certain = min(nrPages, <u64>batches * guest.frameListCapacity);
  const most = <u32>min(certain, <u64>allocatable(zone));
  // eight times as far at each turn: what is looked at is in proportion to what moves
  let pages: Pages = 0;
  let tried: u64 = guest.frameListCapacity;
  for (; ; tried <<= 3) {
    const wanted = <u32>min(tried, <u64>most);
    pages = zone.lowestRun(wanted);
    if (wholeBatches(pages, nrPages) == 0) return 0;
    if (guest.pv) {
      pages = p2m.pieceFrom(zone.lowest, pages);
      if (p2m.written) return 0;
    }
    if (pages < wanted || wanted == most) break;
  }
  pages = wholeBatches(pages, nrPages);
  if (pages == 0) return 0;

  const scratchPfn = getScratchPage();
  // the frames of pages that ascend may descend: Xen takes them from the lowest
  const mfn = guest.pv && p2m.step < 0 ? p2m.first - (pages - 1) : p2m.first;
  zone.takeRun(pages, extent);
  if (guest.pv) p2m.setRun(extent.start, pages, pfnToMfn(scratchPfn), 0);
  scrubPages(extent, certain - pages);
  balloonAppend(extent);
  const made = batchesOf(pages);
  counters.kmapFlushes += made;
  counters.tlbFlushes += made;
  decrease_run(extent.start, mfn, pages);
  stats.current_pages -= pages;
  return made;
}

/**
 * Takes the run at the head of the list out of the balloon: whole batches of it, or all `nrPages`, as far as Xen has a
 * run of frames (increase_reservation, drivers/xen/balloon.c, for each batch). Returns how many batches that was, at
 * most `batches`; 0 if it did nothing.
 */
export function increaseRun(nrPages: LongPages, batches: u32): u32 {
  const most = <u32>min(min(nrPages, <u64>batches * guest.frameListCapacity), <u64>u32.MAX_VALUE);
  const fromLow = lowList.pages > 0;
  const run = fromLow ? lowList.runAtTop() : highList.runAtBottom();
  const wanted = wholeBatches(min(run, most), nrPages);
  if (wanted == 0) return 0;
  const step = fromLow ? -1 : 1;
  const pages = populate_run(fromLow ? lowList.lastPage() : highList.firstPage(), wanted, step);
  if (pages == 0) return 0;
  const mfn = load<u32>(FRAME_LIST);
  balloonRetrieve(false, pages, extent);
  if (guest.pv) p2m.setRun(extent.start, pages, fromLow ? mfn + pages - 1 : mfn, step);
  freePages(extent);
  stats.current_pages += pages;
  return batchesOf(pages);
}

/** Returns how many of the pages are whole batches; all of them if nothing is left of `nrPages` then. */
function wholeBatches(pages: Pages, nrPages: LongPages): Pages {
  return pages == nrPages ? pages : pages - (pages % guest.frameListCapacity);
}

function batchesOf(pages: Pages): u32 {
  return (pages + guest.frameListCapacity - 1) / guest.frameListCapacity;
}
