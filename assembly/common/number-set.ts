/**
 * A set of numbers base … base + size - 1 that is taken from lowest first: a bitmap under two summaries. The base is a
 * multiple of 64, so that a mask keeps its word.
 *
 *   words      ▒▒▒▒▒▒▒▒ ▒▒▒▒▒▒▒▒ ▒▒▒▒▒▒▒▒ …   bit n & 63 of word n >> 6: base + n is a member
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
import { clearBits, countBits, setBits } from "./bits";
import { CONTIGUOUS_MIN, contiguousLength, contiguousStep } from "./entries";
import { Extent, isRun, lowestBits } from "./extent";

const ALL: u64 = u64.MAX_VALUE;

@unmanaged
export class NumberSet {
  words: usize;
  summary: usize;
  top: usize;
  hint: u32;
  count: u32;
  base: u32;

  /** Bytes that a set of numbers below `size` takes; a multiple of 8. */
  static bytesFor(size: u32): u32 {
    return (wordsFor(size) + wordsFor(wordsFor(size)) + wordsFor(wordsFor(wordsFor(size)))) << 3;
  }

  /** The empty set over zeroed memory at `at`; returns the end of what it takes. */
  init(at: usize, base: u32, size: u32): usize {
    assert((base & 63) == 0, "number-set: a base amid a word");
    this.base = base;
    this.words = at;
    this.summary = this.words + (wordsFor(size) << 3);
    this.top = this.summary + (wordsFor(wordsFor(size)) << 3);
    this.hint = 0;
    this.count = 0;
    return at + NumberSet.bytesFor(size);
  }

  has(n: u32): bool {
    return <bool>((load<u64>(this.words + (((n - this.base) >>> 6) << 3)) >> (n & 63)) & 1);
  }

  /** `n` is not a member yet. */
  add(n: u32): void {
    this.count++;
    const word = (n - this.base) >>> 6;
    if (this.fill(word, (<u64>1) << (n & 63))) this.noteWord(word);
  }

  /** None of its members is one yet. */
  addExtent(extent: Extent): void {
    if (extent.list != 0) {
      this.addList(extent.list, extent.count);
    } else if (extent.masks == 0) {
      this.addRun(extent.start, extent.count);
    } else {
      this.count += extent.count;
      const base = this.base;
      for (let i: u32 = 0; i < extent.masks; i++) {
        const word = (extent.startOf(i) - base) >>> 6;
        if (this.fill(word, extent.maskOf(i))) this.noteWord(word);
      }
    }
  }

  /** Adds start … start + count - 1, none of which is a member yet. */
  addRun(start: u32, count: u32): void {
    if (count < 2) {
      if (count == 1) this.add(start);
      return;
    }
    // without assertions the condition would still be looked at
    if (!ASC_NO_ASSERT) assert(!this.hasAny(start, count), "number-set: added twice");
    const from = start - this.base;
    setBits(this.words, from, count);
    this.count += count;
    const word = from >>> 6;
    this.noteWords(word, ((from + count - 1) >>> 6) - word + 1);
  }

  /** For assertions. */
  private hasAny(start: u32, count: u32): bool {
    for (let i: u32 = 0; i < count; i++) if (this.has(start + i)) return true;
    return false;
  }

  /** Adds the `count` numbers of `list`, in any order; none of them is a member yet. */
  addList(list: usize, count: u32): void {
    const end = list + (count << 2);
    while (list < end) {
      const step = contiguousStep(list, end);
      if (step != 0) {
        const run = contiguousLength(list, <u32>((end - list) >>> 2), step);
        this.addRun(load<u32>(step > 0 ? list : list + ((run - 1) << 2)), run);
        list += run << 2;
      } else {
        const next = min(list + (CONTIGUOUS_MIN << 2), end);
        this.addScattered(list, next);
        list = next;
      }
    }
  }

  /** A word at a time: numbers that follow each other share one more often than not, or never. */
  private addScattered(list: usize, end: usize): void {
    const base = this.base;
    this.count += <u32>((end - list) >>> 2);
    while (list < end) {
      const n = load<u32>(list);
      let mask: u64 = bitOf(list);
      list += 4;
      if (list < end && (load<u32>(list) ^ n) < 64) {
        // four at a turn where they share the word: of every second number 1.5 ns less each
        if (list + 16 <= end) {
          const around = i32x4.splat(n);
          const outside = i32x4.splat(~63);
          do {
            if (v128.any_true(v128.and(v128.xor(v128.load(list), around), outside))) break;
            const four = bitOf(list) | bitOf(list + 4) | bitOf(list + 8) | bitOf(list + 12);
            assert((mask & four) == 0 && popcnt(four) == 4, "number-set: added twice");
            mask |= four;
            list += 16;
          } while (list + 16 <= end);
        }
        for (; list < end && (load<u32>(list) ^ n) < 64; list += 4) {
          const bit = bitOf(list);
          assert((mask & bit) == 0, "number-set: added twice");
          mask |= bit;
        }
      }
      const word = (n - base) >>> 6;
      if (this.fill(word, mask)) this.noteWord(word);
    }
  }

  /** Adds the bits to the word, which `count` has already: true where it was 0. */
  private fill(word: u32, mask: u64): bool {
    const at = this.words + (word << 3);
    const bits = load<u64>(at);
    assert((bits & mask) == 0, "number-set: added twice");
    store<u64>(at, bits | mask);
    return bits == 0;
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
    if (isRun(bits)) {
      const start = (word << 6) + <u32>ctz(bits);
      out.setRun(start + this.base, this.runLength(start, max));
      this.removeRun(start, out.count);
    } else {
      this.takeMasks(word, max, out);
    }
  }

  /** Words from `first` on, as far as each has more than one run. */
  private takeMasks(first: u32, max: u32, out: Extent): void {
    let word = first;
    let at = this.words + (word << 3);
    let bits = load<u64>(at);
    const base = this.base;
    out.setMasks();
    do {
      const room = max - out.count;
      const mask = <u32>popcnt(bits) <= room ? bits : lowestBits(bits, room);
      out.addMask((word << 6) + base, mask);
      store<u64>(at, bits ^ mask);
      word++;
      at += 8;
      bits = load<u64>(at);
    } while (out.count < max && !out.full && !isRun(bits));
    this.count -= out.count;
    this.noteMaybeEmpty(first, word - 1);
  }

  private lowestWord(): u32 {
    let t = this.hint;
    while (load<u64>(this.top + (t << 3)) == 0) t++;
    this.hint = t;
    const s = (t << 6) + <u32>ctz(load<u64>(this.top + (t << 3)));
    return (s << 6) + <u32>ctz(load<u64>(this.summary + (s << 3)));
  }

  /** How many of start, start + 1, … start + count - 1 are members; count is at least 1. */
  countIn(start: u32, count: u32): u32 {
    return countBits(this.words, start - this.base, count);
  }

  /** How many members follow each other from `start` on; `max` at most, 0 where it is none itself. */
  runFrom(start: u32, max: u32): u32 {
    return max != 0 && this.has(start) ? this.runLength(start - this.base, max) : 0;
  }

  /** How many members follow each other from base + start, itself one, on; at most `max`. */
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

  private removeRun(start: u32, count: u32): void {
    clearBits(this.words, start, count);
    this.count -= count;
    this.noteMaybeEmpty(start >>> 6, (start + count - 1) >>> 6);
  }

  /** Words first … last are 0 now, but for the first and the last, which may have members left. */
  private noteMaybeEmpty(first: u32, last: u32): void {
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

/** The number at `list` as a bit of its word. */
function bitOf(list: usize): u64 {
  return (<u64>1) << load<u32>(list);
}

/** Words of a bitmap of `bits` bits, with the 0 that ends its last run. */
function wordsFor(bits: u32): u32 {
  return (bits >>> 6) + 2;
}
