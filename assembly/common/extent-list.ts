/** Extents as lists of u32. A mask is written whole: whoever owns the list has left room for what that spills over. */

import { copyReversed, writeContiguous } from "./entries";
import { Extent } from "./extent";
import { writeMaskDown, writeMaskUp } from "./lanes";

/** The first members, first first, `max` at most: how many. Of masks the words in turn, each lowest bit first. */
export function writeUp(list: usize, members: Extent, max: u32): u32 {
  const count = min(members.count, max);
  if (members.list != 0) memory.copy(list, members.list, count << 2);
  else if (members.masks == 0) writeContiguous(list, members.start, count, 1);
  else for (let i: u32 = 0; i < members.masks; i++) list = writeMaskUp(list, members.startOf(i), members.maskOf(i));
  return count;
}

/** The last members, last first, likewise. Of masks the words in turn, as read from the top, each highest bit first. */
export function writeDown(list: usize, members: Extent, max: u32): u32 {
  const count = min(members.count, max);
  if (members.list != 0) copyReversed(list, members.list + ((members.count - count) << 2), count);
  else if (members.masks == 0) writeContiguous(list, members.start + members.count - 1, count, -1);
  else for (let i: u32 = 0; i < members.masks; i++) list = writeMaskDown(list, members.startOf(i), members.maskOf(i));
  return count;
}
