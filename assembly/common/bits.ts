/**
 * Ranges of bits in a bitmap. A bitmap is an array of 64-bit words in memory; bit n of it is bit n & 63 of word n >> 6.
 * Every function here takes the bits from `from` to from + count - 1, and the caller sees to it that `count` is at
 * least 1. The time is proportional to the number of words that the range touches.
 */

const ALL: u64 = u64.MAX_VALUE;

/** memory.fill is faster than a loop of stores from this many words on: its call costs about 6 ns. */
const FILL_WORDS: u32 = 32;

/** Sets the bits of the range. */
export function setBits(words: usize, from: u32, count: u32): void {
  const last = from + count - 1;
  const head: u64 = ALL << (from & 63);
  const tail: u64 = ALL >> (63 - (last & 63));
  const at = words + ((from >>> 6) << 3);
  const end = words + ((last >>> 6) << 3);
  if (at == end) {
    store<u64>(at, load<u64>(at) | (head & tail));
    return;
  }
  store<u64>(at, load<u64>(at) | head);
  store<u64>(end, load<u64>(end) | tail);
  fillWords(at + 8, end, ALL);
}

/** Clears the bits of the range. */
export function clearBits(words: usize, from: u32, count: u32): void {
  const last = from + count - 1;
  const head: u64 = ALL << (from & 63);
  const tail: u64 = ALL >> (63 - (last & 63));
  const at = words + ((from >>> 6) << 3);
  const end = words + ((last >>> 6) << 3);
  if (at == end) {
    store<u64>(at, load<u64>(at) & ~(head & tail));
    return;
  }
  store<u64>(at, load<u64>(at) & ~head);
  store<u64>(end, load<u64>(end) & ~tail);
  fillWords(at + 8, end, 0);
}

/** Returns how many bits from `from` on are set without a gap, at most `max`. A bit that is clear must follow them. */
export function runOfBits(words: usize, from: u32, max: u32): u32 {
  let at = words + ((from >>> 6) << 3);
  let count = <u32>ctz(~(load<u64>(at) >> (from & 63)));
  if (count < 64 - (from & 63)) return min(count, max);
  while (count < max) {
    at += 8;
    const bits = load<u64>(at);
    count += <u32>ctz(~bits);
    if (bits != ALL) break;
  }
  return min(count, max);
}

/** Fills the words from address `at` up to `end` with `value`, which is all ones or all zeros. */
function fillWords(at: usize, end: usize, value: u64): void {
  if (at >= end) return;
  if (<u32>((end - at) >>> 3) >= FILL_WORDS) {
    memory.fill(at, <u8>value, end - at);
    return;
  }
  for (; at < end; at += 8) store<u64>(at, value);
}
