/** Compares EntryDeque with an array. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  expectNumbers,
  extentMembers,
  fillExtent,
  freshParts,
  MASKS_MAX,
  maskMembers,
  maskOf,
  maskRows,
  masks,
  membersOf,
  movedTo,
  type Parts,
  type PlacedMask,
  row,
  type Use,
  use,
} from "../support/parts.js";
import { runs } from "../support/seed.js";

const PFN_END = 2 ** 30;

/** Reads the deque from the bottom up, with `max` each time; returns the pages of each read. */
function readsUp(parts: Parts, max: number): number[][] {
  const reads: number[][] = [];
  let at = parts.dequeBottom();
  while (at < parts.dequeTop()) {
    const bytes = parts.readUp(at, max);
    reads.push(readMembers(parts, bytes, max, "upwards"));
    at += bytes;
  }
  expect(at).toBe(parts.dequeTop());
  return reads;
}

/** Reads the deque from the top down, with `max` each time; returns the pages of each read, last page first. */
function readsDown(parts: Parts, max: number): number[][] {
  const reads: number[][] = [];
  let at = parts.dequeTop();
  while (at > parts.dequeBottom()) {
    const bytes = parts.readDown(at, max);
    reads.push(readMembers(parts, bytes, max, "downwards").reverse());
    at -= bytes;
  }
  expect(at).toBe(parts.dequeBottom());
  return reads;
}

function readMembers(parts: Parts, bytes: number, max: number, way: "upwards" | "downwards"): number[] {
  const members = extentMembers(parts, way);
  if (bytes > 4 * members.length) expect.fail("an entry has more u32s than pages");
  if (parts.extentList() !== 0 && members.length > max) expect.fail(`${members.length} single pages, not ${max}`);
  const last = parts.extentMasks() - 1;
  if (last >= 0 && members.length - maskMembers(0, BigInt.asUintN(64, parts.extentMaskOf(last))).length >= max) {
    expect.fail(`a mask was read beyond ${max} pages`);
  }
  return members;
}

function checkBounds(parts: Parts, pages: number): void {
  expect(parts.dequePages()).toBe(pages);
  expect(parts.dequeBottom()).toBeGreaterThanOrEqual(parts.dequeBase());
  expect(parts.dequeTop()).toBeLessThanOrEqual(parts.dequeEnd());
  expect(parts.dequeTop() - parts.dequeBottom(), "bytes of so many pages").toBeLessThanOrEqual(4 * pages);
}

/** Returns the first masks, the last of them cut, that have `pages` pages together. */
function firstPages(placed: readonly PlacedMask[], pages: number): PlacedMask[] {
  const first: PlacedMask[] = [];
  let left = pages;
  for (const { start, mask } of placed) {
    const members = maskMembers(start, mask).slice(0, left);
    if (members.length === 0) break;
    first.push({ start, mask: maskOf(members.map((pfn) => pfn - start)) });
    left -= members.length;
  }
  return first;
}

/** A deque and its model, an array from bottom to top. If the deque is full, a push first takes pages at the bottom. */
class Pair {
  readonly parts: Parts = freshParts();
  readonly model: number[] = [];
  readonly capacity: number;

  constructor(capacity: number) {
    this.capacity = capacity;
    expect(this.parts.initDeque(capacity)).toBe(Number(this.parts.dequeBytesFor(capacity)));
  }

  /** Returns the PFN at a place, cut so that `pages` pages from it on have PFNs too. */
  pfnAt([from, pfn]: Place, pages: number): number {
    const at = from === "last" ? (this.model.at(-1) ?? 0) + pfn : pfn;
    return Math.min(Math.max(at, 0), PFN_END - pages);
  }

  makeRoom(pages: number): void {
    while (this.model.length + pages > this.capacity) {
      this.takeBottom(this.model.length + pages - this.capacity);
    }
  }

  pushPage(pfn: number): void {
    this.makeRoom(1);
    this.parts.pushPage(pfn);
    this.model.push(pfn);
  }

  pushRun(start: number, wanted: number, byExtent: boolean): void {
    const pages = Math.min(wanted, this.capacity);
    this.makeRoom(pages);
    if (byExtent) {
      this.parts.setExtentRun(start, pages);
      this.parts.pushExtent();
    } else {
      this.parts.pushRun(start, pages);
    }
    this.model.push(...row(start, pages));
  }

  pushMasks(wanted: readonly PlacedMask[]): void {
    const placed = firstPages(wanted, this.capacity);
    const members = membersOf(placed);
    this.makeRoom(members.length);
    fillExtent(this.parts, placed);
    this.parts.pushExtent();
    this.model.push(...members);
  }

  /** Takes up to `max` pages at the top; returns how many. */
  takeTop(max: number): number {
    if (this.model.length === 0) return 0;
    this.parts.takeTop(max);
    const taken = extentMembers(this.parts, "downwards");
    expect(taken.length).toBeLessThanOrEqual(max);
    expectNumbers(taken, this.model.splice(-taken.length));
    return taken.length;
  }

