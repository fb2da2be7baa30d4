/** Compares lists, extents written to lists, the table entries of masks, and bits with plain models in JavaScript. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  ASSERTION,
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
  row,
} from "../support/parts.js";
import { runs } from "../support/seed.js";

describe("lists", () => {
  const SENTINEL = 0xdead_beef;
  /** The number of entries on either side of a list that nobody may write. */
  const BESIDE = 20;
  const u32s = fc.oneof(
    fc.nat(200),
    fc.integer({ min: 0, max: 0xffff_ffff }),
    fc.nat(20).map((n) => 0xffff_ffff - n),
  );
  const steps = fc.constantFrom(1, -1);
  const contiguous = (first: number, count: number, step: number): number[] =>
    row(first, count, step).map((n) => n >>> 0);
  /** One to three contiguous pieces one after the other: the list bends where two of them meet, or nowhere. */
  const lists = fc
    .array(fc.tuple(u32s, steps, fc.integer({ min: 1, max: 100 })), { minLength: 1, maxLength: 3 })
    .map((pieces) => pieces.flatMap(([first, step, count]) => contiguous(first, count, step)));

  /** Lets `write` write to a list of sentinels; returns the list with BESIDE entries on either side. */
  function written(parts: Parts, count: number, write: (at: number) => void): number[] {
    const list = listOf(parts, count + 2 * BESIDE).fill(SENTINEL);
    write(parts.listPtr() + 4 * BESIDE);
    return [...list];
  }

  const beside = Array<number>(BESIDE).fill(SENTINEL);

  test("contiguousLength counts the entries before the first bend", () => {
    fc.assert(
      fc.property(lists, fc.nat(), fc.nat(), steps, (list, from, most, step) => {
        const parts = freshParts();
        listOf(parts, list.length).set(list);
        const skipped = from % list.length;
        const max = 1 + (most % (list.length - skipped));
        const expected = contiguous(list[skipped], max, step);
        const bend = expected.findIndex((n, i) => n !== list[skipped + i]);
        expect(parts.contiguousLength(parts.listPtr() + 4 * skipped, max, step)).toBe(bend < 0 ? max : bend);
      }),
      runs(500),
    );
  });

  test("contiguousStep tells which way a contiguous list of 64 entries or more goes", () => {
    const CONTIGUOUS_MIN = 64;
    fc.assert(
      fc.property(
        u32s,
        fc.oneof(fc.nat(200), fc.integer({ min: CONTIGUOUS_MIN - 1, max: CONTIGUOUS_MIN + 1 })),
        steps,
        lists,
        (...generated) => {
          const [first, count, step, bent] = generated;
          const parts = freshParts();
          listOf(parts, count).set(contiguous(first, count, step));
          const wayOf = (length: number): number => parts.contiguousStep(parts.listPtr(), parts.listPtr() + 4 * length);
          expect(wayOf(count)).toBe(count >= CONTIGUOUS_MIN ? step : 0);
          // it looks at two entries alone: a list that it names a way for may bend, and any other is not contiguous
          listOf(parts, bent.length).set(bent);
          const way = wayOf(bent.length);
          for (const other of [1, -1]) {
            if (way === other) continue;
            expect(parts.contiguousLength(parts.listPtr(), bent.length, other)).toBeLessThan(CONTIGUOUS_MIN);
          }
        },
      ),
      runs(300),
    );
  });

  test("writeContiguous writes first, first + step, … and nothing beside it", () => {
    fc.assert(
      fc.property(u32s, fc.nat(150), steps, (first, count, step) => {
        const parts = freshParts();
        const list = written(parts, count, (at) => parts.writeContiguous(at, first, count, step));
        expect(list).toEqual([...beside, ...contiguous(first, count, step), ...beside]);
      }),
      runs(300),
    );
  });

  test("fillEntries, copyComplement, copyComplementReversed and copyReversed write their entries and nothing beside them", () => {
    fc.assert(
      fc.property(fc.array(u32s, { maxLength: 100 }), u32s, (values, value) => {
        const parts = freshParts();
        const count = values.length;
        const from = parts.listPtr() + 4000;
        new Uint32Array(parts.memory.buffer, from, count).set(values);
        const complements = values.map((n) => ~n >>> 0);
        expect(written(parts, count, (at) => parts.fillEntries(at, value, count))).toEqual([
          ...beside,
          ...values.map(() => value),
          ...beside,
        ]);
        expect(written(parts, count, (at) => parts.copyComplement(at, from, count))).toEqual([
          ...beside,
          ...complements,
          ...beside,
        ]);
        expect(written(parts, count, (at) => parts.copyComplementReversed(at + 4 * count, from, count))).toEqual([
          ...beside,
          ...complements.toReversed(),
          ...beside,
        ]);
        expect(written(parts, count, (at) => parts.copyReversed(at, from, count))).toEqual([
          ...beside,
          ...values.toReversed(),
          ...beside,
        ]);
      }),
      runs(300),
    );
  });

  /** The number of entries past the end of a list that a write of masks may overwrite. */
  const SPILL = 8;

  /** Expects the entries and all that lies beside them, except for the overwritten entries past the end. */
  function expectSpilled(list: number[], expected: readonly number[]): void {
    const after = BESIDE + expected.length;
    list.fill(SENTINEL, after, after + SPILL);
    expect(list).toEqual([...beside, ...expected, ...beside]);
  }

  test("writeMaskUp and writeMaskDown write an entry a bit, spill over a little, and tell where the list goes on", () => {
    fc.assert(
      fc.property(fc.nat(2 ** 24 - 1), masks, (word, mask) => {
        const parts = freshParts();
        const members = maskMembers(64 * word, mask);
        for (const [write, expected] of [
          [parts.writeMaskUp, members],
          [parts.writeMaskDown, members.toReversed()],
        ] as const) {
          const list = written(parts, members.length, (at) => {
            expect(write(at, 64 * word, mask)).toBe(at + 4 * members.length);
          });
          expectSpilled(list, expected);
        }
      }),
      runs(300),
    );
  });

  describe("extents", () => {
    const counts = fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 200 }));

    /** Expects that the shared extent is written from either end, at most `max` members, and nothing beside them. */
    function expectFromEitherEnd(parts: Parts, members: number[], max: number): void {
      for (const [write, expected] of [
        [parts.writeExtentUp, members.slice(0, max)],
        [parts.writeExtentDown, members.toReversed().slice(0, max)],
      ] as const) {
        const list = written(parts, expected.length, (at) => expect(write(at, max)).toBe(expected.length));
        expect(list).toEqual([...beside, ...expected, ...beside]);
      }
    }

    test("a run is written from either end, as far as is wanted", () => {
      fc.assert(
        fc.property(fc.nat(2 ** 30), counts, fc.nat(250), (start, count, max) => {
          const parts = freshParts();
          parts.setExtentRun(start, count);
          const members = row(start, count);
          expectFromEitherEnd(parts, members, max);
        }),
        runs(200),
      );
    });

    test("a list is written from either end, as far as is wanted", () => {
      const ELSEWHERE = 0x8000;
      fc.assert(
        fc.property(fc.array(u32s, { minLength: 1, maxLength: 100, size: "max" }), fc.nat(120), (members, max) => {
          const parts = freshParts();
          const from = parts.listPtr() + ELSEWHERE;
          new Uint32Array(parts.memory.buffer, from, members.length).set(members);
          parts.setExtentList(from, members.length);
          expectFromEitherEnd(parts, members, max);
        }),
        runs(200),
      );
    });

    test("masks are written whole, and spill over a little; what is beyond what is wanted is not counted", () => {
      fc.assert(
        fc.property(fc.nat(2 ** 24 - 1 - 5 * MASKS_MAX), maskRows, fc.nat(2100), (word, generated, max) => {
          const parts = freshParts();
          const placed = movedTo(64 * word, generated);
          const members = membersOf(placed);
          for (const [write, ordered, expected] of [
            [parts.writeExtentUp, placed, members],
            [parts.writeExtentDown, placed.toReversed(), members.toReversed()],
          ] as const) {
            fillExtent(parts, ordered);
            const list = written(parts, members.length, (at) => {
              expect(write(at, max)).toBe(Math.min(members.length, max));
            });
            expectSpilled(list, expected);
          }
        }),
        runs(200),
      );
    });

    test("assertions of the debug build tell of an empty mask, and of one too many", () => {
      const parts = freshParts();
      parts.setExtentMasks();
      expect(() => parts.addExtentMask(0, 0n)).toThrow(ASSERTION);
      fillExtent(
        parts,
        row(0, MASKS_MAX, 64).map((start) => ({ start, mask: 1n })),
      );
      expect(parts.extentCount()).toBe(MASKS_MAX);
      expect(() => parts.addExtentMask(64 * MASKS_MAX, 1n)).toThrow(ASSERTION);
    });
  });

  describe("the table entries of a mask's members", () => {
    const TABLE_AT = 0x8000;
    const entries = fc.array(u32s, { minLength: 80, maxLength: 80 });

    /** Writes the values to a table apart from the list; they are the 64 entries of a mask and some more. */
    function tableOf(parts: Parts, values: number[]): Uint32Array {
      const table = new Uint32Array(parts.memory.buffer, parts.listPtr() + TABLE_AT, values.length);
      table.set(values);
      return table;
    }

    test("exchangeLanes lists their complements and sets them, and no other, and tells where the list goes on", () => {
      fc.assert(
        fc.property(entries, masks, u32s, (values, mask, value) => {
          const parts = freshParts();
          const table = tableOf(parts, values);
          const members = maskMembers(0, mask);
          const list = written(parts, members.length, (at) => {
            expect(parts.exchangeLanes(table.byteOffset, mask, at, value)).toBe(at + 4 * members.length);
          });
          expectSpilled(
            list,
            members.map((bit) => ~values[bit] >>> 0),
          );
          expect([...table]).toEqual(values.map((old, bit) => (members.includes(bit) ? value : old)));
        }),
        runs(300),
      );
    });

    test("spreadLanes and spreadLanesDown set them from a list of complements, and no other, and tell where it goes on", () => {
      fc.assert(
        fc.property(entries, entries, masks, (values, list, mask) => {
          const parts = freshParts();
          const members = maskMembers(0, mask);
          for (const [spread, order] of [
            [parts.spreadLanes, members],
            [parts.spreadLanesDown, members.toReversed()],
          ] as const) {
            const table = tableOf(parts, values);
            listOf(parts, list.length).set(list);
            const end = spread(table.byteOffset, mask, parts.listPtr());
            expect(end).toBe(parts.listPtr() + 4 * members.length);
            const expected = [...values];
            for (const [i, bit] of order.entries()) expected[bit] = ~list[i] >>> 0;
            expect([...table]).toEqual(expected);
          }
        }),
        runs(300),
      );
    });
  });
});

