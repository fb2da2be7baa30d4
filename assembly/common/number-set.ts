/**
 * A set of numbers, base to base + size - 1, that gives its lowest members first. It is a bitmap under summaries:
 *
 *   words      ▒▒▒▒▒▒▒▒ ▒▒▒▒▒▒▒▒ ▒▒▒▒▒▒▒▒ …   bit n & 63 of word n >> 6 is set: base + n is a member
 *                  └──┐      │
 *   some               ▒▒▒▒▒▒▒▒ …               bit w & 63 of word w >> 6 is set: a number of words[w] is a member
 *   all                ▒▒▒▒▒▒▒▒ …               likewise: all 64 numbers of the word are members, and words[w] == 0
 *                       └──┐
 *   top                   ▒▒▒▒▒▒▒▒ …          bit s & 63 of word s >> 6 is set: some[s] != 0
 *
 * `all` stands for the words that a run has filled, so that a run of members costs 2 bits for 64 numbers, and the memory
 * of its words is not touched. A word that became all ones number by number stays as it is.
 *
 * Invariants:
 *   base is a multiple of 64: the word of a member is the mask of an extent as it is
 *   some[w] == (words[w] != 0 || all[w]); words[w] == 0 if all[w]
 *   count == members
 *   top[t] == 0 for t < hint
 *   the last word of `all` is 0, beyond the numbers of the set: every run ends
 *
 * To add, remove or test one number is O(1). To add or take a run takes a bit of each summary for each word of the run.
 * To find the lowest member takes one word of each level, after a scan of `top` from `hint` on; a word of `top` stands
 * for 64^3 numbers.
 */
import { clearBits, runOfBits, setBits } from "./bits";
import { contiguousLength, contiguousStep } from "./entries";
import { Extent, isRun, lowestBits } from "./extent";
import { addStretch, wantedFrom } from "./stretches";

const ALL: u64 = u64.MAX_VALUE;

/** A list that is not contiguous is added so many entries at a time: the more, the less it costs to look at them. */
const SCATTERED: u32 = 256;
/** Numbers that span less than this are marked in MARKS, a byte for each; MARKS is all zeros between two calls. */
const NEAR: u32 = 4096;
const MARKS = memory.data(NEAR, 16);

@unmanaged
export class NumberSet {
  words: usize;
  some: usize;
  all: usize;
  top: usize;
  hint: u32;
  count: u32;
  base: u32;
  /** The lowest member when lowestRun looked. */
  lowest: u32;

  /** Returns the bytes that a set of `size` numbers takes, a multiple of 8. */
  static bytesFor(size: u32): u32 {
    return (wordsFor(size) + 2 * wordsFor(wordsFor(size)) + wordsFor(wordsFor(wordsFor(size)))) << 3;
  }

  /** Makes the set empty, in memory at `at` that is all zeros; returns the address after the memory that it takes. */
  init(at: usize, base: u32, size: u32): usize {
    assert((base & 63) == 0, "number-set: the base is no multiple of 64");
    const words = wordsFor(size);
    const summaryWords = wordsFor(words);
    this.base = base;
    this.words = at;
    this.some = this.words + (words << 3);
    this.all = this.some + (summaryWords << 3);
    this.top = this.all + (summaryWords << 3);
    this.hint = 0;
    this.count = 0;
    return this.top + (wordsFor(summaryWords) << 3);
  }

  /** Adds the stretches of memory that hold the set: its summaries, and the words that they do not stand for. */
  addStretches(): void {
    const from = wantedFrom();
    // 64 words take 512 bytes
    for (let s: usize = from > this.words ? (from - this.words) >>> 9 : 0; this.words + (s << 9) < this.some; s++) {
      if ((load<u64>(this.some + (s << 3)) & ~load<u64>(this.all + (s << 3))) == 0) continue;
      const at = this.words + (s << 9);
      if (!addStretch(at, min(at + 512, this.some))) return;
    }
    const summaryWords = <u32>((this.all - this.some) >>> 3);
    addStretch(this.some, this.top + (wordsFor(summaryWords) << 3));
  }

  /** True if `n` is a member. */
  has(n: u32): bool {
    return <bool>((this.wordAt((n - this.base) >>> 6) >> (n & 63)) & 1);
  }

