/**
 * A set of numbers 0 … size-1 that is taken from lowest first: a bitmap under two summaries.
 *
 *   words      ▒▒▒▒▒▒▒▒ ▒▒▒▒▒▒▒▒ ▒▒▒▒▒▒▒▒ …   bit n & 63 of word n >> 6: n is a member
 *                  └──┐      │
 *   summary          ▒▒▒▒▒▒▒▒ …               bit w & 63 of word w >> 6: words[w] != 0
 *                       └──┐
 *   top                   ▒▒▒▒▒▒▒▒ …          bit s & 63 of word s >> 6: summary[s] != 0
 *
 * Invariants:
 *   count == bits set in words
 *   top[t] == 0 for t < hint
 *   the word after the last one of `words` is 0, so that a run always ends
 */
import { clearBits, setBits } from "./bits";
import { Extent, lowestBits } from "./extent";

const ALL: u64 = u64.MAX_VALUE;

@unmanaged
export class NumberSet {
  words: usize;
  summary: usize;
  top: usize;
  hint: u32;
  count: u32;

  /** Bytes that a set of numbers below `size` takes; a multiple of 8. */
  static bytesFor(size: u32): u32 {
    return (wordsFor(size) + wordsFor(wordsFor(size)) + wordsFor(wordsFor(wordsFor(size)))) << 3;
  }

  /** The empty set over zeroed memory at `at`; returns the end of what it takes. */
  init(at: usize, size: u32): usize {
    this.words = at;
    this.summary = this.words + (wordsFor(size) << 3);
    this.top = this.summary + (wordsFor(wordsFor(size)) << 3);
    this.hint = 0;
    this.count = 0;
    return at + NumberSet.bytesFor(size);
  }

  has(n: u32): bool {
    return <bool>((load<u64>(this.words + ((n >>> 6) << 3)) >> (n & 63)) & 1);
  }

  /** `n` is not a member yet. */
  add(n: u32): void {
    this.addMask(n & ~63, (<u64>1) << (n & 63));
  }

  /** Adds start + b for every bit b of mask, none of which is a member yet; start is a multiple of 64. */
  addMask(start: u32, mask: u64): void {
    const word = start >>> 6;
    const at = this.words + (word << 3);
    const bits = load<u64>(at);
    assert((bits & mask) == 0, "number-set: added twice");
    store<u64>(at, bits | mask);
    this.count += <u32>popcnt(mask);
    if (bits == 0) this.noteWord(word);
  }

  /** Adds start … start + count - 1, none of which is a member yet. */
  addRun(start: u32, count: u32): void {
    if (count < 2) {
      if (count == 1) this.add(start);
      return;
    }
    setBits(this.words, start, count);
    this.count += count;
    const word = start >>> 6;
    this.noteWords(word, ((start + count - 1) >>> 6) - word + 1);
  }

  /** The word is not 0 any more. */
  private noteWord(word: u32): void {
    const s = word >>> 6;
    const at = this.summary + (s << 3);
    const bits = load<u64>(at);
    store<u64>(at, bits | ((<u64>1) << (word & 63)));
    if (bits != 0) return;
    const t = s >>> 6;
    const top = this.top + (t << 3);
    store<u64>(top, load<u64>(top) | ((<u64>1) << (s & 63)));
    this.hint = min(this.hint, t);
  }

  /** The `count` words from `word` on are not 0 any more. */
  private noteWords(word: u32, count: u32): void {
    setBits(this.summary, word, count);
    const first = word >>> 6;
    const last = (word + count - 1) >>> 6;
    setBits(this.top, first, last - first + 1);
    this.hint = min(this.hint, first >>> 6);
  }

  /** Takes lowest members, at least one and at most `max`, as one extent. The set is not empty, max is not 0. */
  take(max: u32, out: Extent): void {
    assert(this.count > 0 && max > 0, "number-set: nothing to take");
    const word = this.lowestWord();
    const bits = load<u64>(this.words + (word << 3));
    const first = <u32>ctz(bits);
    const rest = bits >> first;
    const run = <u32>ctz(~rest);
    if (first + run < 64 && rest >> run != 0) {
      // more than one run in this word: all of them at once
      out.setMask(word << 6, <u32>popcnt(bits) <= max ? bits : lowestBits(bits, max));
      this.removeMask(word, out.mask);
    } else {
      const start = (word << 6) + first;
      out.setRun(start, this.runLength(start, max));
      this.removeRun(start, out.count);
    }
  }

  private lowestWord(): u32 {
    let t = this.hint;
    while (load<u64>(this.top + (t << 3)) == 0) t++;
    this.hint = t;
    const s = (t << 6) + <u32>ctz(load<u64>(this.top + (t << 3)));
    return (s << 6) + <u32>ctz(load<u64>(this.summary + (s << 3)));
  }

  /** How many members follow each other from `start` on; `max` at most, 0 where it is none itself. */
  runFrom(start: u32, max: u32): u32 {
    return max != 0 && this.has(start) ? this.runLength(start, max) : 0;
  }

  /** How many members follow each other from `start`, itself one, on; at most `max`. */
  private runLength(start: u32, max: u32): u32 {
    let at = this.words + ((start >>> 6) << 3);
    let count = <u32>ctz(~(load<u64>(at) >> (start & 63)));
    if (count < 64 - (start & 63)) return min(count, max);
    while (count < max) {
      at += 8;
      const bits = load<u64>(at);
      count += <u32>ctz(~bits);
      if (bits != ALL) break;
    }
    return min(count, max);
  }

  private removeMask(word: u32, mask: u64): void {
    const at = this.words + (word << 3);
    const bits = load<u64>(at) & ~mask;
    store<u64>(at, bits);
    this.count -= <u32>popcnt(mask);
    if (bits == 0) this.noteEmpty(word, word);
  }

  private removeRun(start: u32, count: u32): void {
    clearBits(this.words, start, count);
    this.count -= count;
    let first = start >>> 6;
    let last = (start + count - 1) >>> 6;
    // only the words at the two ends can have members left
    if (load<u64>(this.words + (first << 3)) != 0) first++;
    if (first <= last && load<u64>(this.words + (last << 3)) != 0) {
      if (first == last) return;
      last--;
    }
    if (first <= last) this.noteEmpty(first, last);
  }

  /** Words first … last are 0 now. */
  private noteEmpty(first: u32, last: u32): void {
    clearBits(this.summary, first, last - first + 1);
    let from = first >>> 6;
    let to = last >>> 6;
    if (load<u64>(this.summary + (from << 3)) != 0) from++;
    if (from <= to && load<u64>(this.summary + (to << 3)) != 0) {
      if (from == to) return;
      to--;
    }
    if (from <= to) clearBits(this.top, from, to - from + 1);
  }
}

/** Words of a bitmap of `bits` bits, with the 0 that ends its last run. */
function wordsFor(bits: u32): u32 {
  return (bits >>> 6) + 2;
}
