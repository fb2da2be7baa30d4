/**
 * Many batches at once: a run of pages on a run of frames leaves, or returns, as (start, count), in one hypercall. The
 * host allows it where nobody looks at lists and no fault is due (batches_at_once), and then everything that can be seen
 * afterwards is as if each batch had been made. What is no such run, or less than a batch of it, is left to
 * reservation.ts.
 *
 * The batches of a run lie on the list as one entry (entry-deque.ts): the last batch leaves first, in ascending order. So
 * the frames of a run that came back ascend batch by batch, and each batch has lower frames than the one before it: all of
 * them together are a run of frames, or a few.
 */
import { LongPages, Mfn, Pages, Pfn } from "../../common/types";
import { populate_run } from "../hypervisor";
import { counters, extent, FRAME_LIST, highFree, highList, lowList, p2m } from "../layout";
import { INVALID_P2M_ENTRY } from "../p2m";
import { allocatable, freePages, zoneToAsk } from "../page-allocator";
import { adjustManaged } from "../page-list";
import { scrubPages } from "../scrub";
import { guest } from "./guest";
import { decrease_part, populate_batches } from "./hypervisor";
import { balloonRetrieve } from "./list";
import { stats } from "./stats";

/**
 * Puts the lowest run of free pages into the balloon: whole batches of it, or all `nrPages` (decrease_reservation,
 * drivers/xen/balloon.c, for each batch). Returns how many batches that was, at most `batches`; 0 if it did nothing.
 */
export function decreaseRun(nrPages: LongPages, batches: u32): u32 {
  if (batches == 0) return 0;
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
    if (guest.pv) pages = p2m.unwritten(zone.lowest, pages);
    if (pages < wanted || wanted == most) break;
  }
  pages = wholeBatches(pages, nrPages);
  if (pages == 0) return 0;

  zone.takeRun(pages, extent);
  const made = batchesOf(pages);
  decreaseFrames(extent.start, pages);
  scrubPages(extent, certain - pages);
  adjustManaged(extent, -(<i64>pages));
  if (zone == highFree) {
    highList.pushBatches(extent.start, pages);
    stats.balloon_high += pages;
  } else {
    lowList.pushBatches(extent.start, pages);
    stats.balloon_low += pages;
  }
  counters.kmapFlushes += made;
  counters.tlbFlushes += made;
  stats.current_pages -= pages;
  return made;
}

/**
 * Takes the frames of pages pfn, pfn + 1, …, which are whole batches, away and gives them back, a run of frames at a time.
 * Somebody may hear of the last run: P2M names none of the frames by then.
 */
function decreaseFrames(pfn: Pfn, pages: Pages): void {
  let mfn: Mfn = 0;
  let frames = pages;
  if (guest.pv) {
    for (let done: Pages = 0; ; ) {
      frames = p2m.runFrom(pfn + done, pages - done);
      mfn = p2m.first;
      done += frames;
      if (done == pages) break;
      decrease_part(pfn, mfn, frames, 0);
    }
    p2m.setRun(pfn, pages, INVALID_P2M_ENTRY, 0);
  }
  decrease_part(pfn, mfn, frames, pages);
}

/**
 * Takes the run or the batches at the head of the list out of the balloon: as many whole batches, or all `nrPages`, as Xen
 * has a run of frames for (increase_reservation, drivers/xen/balloon.c, for each batch). Returns how many batches that was,
 * at most `batches`; 0 if it did nothing.
 */
export function increaseRun(nrPages: LongPages, batches: u32): u32 {
  const most = <u32>min(min(nrPages, <u64>batches * guest.frameListCapacity), <u64>u32.MAX_VALUE);
  if (most == 0) return 0;
  if (lowList.pages != 0) {
    if (lowList.topIsBatches) return increaseBatches(wholeBatches(min(lowList.batchesAtTop(), most), nrPages));
    return increaseOne(lowList.lastPage(), wholeBatches(min(lowList.runAtTop(), most), nrPages), -1);
  }
  if (highList.pages == 0) return 0;
  if (!highList.bottomIsBatches) {
    return increaseOne(highList.firstPage(), wholeBatches(min(highList.runAtBottom(), most), nrPages), 1);
  }
  const batch = highList.bottomBatch();
  return increaseOne(highList.firstPage() + batch - 1, wholeBatches(min(batch, most), nrPages), -1);
}

/** Takes the pages pfn, pfn + step, …, which are at the head of the list; returns how many batches that was. */
function increaseOne(pfn: Pfn, wanted: Pages, step: i32): u32 {
  if (wanted == 0) return 0;
  const pages = populate_run(pfn, wanted, step);
  if (pages == 0) return 0;
  const mfn = load<u32>(FRAME_LIST);
  balloonRetrieve(pages, extent);
  if (guest.pv) p2m.setRun(extent.start, pages, step < 0 ? mfn + pages - 1 : mfn, step);
  adjustManaged(extent, pages);
  freePages(extent);
  stats.current_pages += pages;
  return batchesOf(pages);
}

/** Takes the batches at the head of the list, which batchesAtTop has found, all of them low; returns how many that was. */
function increaseBatches(wanted: Pages): u32 {
  if (wanted == 0) return 0;
  const topmost = lowList.topmost;
  const end = lowList.topmostEnd;
  const nextEnd = lowList.nextEnd;
  const pages = populate_batches(wanted, end, topmost, nextEnd);
  if (pages == 0) return 0;
  const mfn = load<u32>(FRAME_LIST);
  if (guest.pv) p2m.setBatches(end, topmost, nextEnd, guest.frameListCapacity, pages, mfn);
  for (let left = pages; left > 0; left -= extent.count) {
    lowList.takeBatches(left, extent);
    adjustManaged(extent, extent.count);
    freePages(extent);
  }
  stats.balloon_low -= pages;
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