describe("bits", () => {
  const WORDS = 80;
  const BITS = 64 * WORDS;
  const ranges = fc
    .tuple(numbersBelow(BITS), fc.oneof(fc.integer({ min: 1, max: 130 }), numbersBelow(BITS)), fc.boolean())
    .map(([from, count, ones]) => ({ from, count: Math.min(Math.max(count, 1), BITS - from), ones }));

  test("setBits and clearBits change their range and nothing beside it", () => {
    fc.assert(
      fc.property(fc.array(ranges, { minLength: 1, maxLength: 8 }), fc.boolean(), (all, ones) => {
        const parts = freshParts();
        const words = new BigUint64Array(parts.memory.buffer, parts.listPtr(), WORDS);
        words.fill(ones ? 2n ** 64n - 1n : 0n);
        const model = Array<string>(BITS).fill(ones ? "1" : "0");
        for (const range of all) {
          if (range.ones) parts.setBits(parts.listPtr(), range.from, range.count);
          else parts.clearBits(parts.listPtr(), range.from, range.count);
          model.fill(range.ones ? "1" : "0", range.from, range.from + range.count);
          const bits = [...words].map((word) => [...word.toString(2).padStart(64, "0")].reverse().join(""));
          expect(bits.join("")).toBe(model.join(""));
        }
      }),
      runs(300),
    );
  });

  test("lowestBits keeps the lowest, isRun finds neighbours", () => {
    fc.assert(
      fc.property(masks, fc.nat(64), (mask, most) => {
        const parts = freshParts();
        const bits = maskMembers(0, mask);
        const count = Math.min(most, bits.length);
        expect(BigInt.asUintN(64, parts.lowestBits(mask, count))).toBe(maskOf(bits.slice(0, count)));
        expect(parts.isRun(mask) !== 0).toBe(bits[bits.length - 1] - bits[0] === bits.length - 1);
      }),
      runs(500),
    );
  });
});