  takeBottom(max: number): number {
    if (this.model.length === 0) return 0;
    this.parts.takeBottom(max);
    const taken = extentMembers(this.parts);
    expect(taken.length).toBeLessThanOrEqual(max);
    expectNumbers(taken, this.model.splice(0, taken.length));
    return taken.length;
  }

  check(): void {
    checkBounds(this.parts, this.model.length);
    const max = 1 + (this.model.length % (this.model.length % 2 === 0 ? 5 : 500));
    expectNumbers(readsUp(this.parts, max).flat(), this.model);
    expectNumbers(readsDown(this.parts, max).flat(), this.model.toReversed());
  }
}

/** A PFN, or its distance from the page put in last. */
type Place = readonly [from: "zero" | "last", pfn: number];

const pfns = fc.oneof(
  fc.nat(300),
  fc.nat(PFN_END - 1),
  fc.nat(300).map((n) => PFN_END - 1 - n),
);
const places: fc.Arbitrary<Place> = fc.oneof(
  fc.tuple(fc.constant("last" as const), fc.constantFrom(1, 2, -1)),
  fc.tuple(fc.constant("zero" as const), pfns),
);
const lengths = fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 70 }));
const counts = fc.oneof(lengths, fc.integer({ min: 1, max: 2000 }));
const uses: fc.Arbitrary<Use<Pair>> = fc.oneof(
  use("push page", places, (pair: Pair, place) => pair.pushPage(pair.pfnAt(place, 1))),
  use("push run", fc.tuple(places, lengths, fc.boolean()), (pair: Pair, [place, pages, byExtent]) =>
    pair.pushRun(pair.pfnAt(place, pages), pages, byExtent),
  ),
  use("push mask", fc.tuple(places, masks), (pair: Pair, [place, mask]) => {
    const pfn = pair.pfnAt(place, 1);
    pair.pushMasks([{ start: pfn - (pfn % 64), mask }]);
  }),
  use("push masks", fc.tuple(places, maskRows), (pair: Pair, [place, placed]) => {
    const pfn = pair.pfnAt(place, (placed.at(-1)?.start ?? 0) + 64);
    pair.pushMasks(movedTo(pfn - (pfn % 64), placed));
  }),
  use("take top", counts, (pair: Pair, max) => pair.takeTop(max)),
  use("take bottom", counts, (pair: Pair, max) => pair.takeBottom(max)),
);

