/**
 * Writes the members of an extent to a list of u32 entries. Masks are written whole, even if that is more than `max`
 * members, and a mask's writes reach past the list's end (mask-list.ts): the owner of the list leaves room for both.
 */

import { copyReversed, writeContiguous } from "./entries";
import { Extent } from "./extent";
import { writeMaskDown, writeMaskUp } from "./mask-list";

/**
 * Writes the first members, at most `max` of them, in ascending order; returns how many. The members of a list keep the
 * list's order. Masks are written one after the other in the extent's order, each from its lowest bit up.
 */
export function writeUp(list: usize, members: Extent, max: u32): u32 {
  const count = min(members.count, max);
  if (members.list != 0) memory.copy(list, members.list, count << 2);
  else if (members.masks == 0) writeContiguous(list, members.start, count, 1);
  else for (let i: u32 = 0; i < members.masks; i++) list = writeMaskUp(list, members.startOf(i), members.maskOf(i));
  return count;
}

/**
 * Writes the last members, at most `max` of them, last member first; returns how many. Masks are written one after the
 * other in the extent's order, each from its highest bit down: an extent that was read from the top of a deque holds
 * the last mask first (balloon/entry-deque.ts).
 */
export function writeDown(list: usize, members: Extent, max: u32): u32 {
  const count = min(members.count, max);
  if (members.list != 0) copyReversed(list, members.list + ((members.count - count) << 2), count);
  else if (members.masks == 0) writeContiguous(list, members.start + members.count - 1, count, -1);
  else for (let i: u32 = 0; i < members.masks; i++) list = writeMaskDown(list, members.startOf(i), members.maskOf(i));
  return count;
}
