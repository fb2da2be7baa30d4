/** Compares NumberSet with a plain model in JavaScript. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  ASSERTION,
  expectNumbers,
  extentMembers,
  fillExtent,
  freshParts,
  listOf,
  MASKS_MAX,
  maskMembers,
  maskOf,
  maskRows,
  masks,
  membersOf,
  movedTo,
  numbersBelow,
  type Parts,
  type PlacedMask,
  row,
  type Use,
  use,
} from "../support/parts.js";
import { runs } from "../support/seed.js";

/** A set with a byte for each number: 1 for a member. Its base is 0. */
class Model {
  readonly members: Uint8Array;
  count = 0;

  constructor(size: number) {
    this.members = new Uint8Array(size);
  }

  put(numbers: Iterable<number>): void {
    for (const n of numbers) {
      this.members[n] = 1;
      this.count++;
    }
  }

  /** Takes the `count` lowest members. */
  take(count: number): number[] {
    const taken: number[] = [];
    for (let n = -1; taken.length < count; ) {
      n = this.members.indexOf(1, n + 1);
      taken.push(n);
    }
    for (const n of taken) this.members[n] = 0;
    this.count -= count;
    return taken;
  }

  /** Returns how many members one take of at most `max` gives, and as how many masks; 0 masks for a run. */
  extentShape(max: number): { count: number; masks: number } {
    const lowest = this.members.indexOf(1);
    let word = lowest - (lowest % 64);
    let count = 0;
    let masks = 0;
    for (; masks < MASKS_MAX && count < max && this.hasGap(word); word += 64, masks++) count += this.countOfWord(word);
    return masks === 0 ? { count: this.runLength(lowest, max), masks } : { count: Math.min(count, max), masks };
  }

  countFrom(start: number, count: number): number {
    return this.members.subarray(start, start + count).reduce((sum, member) => sum + member, 0);
  }

  private countOfWord(start: number): number {
    return this.members.subarray(start, start + 64).reduce((sum, member) => sum + member, 0);
  }

  private hasGap(start: number): boolean {
    const word = this.members.subarray(start, start + 64);
    return word.lastIndexOf(1) - word.indexOf(1) >= this.countOfWord(start) && word.includes(1);
  }

  /** Returns how many numbers from `start` on, at most `pages`, are below the size and before the first member. */
  gapLength(start: number, pages: number): number {
    const end = Math.min(start + pages, this.members.length);
    const first = this.members.indexOf(1, start);
    return Math.max(0, (first < 0 ? end : Math.min(first, end)) - start);
  }

  /** Returns the length of the run of members that begins at `start`, at most `max`. */
  runLength(start: number, max: number): number {
    const end = this.members.indexOf(0, start);
    return Math.min((end < 0 ? this.members.length : end) - start, max);
  }

  /** Returns the numbers that are below the size and no members, each once. */
  absent(numbers: Iterable<number>): number[] {
    return [...new Set(numbers)].filter((n) => this.members[n] === 0);
  }

  absentMasks(placed: readonly PlacedMask[]): PlacedMask[] {
    return placed
      .map(({ start, mask }) => ({ start, mask: maskOf(this.absent(maskMembers(start, mask)).map((n) => n - start)) }))
      .filter(({ mask }) => mask !== 0n);
  }
}

type ListWay = "by list" | "by extent";

/** A set and its model. The numbers in the arguments are without the base. */
class Pair {
  readonly parts: Parts = freshParts();
  readonly model: Model;
  readonly base: number;

  constructor(base: number, size: number) {
    this.base = base;
    expect(this.parts.initSet(base, size)).toBe(this.parts.setBytesFor(size));
    this.model = new Model(size);
  }

  add(n: number): void {
    if (this.model.members[n] === 1) return;
    this.parts.addRun(this.base + n, 1);
    this.model.put([n]);
  }

  /** Adds those members of the masks that are not in the set yet, in one extent. */
  addMasks(wanted: readonly PlacedMask[]): void {
    const placed = this.model.absentMasks(wanted);
    if (placed.length === 0) return;
    fillExtent(this.parts, movedTo(this.base, placed));
    this.parts.addExtent();
    this.model.put(membersOf(placed));
  }

  /** Adds the numbers from `start` on, up to the first that is in the set. */
  addRun(start: number, wanted: number, byExtent: boolean): void {
    const count = this.model.gapLength(start, wanted);
    if (byExtent) {
      this.parts.setExtentRun(this.base + start, count);
      this.parts.addExtent();
    } else {
      this.parts.addRun(this.base + start, count);
    }
    this.model.put(row(start, count));
  }

