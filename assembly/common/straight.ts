/**
 * Lists of u32 that go up or down by ones, as frame_list mostly does, four entries at a time. A list may be written
 * up to three entries past its end: whoever owns it has left room.
 */

/** Entries from `list` on that are list[0], list[0] + step, … for a step of 1 or -1; at most `max`, at least 1. */
export function straightLength(list: usize, max: u32, step: i32): u32 {
  let expected = i32x4.add(i32x4.splat(load<i32>(list)), i32x4.mul(i32x4.splat(step), i32x4(0, 1, 2, 3)));
  const four = i32x4.splat(4 * step);
  let n: u32 = 0;
  while (n + 4 <= max) {
    const different = v128.xor(v128.load(list + (n << 2)), expected);
    if (v128.any_true(different)) break;
    expected = i32x4.add(expected, four);
    n += 4;
  }
  const first = load<u32>(list);
  while (n < max && load<u32>(list + (n << 2)) == first + n * step) n++;
  return n;
}

/** Writes first, first + step, … */
export function writeStraight(list: usize, first: u32, count: u32, step: i32): void {
  let value = i32x4.add(i32x4.splat(first), i32x4.mul(i32x4.splat(step), i32x4(0, 1, 2, 3)));
  const four = i32x4.splat(4 * step);
  const end = list + (count << 2);
  for (; list < end; list += 16) {
    v128.store(list, value);
    value = i32x4.add(value, four);
  }
}

/** Writes start + b for the bits b of mask, lowest bit first. */
export function writeMaskUp(list: usize, start: u32, mask: u64): void {
  for (; mask != 0; mask &= mask - 1, list += 4) store<u32>(list, start + <u32>ctz(mask));
}

/** Writes start + b for the bits b of mask, highest bit first. */
export function writeMaskDown(list: usize, start: u32, mask: u64): void {
  for (; mask != 0; list += 4) {
    const bit = 63 - <u32>clz(mask);
    store<u32>(list, start + bit);
    mask ^= (<u64>1) << bit;
  }
}
