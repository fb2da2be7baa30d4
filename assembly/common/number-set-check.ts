/** Checks the invariants of a NumberSet (number-set.ts); the validators of the debug builds call it. */
import { NumberSet } from "./number-set";

/** True if the bitmap, its summaries, `hint` and `count` agree, and the word that ends the last run is 0. O(size). */
export function isConsistent(set: NumberSet): bool {
  const words = <u32>((set.some - set.words) >>> 3);
  const summaries = <u32>((set.all - set.some) >>> 3);
  let count: u32 = 0;
  for (let w: u32 = 0; w < words; w++) {
    const members = load<u64>(set.words + (w << 3));
    const all = bitOf(set.all, w);
    if (all && members != 0) return false;
    if (bitOf(set.some, w) != (all || members != 0)) return false;
    count += all ? 64 : <u32>popcnt(members);
  }
  for (let s: u32 = 0; s < summaries; s++) {
    const filled = load<u64>(set.some + (s << 3)) != 0;
    if (bitOf(set.top, s) != filled) return false;
    if (filled && s >>> 6 < set.hint) return false;
  }
  return count == set.count && load<u64>(set.all + ((summaries - 1) << 3)) == 0;
}

function bitOf(words: usize, n: u32): bool {
  return <bool>((load<u64>(words + ((n >>> 6) << 3)) >> (n & 63)) & 1);
}
