/**
 * Writes the pages of entries of a deque in the order in which they leave it at one end. An extent that was read there
 * does not say this for masks and batches: the pages of a batch were put in in ascending order, or in descending order
 * where batches are reversed (entry-deque.ts).
 */
import { writeContiguous } from "../common/entries";
import { Extent } from "../common/extent";
import { writeDown, writeUp } from "../common/extent-list";
import { Pages } from "../common/types";
import { areBatches } from "./entry-deque";
import { guest } from "./layout";

/**
 * Writes the pages that leave at the top to `list`, but for the first `skip` of a run or of batches, and at most `max`;
 * returns how many. `entries` was read down from address `top`.
 */
export function writeFromTop(list: usize, top: usize, entries: Extent, skip: Pages, max: Pages): Pages {
  const count = min(entries.count - skip, max);
  if (BATCHES_REVERSED) {
    if (entries.masks != 0) return writeUp(list, entries, max);
    if (areBatches(load<u32>(top - 4))) return writeLastBatches(list, entries, skip, count);
  }
  if (skip != 0) entries.setRun(entries.start, entries.count - skip);
  return writeDown(list, entries, max);
}

/** Does the same at the bottom: `entries` was read up from address `bottom`. */
export function writeFromBottom(list: usize, bottom: usize, entries: Extent, skip: Pages, max: Pages): Pages {
  const count = min(entries.count - skip, max);
  if (BATCHES_REVERSED) {
    if (entries.masks != 0) return writeDown(list, entries, max);
    if (areBatches(load<u32>(bottom))) return writeFirstBatches(list, entries, skip, count);
  }
  if (skip != 0) entries.setRun(entries.start + skip, entries.count - skip);
  return writeUp(list, entries, max);
}

/** Writes `count` pages of batches after the first `skip`: the last batch first, each in ascending order. */
function writeLastBatches(list: usize, batches: Extent, skip: Pages, count: Pages): Pages {
  const batch = guest.frameListCapacity;
  const topmost = ((batches.count - 1) % batch) + 1;
  const end = batches.start + batches.count;
  for (let i = skip, stop = skip + count; i < stop; ) {
    // the place of page i in its batch, and how many batches lie between that one and the end
    const place = i < topmost ? i : (i - topmost) % batch;
    const size = i < topmost ? topmost : batch;
    const above = i < topmost ? topmost : topmost + ((i - topmost) / batch + 1) * batch;
    const pages = min(size - place, stop - i);
    writeContiguous(list, end - above + place, pages, 1);
    list += pages << 2;
    i += pages;
  }
  return count;
}

/** Writes `count` pages of batches after the first `skip`: the first batch first, each in descending order. */
function writeFirstBatches(list: usize, batches: Extent, skip: Pages, count: Pages): Pages {
  const batch = guest.frameListCapacity;
  for (let i = skip, stop = skip + count; i < stop; ) {
    const place = i % batch;
    const below = i - place;
    const size = min(batch, batches.count - below);
    const pages = min(size - place, stop - i);
    writeContiguous(list, batches.start + below + size - 1 - place, pages, -1);
    list += pages << 2;
    i += pages;
  }
  return count;
}
