/** Names the parts of linear memory that hold the machine's state, for a snapshot. All of it is in linear memory. */
import { addStretch, beginStretches, stretchCount } from "../common/stretches";
import { addPhysmapStretch, FRAME_LIST, FRAME_LIST_CAPACITY, heap, STRUCTS } from "./layout";

/**
 * Writes the stretches from address `from` on to the list, start and end of each; returns how many, 0 at the end. The
 * next call goes on from the end of the last. O(words of the summaries).
 */
export function stretchesFrom(from: usize): u32 {
  beginStretches(FRAME_LIST, FRAME_LIST_CAPACITY >>> 1, from);
  addStretch(STRUCTS, FRAME_LIST);
  heap.addStretches();
  addPhysmapStretch();
  return stretchCount();
}
