/**
 * Lists and tables of u32 entries. A table (P2M, M2P, a physmap) stores the complement of each entry; a list holds the
 * plain numbers. A list is contiguous where each entry is the one before it plus 1, or each is the one before it minus
 * 1.
 *
 * Each loop moves sixteen entries in one turn, because V8 spends as much time on the turn as on moving 64 bytes: 2 KiB
 * copied as a complement took 116 ns with four entries in a turn and 63 ns with sixteen. Each loop tests at its end,
 * because V8 computes the loop's constants anew in every turn if the loop may end before it uses them: with the test at
 * the end, contiguousLength compares 2 KiB 1.6 times as fast. All functions take time proportional to `count`, or to
 * the entries that they look at.
 */

/** Copies `count` entries from `from` to `to` as their complements. */
export function copyComplement(to: usize, from: usize, count: u32): void {
  const end = to + (count << 2);
  if (count >= 16) {
    const last = end - 64;
    const ones = i32x4.splat(-1);
    do {
      v128.store(to, v128.xor(ones, v128.load(from)));
      v128.store(to, v128.xor(ones, v128.load(from, 16)), 16);
      v128.store(to, v128.xor(ones, v128.load(from, 32)), 32);
      v128.store(to, v128.xor(ones, v128.load(from, 48)), 48);
      to += 64;
      from += 64;
    } while (to <= last);
  }
  for (; to < end; to += 4, from += 4) store<u32>(to, ~load<u32>(from));
}

/** Copies `count` entries as their complements in reverse order: the first entry of `from` goes just below `toEnd`. */
export function copyComplementReversed(toEnd: usize, from: usize, count: u32): void {
  const end = from + (count << 2);
  if (count >= 16) {
    const last = end - 64;
    const ones = i32x4.splat(-1);
    do {
      toEnd -= 64;
      v128.store(toEnd, reversed(v128.xor(ones, v128.load(from))), 48);
      v128.store(toEnd, reversed(v128.xor(ones, v128.load(from, 16))), 32);
      v128.store(toEnd, reversed(v128.xor(ones, v128.load(from, 32))), 16);
      v128.store(toEnd, reversed(v128.xor(ones, v128.load(from, 48))));
      from += 64;
    } while (from <= last);
  }
  for (; from < end; from += 4) {
    toEnd -= 4;
    store<u32>(toEnd, ~load<u32>(from));
  }
}

function reversed(four: v128): v128 {
  return v128.shuffle<i32>(four, four, 3, 2, 1, 0);
}

/** Copies `count` entries from `from` to `to` in reverse order. */
export function copyReversed(to: usize, from: usize, count: u32): void {
  for (let at = from + (count << 2); at > from; to += 4) {
    at -= 4;
    store<u32>(to, load<u32>(at));
  }
}

/** Turns the order of `count` entries round. */
export function reverseEntries(list: usize, count: u32): void {
  for (let last = list + (count << 2) - 4; count > 1 && list < last; list += 4, last -= 4) {
    const entry = load<u32>(list);
    store<u32>(list, load<u32>(last));
    store<u32>(last, entry);
  }
}

/** Sets the `count` entries from `to` on to `value`. */
export function fillEntries(to: usize, value: u32, count: u32): void {
  const end = to + (count << 2);
  if (count >= 16) {
    const last = end - 64;
    const four = i32x4.splat(value);
    do {
      v128.store(to, four);
      v128.store(to, four, 16);
      v128.store(to, four, 32);
      v128.store(to, four, 48);
      to += 64;
    } while (to <= last);
  }
  for (; to < end; to += 4) store<u32>(to, value);
}

/** Writes first, first + step, … to `list`, `count` entries. */
export function writeContiguous(list: usize, first: u32, count: u32, step: i32): void {
  const end = list + (count << 2);
  let value = first;
  if (count >= 16) {
    const last = end - 64;
    let four = steps(first, step);
    const four1 = i32x4.splat(4 * step);
    const four2 = i32x4.splat(8 * step);
    const four3 = i32x4.splat(12 * step);
    const sixteen = i32x4.splat(16 * step);
    do {
      v128.store(list, four);
      v128.store(list, i32x4.add(four, four1), 16);
      v128.store(list, i32x4.add(four, four2), 32);
      v128.store(list, i32x4.add(four, four3), 48);
      four = i32x4.add(four, sixteen);
      list += 64;
    } while (list <= last);
    value = i32x4.extract_lane(four, 0);
  }
  for (; list < end; list += 4, value += step) store<u32>(list, value);
}

/**
 * Counts the entries from `list` on that are list[0], list[0] + step, …, where step is 1 or -1. Returns at least 1 and
 * at most `max`, which is at least 1.
 */
export function contiguousLength(list: usize, max: u32, step: i32): u32 {
  const first = load<u32>(list);
  const end = list + (max << 2);
  let at = list;
  if (max >= 16) {
    const last = end - 64;
    let four = steps(first, step);
    const four1 = i32x4.splat(4 * step);
    const four2 = i32x4.splat(8 * step);
    const four3 = i32x4.splat(12 * step);
    const sixteen = i32x4.splat(16 * step);
    do {
      const low = v128.or(v128.xor(v128.load(at), four), v128.xor(v128.load(at, 16), i32x4.add(four, four1)));
      const high = v128.or(
        v128.xor(v128.load(at, 32), i32x4.add(four, four2)),
        v128.xor(v128.load(at, 48), i32x4.add(four, four3)),
      );
      four = i32x4.add(four, sixteen);
      if (v128.any_true(v128.or(low, high))) break;
      at += 64;
    } while (at <= last);
  }
  let n = <u32>((at - list) >>> 2);
  while (n < max && load<u32>(list + (n << 2)) == first + n * step) n++;
  return n;
}

/** A contiguous list is looked for where at least this many entries are left; fewer are not worth the look. */
export const CONTIGUOUS_MIN: u32 = 64;

/**
 * Guesses from two entries whether the next CONTIGUOUS_MIN entries of the list are contiguous. Returns 1 if they may
 * ascend, -1 if they may descend, and 0 if they do neither or if fewer are left before `end`. contiguousLength tells
 * how far the guess holds.
 */
export function contiguousStep(list: usize, end: usize): i32 {
  const last = list + ((CONTIGUOUS_MIN - 1) << 2);
  if (last >= end) return 0;
  const way = <i32>(load<u32>(last) - load<u32>(list));
  return way == <i32>CONTIGUOUS_MIN - 1 ? 1 : way == 1 - <i32>CONTIGUOUS_MIN ? -1 : 0;
}

/** Returns the lanes first, first + step, first + 2 step, first + 3 step. */
function steps(first: u32, step: i32): v128 {
  return i32x4.add(i32x4.splat(first), i32x4.mul(i32x4.splat(step), i32x4(0, 1, 2, 3)));
}
