/** Ranges of bits in a bitmap of 64-bit words. `count` is at least 1 everywhere. */

const ALL: u64 = u64.MAX_VALUE;

/** From this many words on memory.fill beats a loop of stores (its call costs about 6 ns). */
const FILL_WORDS: u32 = 32;

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

export function countBits(words: usize, from: u32, count: u32): u32 {
  const last = from + count - 1;
  const head: u64 = ALL << (from & 63);
  const tail: u64 = ALL >> (63 - (last & 63));
  let at = words + ((from >>> 6) << 3);
  const end = words + ((last >>> 6) << 3);
  if (at == end) return <u32>popcnt(load<u64>(at) & head & tail);
  let bits = popcnt(load<u64>(at) & head) + popcnt(load<u64>(end) & tail);
  for (at += 8; at < end; at += 8) bits += popcnt(load<u64>(at));
  return <u32>bits;
}

/** Words from `at` up to `end` become `value`, which is all ones or all zeros. */
function fillWords(at: usize, end: usize, value: u64): void {
  if (at >= end) return;
  if (<u32>((end - at) >>> 3) >= FILL_WORDS) {
    memory.fill(at, <u8>value, end - at);
    return;
  }
  for (; at < end; at += 8) store<u64>(at, value);
}
