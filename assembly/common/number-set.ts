/**
 * A set of numbers, base to base + size - 1, that gives its lowest members first. It is a bitmap under two summaries:
 *
 *   words      ▒▒▒▒▒▒▒▒ ▒▒▒▒▒▒▒▒ ▒▒▒▒▒▒▒▒ …   bit n & 63 of word n >> 6 is set: base + n is a member
 *                  └──┐      │
 *   summary          ▒▒▒▒▒▒▒▒ …               bit w & 63 of word w >> 6 is set: words[w] != 0
 *                       └──┐
 *   top                   ▒▒▒▒▒▒▒▒ …          bit s & 63 of word s >> 6 is set: summary[s] != 0
 *
 * Invariants:
 *   base is a multiple of 64: the word of a member is the mask of an extent as it is
 *   count == bits set in words
 *   top[t] == 0 for t < hint
 *   the last word of `words` is 0, beyond the numbers of the set: every run ends
 *
 * To add, remove or test one number is O(1). To find the lowest member takes one word of each level, after a scan of
 * `top` from `hint` on; a word of `top` stands for 64^3 numbers.
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

  /** Returns the bytes that a set of `size` numbers takes, a multiple of 8. */
  static bytesFor(size: u32): u32 {
    return (wordsFor(size) + wordsFor(wordsFor(size)) + wordsFor(wordsFor(wordsFor(size)))) << 3;
  }

  /** Makes the set empty, in memory at `at` that is all zeros; returns the address after the memory that it takes. */
  init(at: usize, base: u32, size: u32): usize {
    assert((base & 63) == 0, "number-set: the base is no multiple of 64");
    this.base = base;
    this.words = at;
    this.summary = this.words + (wordsFor(size) << 3);
    this.top = this.summary + (wordsFor(wordsFor(size)) << 3);
    this.hint = 0;
    this.count = 0;
    return at + NumberSet.bytesFor(size);
  }

  /** True if `n` is a member. */
  has(n: u32): bool {
    return <bool>((load<u64>(this.words + (((n - this.base) >>> 6) << 3)) >> (n & 63)) & 1);
  }

  /** Adds `n`, which must not be a member yet. */
  add(n: u32): void {
    this.count++;
    const word = (n - this.base) >>> 6;
    if (this.fill(word, (<u64>1) << (n & 63))) this.noteWord(word);
  }

  /** Adds the numbers of an extent, none of which may be a member yet. */
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

  /** Adds start, start + 1, … start + count - 1, none of which may be a member yet. */
  addRun(start: u32, count: u32): void {
    if (count < 2) {
      if (count == 1) this.add(start);
      return;
    }
    // an assert that is compiled out still evaluates its condition
    if (!ASC_NO_ASSERT) assert(!this.hasAny(start, count), "number-set: added twice");
    const from = start - this.base;
    setBits(this.words, from, count);
    this.count += count;
    const word = from >>> 6;
    this.noteWords(word, ((from + count - 1) >>> 6) - word + 1);
  }

  /** True if any of start, start + 1, … start + count - 1 is a member. Assertions alone use it. */
  private hasAny(start: u32, count: u32): bool {
    for (let i: u32 = 0; i < count; i++) if (this.has(start + i)) return true;
    return false;
  }

  /** Adds the `count` numbers of `list`, which are in any order; none of them may be a member yet. */
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

  /**
   * Adds the numbers from `list` up to `end`. Neighbours in the list that fall in one word are gathered and added with
   * one access to that word: in real lists either most neighbours share a word, or none do.
   */
  private addScattered(list: usize, end: usize): void {
    const base = this.base;
    this.count += <u32>((end - list) >>> 2);
    while (list < end) {
      const n = load<u32>(list);
      let mask: u64 = bitOf(list);
      list += 4;
      if (list < end && (load<u32>(list) ^ n) < 64) {
        // four numbers in one turn if they share the word: for every second number that saves 1.5 ns each
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

  /** Sets the bits of `mask` in a word, which the caller has added to `count`; true if the word was 0. */
  private fill(word: u32, mask: u64): bool {
    const at = this.words + (word << 3);
    const bits = load<u64>(at);
    assert((bits & mask) == 0, "number-set: added twice");
    store<u64>(at, bits | mask);
    return bits == 0;
  }

  /** Marks a word in the summaries; the word has just ceased to be 0. */
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

  /** Marks `count` words from `word` on in the summaries; none of them is 0. */
  private noteWords(word: u32, count: u32): void {
    setBits(this.summary, word, count);
    const first = word >>> 6;
    const last = (word + count - 1) >>> 6;
    setBits(this.top, first, last - first + 1);
    this.hint = min(this.hint, first >>> 6);
  }

  /**
   * Takes the lowest members, at least one and at most `max`, as one extent: a run if the lowest word that has members
   * has a single run of them, or else masks. The caller sees to it that the set is not empty and that max is not 0.
   */
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

  /** Takes the members of word `first` and of the words after it, up to a word that is empty or a single run. */
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

  /** Returns the number of the lowest word that has members, and moves `hint` up to it. The set is not empty. */
  private lowestWord(): u32 {
    let t = this.hint;
    while (load<u64>(this.top + (t << 3)) == 0) t++;
    this.hint = t;
    const s = (t << 6) + <u32>ctz(load<u64>(this.top + (t << 3)));
    return (s << 6) + <u32>ctz(load<u64>(this.summary + (s << 3)));
  }

  /** Returns how many of start, start + 1, … start + count - 1 are members; count is at least 1. */
  countIn(start: u32, count: u32): u32 {
    return countBits(this.words, start - this.base, count);
  }

  /** Returns the length of the run of members that begins at `start`, at most `max`; 0 if `start` is no member. */
  runFrom(start: u32, max: u32): u32 {
    return max != 0 && this.has(start) ? this.runLength(start - this.base, max) : 0;
  }

  /** Returns the length of the run of members that begins at base + start, which is one; at most `max`. */
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

  /** Removes base + start and the count - 1 numbers after it, all of them members. */
  private removeRun(start: u32, count: u32): void {
    clearBits(this.words, start, count);
    this.count -= count;
    this.noteMaybeEmpty(start >>> 6, (start + count - 1) >>> 6);
  }

  /** Unmarks words first to last in the summaries. All are 0, but the first and the last may have members left. */
  private noteMaybeEmpty(first: u32, last: u32): void {
    if (load<u64>(this.words + (first << 3)) != 0) first++;
    if (first <= last && load<u64>(this.words + (last << 3)) != 0) {
      if (first == last) return;
      last--;
    }
    if (first <= last) this.noteEmpty(first, last);
  }

  /** Unmarks words first to last in the summaries; all of them are 0. */
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

/** Returns the bit of the number at `list` in the word that it falls in. */
function bitOf(list: usize): u64 {
  return (<u64>1) << load<u32>(list);
}

/** Returns the words that a bitmap of `bits` bits takes, with the word of 0 that ends its last run. */
function wordsFor(bits: u32): u32 {
  return (bits >>> 6) + 2;
}
