/**
 * Names the parts of linear memory that hold the guest's state, for a snapshot. What is not in them is left over from
 * before, or was never written: nobody reads it. Between two calls of the driver, the state outside linear memory is
 * that of the layout, and `scratchEnd`, which is a bound that may be too high.
 */
import { addStretch, beginStretches, stretchCount } from "../common/stretches";
import {
  contentsBase,
  FRAME_LIST,
  GUEST,
  guest,
  highFree,
  highList,
  lowList,
  normalFree,
  PAGE_SHIFT,
  p2m,
  WINDOW,
  WINDOW_CAPACITY,
} from "./layout";

const PAGE_BYTES: usize = 1 << PAGE_SHIFT;

/**
 * Writes the stretches from address `from` on to the window, start and end of each; returns how many, 0 at the end. The
 * next call goes on from the end of the last. O(rows of the P2M + words of the summaries + pages with contents).
 */
export function stretchesFrom(from: usize): u32 {
  beginStretches(WINDOW, WINDOW_CAPACITY >>> 1, from);
  addStretch(GUEST, FRAME_LIST);
  normalFree.addStretches();
  highFree.addStretches();
  addStretch(lowList.bottom, lowList.top);
  addStretch(highList.bottom, highList.top);
  if (guest.pv) p2m.addStretches();
  if (guest.contents != 0) addContents(from);
  return stretchCount();
}

/** Adds the pages that are not all zeros. */
function addContents(from: usize): void {
  const end = contentsBase + ((<usize>guest.pfnLimit) << PAGE_SHIFT);
  for (let at = from > contentsBase ? from : contentsBase; at < end; at += PAGE_BYTES) {
    if (!isZero(at) && !addStretch(at, at + PAGE_BYTES)) return;
  }
}

/** True if the page at that address is all zeros. */
function isZero(page: usize): bool {
  for (let at = page; at < page + PAGE_BYTES; at += 64) {
    const low = v128.or(v128.load(at), v128.load(at, 16));
    const high = v128.or(v128.load(at, 32), v128.load(at, 48));
    if (v128.any_true(v128.or(low, high))) return false;
  }
  return true;
}