describe("EntryDeque", () => {
  test.each([1, 2, 3, 31, 64, 100, 500, 4000])("of %i pages is read as an array from both ends", (capacity) => {
    fc.assert(
      fc.property(fc.array(uses, { maxLength: 100, size: "max" }), (all) => {
        const pair = new Pair(capacity);
        for (const step of all) {
          step(pair);
          pair.check();
        }
      }),
      runs(capacity > 500 ? 8 : 20),
    );
  });

  describe("gathers what it gives at once", () => {
    /** A mask of three pages or more, or a single page. */
    type Entry = readonly number[];

    /** Returns the entries that these pages make: the pages are those of one entry, or those left of one. */
    function entriesOf(pages: Entry): Entry[] {
      return pages.length < 3 ? pages.map((page) => [page]) : [pages];
    }

    /** Returns how many of these entries one read gathers; there is at least one entry. */
    function gathered(entries: readonly Entry[], max: number): number {
      const single = entries[0].length === 1;
      let pages = 0;
      let n = 0;
      while (n < entries.length && pages < max && (entries[n].length === 1) === single && (single || n < MASKS_MAX)) {
        pages += entries[n++].length;
      }
      return n;
    }

    /** Returns the pages of each read, if the entries are read one extent after the other. */
    function extentsOf(entries: readonly Entry[], max: number): number[][] {
      const extents: number[][] = [];
      for (let n = 0; n < entries.length; ) {
        const count = gathered(entries.slice(n), max);
        extents.push(entries.slice(n, n + count).flat());
        n += count;
      }
      return extents;
    }

    /** Takes up to `max` pages off the front of the entries; returns how many. */
    function takeOff(entries: Entry[], max: number): number {
      const pages = entries.splice(0, gathered(entries, max)).flat();
      // only the last entry can hold more pages than are wanted: the pages left over are its own
      entries.unshift(...entriesOf(pages.slice(max)));
      return Math.min(pages.length, max);
    }

    function expectReads(actual: number[][], expected: number[][]): void {
      expectNumbers(
        actual.map((pages) => pages.length),
        expected.map((pages) => pages.length),
      );
      expectNumbers(actual.flat(), expected.flat());
    }

    const reversed = (entries: readonly Entry[]): Entry[] => entries.map((entry) => entry.toReversed()).reverse();

    // no two of these pages are neighbours, so that there are no runs
    const evenMasks = masks.map((mask) => mask & 0x5555_5555_5555_5555n).filter((mask) => mask !== 0n);
    const manyMasks = fc.array(
      fc.oneof({ weight: 20, arbitrary: evenMasks }, { weight: 1, arbitrary: fc.constant(1n) }),
      {
        minLength: 1,
        maxLength: 120,
        size: "max",
      },
    );
    const takes = fc.array(fc.tuple(fc.boolean(), fc.oneof(lengths, fc.integer({ min: 1, max: 1200 }))), {
      maxLength: 20,
      size: "max",
    });

    test("neighbouring masks up to 32 of them, neighbouring single pages", () => {
      fc.assert(
        fc.property(manyMasks, takes, (generated, steps) => {
          const placed = generated.map((mask, i) => ({ start: 64 * i, mask }));
          const pair = new Pair(64 * placed.length);
          for (let from = 0; from < placed.length; from += MASKS_MAX) {
            pair.pushMasks(placed.slice(from, from + MASKS_MAX));
          }
          let entries = placed.flatMap(({ start, mask }) => entriesOf(maskMembers(start, mask)));
          for (const [fromTop, max] of steps) {
            expectReads(readsUp(pair.parts, max), extentsOf(entries, max));
            expectReads(readsDown(pair.parts, max), extentsOf(reversed(entries), max));
            if (entries.length === 0) break;
            if (fromTop) {
              const rest = reversed(entries);
              expect(pair.takeTop(max)).toBe(takeOff(rest, max));
              entries = reversed(rest);
            } else {
              expect(pair.takeBottom(max)).toBe(takeOff(entries, max));
            }
          }
          pair.check();
        }),
        runs(60),
      );
    });

    test("more than 32 masks from either end", () => {
      const pair = new Pair(1000);
      for (let i = 0; i < 100; i++) pair.pushMasks([{ start: 64 * i, mask: 0b10_1010_1000n }]);
      expect(pair.model).toHaveLength(400);
      expect(readsUp(pair.parts, 1000).map((read) => read.length)).toEqual([128, 128, 128, 16]);
      expect(readsDown(pair.parts, 1000).map((read) => read.length)).toEqual([128, 128, 128, 16]);
      expect(pair.takeTop(1000)).toBe(128);
      expect(pair.takeBottom(1000)).toBe(128);
      expect(pair.takeTop(127), "leaves one page of a mask").toBe(127);
      expect(pair.takeTop(1000), "a single page, not the masks below it").toBe(1);
      expect(pair.takeBottom(5), "leaves a mask of three").toBe(5);
      expect(pair.takeBottom(1000)).toBe(11);
      expect(pair.parts.dequePages()).toBe(0);
    });

    test("masks up to a run or a single page", () => {
      const pair = new Pair(100);
      const threeMasks = [0, 64, 128].map((start) => ({ start, mask: 0b10101n }));
      pair.pushMasks(threeMasks);
      pair.pushRun(1000, 10, true);
      pair.pushMasks(threeMasks);
      pair.pushPage(5000);
      pair.pushMasks([...threeMasks, { start: 192, mask: 0b1110n }, ...threeMasks]);
      const sizes = [9, 10, 9, 1, 9, 3, 9];
      expect(readsUp(pair.parts, 100).map((read) => read.length)).toEqual(sizes);
      expect(readsDown(pair.parts, 100).map((read) => read.length)).toEqual(sizes.toReversed());
      pair.check();
    });
  });

  test.each([
    ["pages that do not follow each other", 1],
    ["masks of three", 3],
  ])("moves down to its base when it drifts: %s", (_, batch) => {
    const capacity = 900;
    const pair = new Pair(capacity);
    let next = 0;
    let compactions = 0;
    let movedU32s = 0;
    for (let put = 0; put < 6 * capacity; put += batch) {
      const bottom = pair.parts.dequeBottom();
      // a page taken at the bottom leaves a gap there; only a move to the base closes it
      if (batch === 1) pair.pushPage(next);
      else pair.pushMasks([{ start: next, mask: 0b10101n }]);
      next += batch === 1 ? 2 : 64;
      if (pair.parts.dequeBottom() < bottom) {
        expect(pair.parts.dequeBottom()).toBe(pair.parts.dequeBase());
        compactions++;
        movedU32s += (pair.parts.dequeTop() - pair.parts.dequeBottom()) / 4;
      }
      checkBounds(pair.parts, pair.model.length);
    }
    pair.check();
    expect(pair.model).toHaveLength(capacity);
    expect(compactions).toBeGreaterThan(30);
    expect(movedU32s / (6 * capacity), "u32s moved per u32 put in").toBeLessThan(32);
  });

  test("when it is empty it begins at its base again", () => {
    const pair = new Pair(10);
    pair.pushRun(5, 10, false);
    pair.takeBottom(4);
    pair.takeTop(6);
    expect(pair.parts.dequeBottom()).toBe(pair.parts.dequeBase());
    expect(pair.parts.dequeTop()).toBe(pair.parts.dequeBase());
  });
});