  /** Returns the members among the 64 numbers of a word. */
  private wordAt(word: u32): u64 {
    const all = load<u64>(this.all + ((word >>> 6) << 3)) >> (word & 63);
    return all & 1 ? ALL : load<u64>(this.words + (word << 3));
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
    if (count == 0) return;
    // an assert that is compiled out still evaluates its condition
    if (!ASC_NO_ASSERT) assert(this.countIn(start, count) == 0, "number-set: added twice");
    this.count += count;
    const from = start - this.base;
    const last = from + count - 1;
    const head: u64 = ALL << (from & 63);
    const tail: u64 = ALL >> (63 - (last & 63));
    const end = last >>> 6;
    let word = from >>> 6;
    let mask = word == end ? head & tail : head;
    // the first and the last word, if the run does not fill them
    const first = mask == ALL ? word : word + 1;
    const whole = (tail == ALL || word == end ? end + 1 : end) - first;
    for (; ; mask = tail, word = end) {
      if (mask != ALL) this.addMask(word, mask);
      if (word == end) break;
    }
    if (<i32>whole > 0) this.noteAll(first, whole);
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
        const next = min(list + (SCATTERED << 2), end);
        this.addScattered(list, next);
        list = next;
      }
    }
  }

  /**
   * Adds the numbers from `list` up to `end`. Sixteen or more that lie near each other are marked, and added a word at a
   * time: no branch depends on how they lie, which took a fifth less time for numbers that are there half at random.
   * Others are added one by one.
   */
  private addScattered(list: usize, end: usize): void {
    this.count += <u32>((end - list) >>> 2);
    const last = end - 64;
    let low = v128.load(last);
    let high = low;
    // the last sixteen may have been looked at in part
    for (let at = min(list, last); ; at = min(at + 64, last)) {
      const a = v128.load(at);
      const b = v128.load(at, 16);
      const c = v128.load(at, 32);
      const d = v128.load(at, 48);
      low = i32x4.min_u(low, i32x4.min_u(i32x4.min_u(a, b), i32x4.min_u(c, d)));
      high = i32x4.max_u(high, i32x4.max_u(i32x4.max_u(a, b), i32x4.max_u(c, d)));
      if (at == last) break;
    }
    const base = this.base;
    const first = lowestLane(low) & ~63;
    // the complements are in the opposite order
    const span = ~lowestLane(v128.not(high)) - first;
    if (span >= NEAR || list > last) {
      for (; list < end; list += 4) {
        const n = load<u32>(list);
        const word = (n - base) >>> 6;
        if (this.fill(word, (<u64>1) << n)) this.noteWord(word);
      }
      return;
    }
    const marks = MARKS - <usize>first;
    // four in a turn: the turn takes as long as marking three
    for (; list + 16 <= end; list += 16) {
      mark(marks, load<u32>(list));
      mark(marks, load<u32>(list, 4));
      mark(marks, load<u32>(list, 8));
      mark(marks, load<u32>(list, 12));
    }
    for (; list < end; list += 4) mark(marks, load<u32>(list));
    let word = (first - base) >>> 6;
    for (let at = MARKS, stop = MARKS + span; at <= stop; at += 64, word++) {
      const mask = takeMarks(at) | (takeMarks(at + 32) << 32);
      if (mask != 0) this.addMask(word, mask);
    }
  }

  /** Adds the numbers of `mask`, which is not 0, in a word; the caller has added them to `count`. */
  private addMask(word: u32, mask: u64): void {
    if (this.fill(word, mask)) this.noteWord(word);
  }

  /** Sets the bits of `mask` in a word; the caller has added them to `count`. Returns true if the word was 0. */
  private fill(word: u32, mask: u64): bool {
    if (!ASC_NO_ASSERT) assert((this.wordAt(word) & mask) == 0, "number-set: added twice");
    const at = this.words + (word << 3);
    const members = load<u64>(at);
    store<u64>(at, members | mask);
    return members == 0;
  }

  /**
   * Marks a word in `some` and `top`; it has just ceased to be 0. It calls nothing: V8 keeps no value in a register
   * around a call, and the loop of addScattered would be slower by half.
   */
  private noteWord(word: u32): void {
    const s = word >>> 6;
    const at = this.some + (s << 3);
    const bits = load<u64>(at);
    store<u64>(at, bits | ((<u64>1) << (word & 63)));
    if (bits != 0) return;
    const t = s >>> 6;
    const top = this.top + (t << 3);
    store<u64>(top, load<u64>(top) | ((<u64>1) << (s & 63)));
    this.hint = min(this.hint, t);
  }

  /** Marks `count` words from `word` on, which were empty, in the summaries: all their numbers are members now. */
  private noteAll(word: u32, count: u32): void {
    setBits(this.some, word, count);
    setBits(this.all, word, count);
    const first = word >>> 6;
    setBits(this.top, first, ((word + count - 1) >>> 6) - first + 1);
    this.hint = min(this.hint, first >>> 6);
  }

  /**
   * Takes the lowest members, at least one and at most `max`, as one extent: a run if the lowest word that has members
   * has a single run of them, or else masks. The caller sees to it that the set is not empty and that max is not 0.
   */
  take(max: u32, out: Extent): void {
    assert(this.count > 0 && max > 0, "number-set: nothing to take");
    const word = this.lowestWord();
    const members = this.wordAt(word);
    if (isRun(members)) {
      const start = (word << 6) + <u32>ctz(members);
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
    let members = load<u64>(at);
    const base = this.base;
    out.setMasks();
    do {
      const room = max - out.count;
      const mask = <u32>popcnt(members) <= room ? members : lowestBits(members, room);
      out.addMask((word << 6) + base, mask);
      store<u64>(at, members ^ mask);
      word++;
      at += 8;
      members = load<u64>(at);
      // a word of 0 counts as a run, and so does a word whose numbers are all members
    } while (out.count < max && !out.full && !isRun(members));
    this.count -= out.count;
    // all of these words are 0 now, but for the last if it was cut
    const emptied = word - first - <u32>(load<u64>(at - 8) != 0);
    if (emptied != 0) this.noteNone(first, emptied);
  }

  /** Returns the number of the lowest word that has members, and moves `hint` up to it. The set is not empty. */
  private lowestWord(): u32 {
    let t = this.hint;
    while (load<u64>(this.top + (t << 3)) == 0) t++;
    this.hint = t;
    const s = (t << 6) + <u32>ctz(load<u64>(this.top + (t << 3)));
    return (s << 6) + <u32>ctz(load<u64>(this.some + (s << 3)));
  }

  /**
   * Returns how many of start, start + 1, … start + count - 1 are members; count is at least 1. O(words that are
   * neither empty nor all ones), and O(1) for 64 others.
   */
  countIn(start: u32, count: u32): u32 {
    const from = start - this.base;
    const last = from + count - 1;
    const head: u64 = ALL << (from & 63);
    const tail: u64 = ALL >> (63 - (last & 63));
    let word = from >>> 6;
    const end = last >>> 6;
    if (word == end) return <u32>popcnt(this.wordAt(word) & head & tail);
    let members = <u32>popcnt(this.wordAt(word) & head) + <u32>popcnt(this.wordAt(end) & tail);
    for (word++; word < end; word = ((word >>> 6) + 1) << 6) {
      const at = (word >>> 6) << 3;
      const counted = (ALL << (word & 63)) & (word >>> 6 == end >>> 6 ? ~(ALL << (end & 63)) : ALL);
      const all = load<u64>(this.all + at);
      members += (<u32>popcnt(all & counted)) << 6;
      const words = this.words + ((word >>> 6) << 9);
      for (let rest = load<u64>(this.some + at) & ~all & counted; rest != 0; rest &= rest - 1) {
        members += <u32>popcnt(load<u64>(words + ((<u32>ctz(rest)) << 3)));
      }
    }
    return members;
  }

  /** Returns the length of the run that begins at the lowest member, at most `max`, and sets `lowest`. The set is not empty. */
  lowestRun(max: u32): u32 {
    const word = this.lowestWord();
    const start = (word << 6) + <u32>ctz(this.wordAt(word));
    this.lowest = this.base + start;
    return this.runLength(start, max);
  }

  /** Takes the `count` lowest members, which are a run that lowestRun has found. */
  takeRun(count: u32, out: Extent): void {
    out.setRun(this.lowest, count);
    this.removeRun(this.lowest - this.base, count);
  }

  /** Returns the length of the run of members that begins at `start`, at most `max`; 0 if `start` is no member. */
  runFrom(start: u32, max: u32): u32 {
    return max != 0 && this.has(start) ? this.runLength(start - this.base, max) : 0;
  }

  /** Returns the length of the run of members that begins at base + start, which is one; at most `max`. */
  private runLength(start: u32, max: u32): u32 {
    const word = start >>> 6;
    let count = <u32>ctz(~(this.wordAt(word) >> (start & 63)));
    if (count < 64 - (start & 63) || count >= max) return min(count, max);
    for (let next = word + 1; count < max; ) {
      const members = load<u64>(this.words + (next << 3));
      if (members == ALL) {
        count += 64;
        next++;
        continue;
      }
      count += <u32>ctz(~members);
      // a word of 0 is empty, or one of those that `all` stands for
      const words = members == 0 ? runOfBits(this.all, next, ((max - count) >>> 6) + 1) : 0;
      if (words == 0) break;
      count += words << 6;
      next += words;
    }
    return min(count, max);
  }

  /** Removes base + start and the count - 1 numbers after it, all of them members. */
  private removeRun(start: u32, count: u32): void {
    this.count -= count;
    const last = start + count - 1;
    const head: u64 = ALL << (start & 63);
    const tail: u64 = ALL >> (63 - (last & 63));
    let first = start >>> 6;
    let end = last >>> 6;
    if (first == end) {
      this.drop(first, head & tail);
      return;
    }
    if (head != ALL) this.drop(first++, head);
    if (tail != ALL) this.drop(end--, tail);
    if (first <= end) this.empty(first, end);
  }

  /** Removes all numbers of words first to last. */
  private empty(first: u32, last: u32): void {
    for (let s = first >>> 6; s <= last >>> 6; s++) {
      let filled = load<u64>(this.some + (s << 3)) & ~load<u64>(this.all + (s << 3));
      if (s == first >>> 6) filled &= ALL << (first & 63);
      if (s == last >>> 6) filled &= ALL >> (63 - (last & 63));
      for (; filled != 0; filled &= filled - 1) store<u64>(this.words + ((s << 9) | ((<u32>ctz(filled)) << 3)), 0);
    }
    clearBits(this.all, first, last - first + 1);
    this.noteNone(first, last - first + 1);
  }

  /** Removes the numbers of `mask`, all of them members, from a word. */
  private drop(word: u32, mask: u64): void {
    const members = this.wordAt(word);
    const all = this.all + ((word >>> 6) << 3);
    store<u64>(all, load<u64>(all) & ~((<u64>1) << (word & 63)));
    store<u64>(this.words + (word << 3), members ^ mask);
    if (members == mask) this.noteNone(word, 1);
  }

  /** Unmarks `count` words from `first` on in `some` and `top`: they have no member any more. */
  private noteNone(first: u32, count: u32): void {
    clearBits(this.some, first, count);
    let from = first >>> 6;
    let to = (first + count - 1) >>> 6;
    if (load<u64>(this.some + (from << 3)) != 0) from++;
    if (from <= to && load<u64>(this.some + (to << 3)) != 0) {
      if (from == to) return;
      to--;
    }
    if (from <= to) clearBits(this.top, from, to - from + 1);
  }
}

/** Returns the lowest of the four lanes. */
function lowestLane(four: v128): u32 {
  const two = i32x4.min_u(four, v128.shuffle<i32>(four, four, 2, 3, 0, 1));
  return min(<u32>i32x4.extract_lane(two, 0), <u32>i32x4.extract_lane(two, 1));
}

/** Marks a number, which must not be marked yet. */
function mark(marks: usize, n: u32): void {
  if (!ASC_NO_ASSERT) assert(load<u8>(marks + n) == 0, "number-set: added twice");
  store<u8>(marks + n, 0xff);
}

/** Returns a bit for each of 32 marks from `at` on, and clears them. */
function takeMarks(at: usize): u64 {
  const low = i8x16.bitmask(v128.load(at));
  const high = i8x16.bitmask(v128.load(at, 16));
  v128.store(at, i64x2.splat(0));
  v128.store(at, i64x2.splat(0), 16);
  return <u64>(<u32>(low | (high << 16)));
}

/** Returns the words that a bitmap of `bits` bits takes, with a word of 0 at its end. */
function wordsFor(bits: u32): u32 {
  return (bits >>> 6) + 2;
}