  /** Adds those numbers that are not in the set yet, in their order. */
  addList(wanted: readonly number[], way: ListWay = "by list"): void {
    const numbers = this.model.absent(wanted);
    const entries = numbers.map((n) => this.base + n);
    if (way === "by list") {
      listOf(this.parts, entries.length).set(entries);
      this.parts.addList(entries.length);
    } else if (entries.length > 0) {
      const skipped = 3;
      listOf(this.parts, skipped + entries.length).set(entries, skipped);
      this.parts.setExtentList(this.parts.listPtr() + 4 * skipped, entries.length);
      this.parts.addExtent();
    }
    this.model.put(numbers);
  }

  /** Takes the lowest members, at most `max`; returns how many. */
  take(max: number): number {
    if (this.model.count === 0) return 0;
    const { count, masks: maskCount } = this.model.extentShape(max);
    this.parts.takeLowest(max);
    expect(this.parts.extentMasks()).toBe(maskCount);
    const expected = this.model.take(count).map((n) => this.base + n);
    expectNumbers(extentMembers(this.parts), expected);
    return count;
  }

  checkCounts(): void {
    expect(this.parts.countOfSet()).toBe(this.model.count);
    expect(this.parts.isSetConsistent(), "words and summaries agree").toBe(1);
  }

  checkMembers(step: number): void {
    for (let n = 0; n < this.model.members.length; n += step) {
      if (this.parts.hasNumber(this.base + n) !== this.model.members[n]) expect.fail(`has ${this.base} + ${n}`);
    }
  }

  check(): void {
    this.checkCounts();
    this.checkMembers(1);
  }
}

/**
 * Lists of numbers below `size`, made of pieces: contiguous lists, long and short, ascending and descending; numbers at
 * equal steps, so that many or one fall in a word; and numbers in random order, near each other or not.
 */
function listsBelow(size: number): fc.Arbitrary<number[]> {
  const numbers = numbersBelow(size);
  const lengths = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 60, max: 300 }));
  const rows = fc
    .tuple(numbers, lengths, fc.constantFrom(1, -1, 1, -1, 2, -2, 3, -5, 64, -65))
    .map(([start, count, step]) => row(start, count, step));
  const near = fc.tuple(numbers, fc.uniqueArray(fc.nat(500), { maxLength: 150, size: "max" }));
  return fc
    .array(
      fc.oneof(
        rows,
        near.map(([start, offsets]) => offsets.map((offset) => start + offset)),
        fc.array(numbers, { maxLength: 10 }),
      ),
      { minLength: 1, maxLength: 4 },
    )
    .map((pieces) => pieces.flat().filter((n) => n >= 0 && n < size));
}

function usesBelow(size: number): fc.Arbitrary<Use<Pair>> {
  const numbers = numbersBelow(size);
  const counts = fc.oneof(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: size }));
  const ways = fc.constantFrom<ListWay>("by list", "by extent");
  const descending = fc.boolean();
  return fc.oneof(
    use("add", numbers, (pair: Pair, n) => pair.add(n)),
    use("add mask", fc.tuple(numbers, masks), (pair: Pair, [n, mask]) =>
      pair.addMasks([{ start: n - (n % 64), mask }]),
    ),
    use("add masks", fc.tuple(numbers, maskRows, descending), (pair: Pair, [n, placed, down]) => {
      const moved = movedTo(n - (n % 64), placed);
      pair.addMasks(down ? moved.toReversed() : moved);
    }),
    use("add run", fc.tuple(numbers, counts, fc.boolean()), (pair: Pair, generated) => pair.addRun(...generated)),
    use("add list", fc.tuple(listsBelow(size), ways), (pair: Pair, generated) => pair.addList(...generated)),
    use("run from", fc.tuple(numbers, fc.oneof(fc.nat(200), counts)), (pair: Pair, [start, max]) => {
      expect(pair.parts.runFrom(pair.base + start, max)).toBe(pair.model.runLength(start, max));
    }),
    use("lowest run", counts, (pair: Pair, max) => {
      if (pair.model.count === 0) return;
      const start = pair.model.members.indexOf(1);
      expect(pair.parts.lowestRun(max)).toBe(pair.model.runLength(start, max));
    }),
    use("count in", fc.tuple(numbers, counts), (pair: Pair, [start, wanted]) => {
      const count = Math.min(wanted, pair.model.members.length - start);
      expect(pair.parts.countIn(pair.base + start, count)).toBe(pair.model.countFrom(start, count));
    }),
    use("take", fc.tuple(counts, fc.nat(8)), (pair: Pair, [max, more]) => {
      for (let i = 0; i <= more; i++) pair.take(max);
    }),
  );
}

const bases = [0, 64, 4096 + 64, 2 ** 31 - 64];
const sizes = [1, 63, 64, 65, 4095, 4096, 4097, 64 ** 3, 64 ** 3 + 1, 3 * 64 ** 3 + 5];

describe.each(bases)("NumberSet from %i on", (base) => {
  test.each(sizes)("of %i numbers gives the lowest first", (size) => {
    fc.assert(
      fc.property(fc.array(usesBelow(size), { maxLength: 40, size: "max" }), (uses) => {
        const pair = new Pair(base, size);
        for (const step of uses) {
          step(pair);
          pair.checkCounts();
        }
        pair.checkMembers(size > 5000 ? 61 : 1);
        while (pair.model.count > 0) pair.take(size);
        pair.checkCounts();
      }),
      runs(size > 5000 ? 4 : 30),
    );
  });

  test("takes a list in any order", () => {
    const size = 20 * 64;
    fc.assert(
      fc.property(listsBelow(size), listsBelow(size), (first, second) => {
        const pair = new Pair(base, size);
        pair.addList(first);
        pair.check();
        pair.addList(second, "by extent");
        pair.check();
      }),
      runs(300),
    );
  });

  test("leaves the bitmap under runs untouched", () => {
    const size = 2 ** 20;
    const pair = new Pair(base, size);
    const { parts } = pair;
    const touched = (): number =>
      new Uint32Array(parts.memory.buffer, parts.setWords(), (parts.setSummaries() - parts.setWords()) / 4).findIndex(
        (word) => word !== 0,
      );
    parts.addRun(base, size);
    expect(touched()).toBe(-1);
    parts.takeLowest(size / 2);
    parts.addRun(base, size / 2);
    expect(parts.lowestRun(size)).toBe(size);
    expect(touched()).toBe(-1);
    parts.takeLowest(100);
    expect(touched()).toBeGreaterThanOrEqual(0);
    expect(parts.isSetConsistent()).toBe(1);
  });

  const everySecond = row(0, 32 * 40, 2);
  test.each([
    ["ascending", everySecond],
    ["descending", everySecond.toReversed()],
    ["every 65th first", row(0, 65).flatMap((from) => everySecond.filter((_, i) => i % 65 === from))],
  ])("gives every second number by 32 masks at a time, however they were listed: %s", (_, list) => {
    const pair = new Pair(base, 64 * 40);
    pair.addList(list);
    pair.check();
    expect(pair.take(list.length)).toBe(MASKS_MAX * 32);
    pair.check();
    expect(pair.take(list.length)).toBe(8 * 32);
    pair.check();
    expect(pair.model.count).toBe(0);
  });

  test.each([1, 31, 32, 33, 1023, 1024, 1025])("cuts the masks of every second number after %i", (max) => {
    const pair = new Pair(base, 64 * 40);
    pair.addList(everySecond);
    while (pair.model.count > 0) {
      pair.take(max);
      pair.checkCounts();
    }
  });

  test("gives masks up to a word that is a single run", () => {
    const pair = new Pair(base, 64 * 10);
    pair.addMasks(row(0, 5).map((word) => ({ start: 64 * word, mask: word === 3 ? 0b1110n : 0b101n })));
    expect([100, 100, 100].map((max) => pair.take(max))).toEqual([6, 3, 2]);
    pair.check();
  });

  describe("an assertion of the debug build tells of a number added twice", () => {
    const member = base + 4 * 64 + 7;
    const lists: [string, number[]][] = [
      ["alone in its word", [base, member, base + 1000]],
      ["one of two in its word", [member + 1, member]],
      ["among neighbours, last of four at a turn", row(member - 5, 6)],
      ["among neighbours, after four at a turn", row(member - 6, 7)],
      ["behind a block of 64", [...row(base, 64, 2), member]],
      ["twice in the list, another word between", [base + 9, base + 200, base + 9]],
      ["twice in the list, one behind the other", [base + 9, base + 9]],
      ["twice in the list, within four at a turn", [base + 1, base + 9, base + 11, base + 9, base + 13]],
      ["in a long contiguous run", row(member - 50, 100)],
    ];
    const setWith = (): Parts => {
      const parts = freshParts();
      parts.initSet(base, 2000);
      parts.addRun(member, 1);
      return parts;
    };

    test("alone", () => {
      const parts = setWith();
      expect(() => parts.addRun(member, 1)).toThrow(ASSERTION);
    });

    test.each(lists)("in a list: %s", (_, list) => {
      const byList = setWith();
      listOf(byList, list.length).set(list);
      expect(() => byList.addList(list.length)).toThrow(ASSERTION);
      const byExtent = setWith();
      listOf(byExtent, list.length).set(list);
      byExtent.setExtentList(byExtent.listPtr(), list.length);
      expect(() => byExtent.addExtent()).toThrow(ASSERTION);
    });

    test.each([0, 1, 2])("in masks: in mask %i of three", (nth) => {
      const parts = setWith();
      const placed = row(base + (4 - nth) * 64, 3, 64).map((start) => ({ start, mask: 0b1010_1010n }));
      fillExtent(parts, placed);
      expect(() => parts.addExtent()).toThrow(ASSERTION);
    });
  });

  test("a base that is no multiple of 64 trips an assertion of the debug build", () => {
    expect(() => freshParts().initSet(base + 32, 100)).toThrow(ASSERTION);
  });
});
