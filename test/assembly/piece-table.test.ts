/** Compares PieceTable with an array of entries. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expectNumbers, freshParts, listOf, type Parts, row, type Use, use } from "../support/parts.js";
import { runs } from "../support/seed.js";

const INVALID = 0xffff_ffff;
const BLOCK = 512;

/** A table and its model. */
class Pair {
  readonly parts: Parts = freshParts();
  readonly model: Uint32Array;

  constructor(size: number) {
    this.parts.initTable(size);
    this.model = new Uint32Array(size).fill(INVALID);
  }

  setRun(n: number, wanted: number, first: number, step: number): void {
    const count = Math.min(wanted, this.model.length - n);
    this.parts.setTableRun(n, count, first, step);
    for (let i = 0; i < count; i++) this.model[n + i] = first + step * i;
  }

  /**
   * Sets `batches` batches from `lowest` on, the last batch first and each in ascending order, to first, first + 1, …; each
   * call sets `turn` entries of them, wherever in a batch that ends.
   */
  setBatches(lowest: number, batch: number, batches: number, turn: number, first: number): void {
    const fit = Math.min(batches, Math.floor((this.model.length - lowest) / batch));
    for (let done = 0; done < fit * batch; done += turn) {
      const above = done % batch;
      const end = lowest + (fit - Math.floor(done / batch)) * batch;
      const count = Math.min(turn, fit * batch - done);
      this.parts.setTableBatches(end, batch - above, end - batch, batch, count, first + done);
      for (let i = done; i < done + count; i++) {
        this.model[lowest + (fit - 1 - Math.floor(i / batch)) * batch + (i % batch)] = first + i;
      }
    }
  }

  write(n: number, wanted: readonly number[], order: number): void {
    const values = wanted.slice(0, this.model.length - n);
    listOf(this.parts, values.length).set(values);
    this.parts.writeTable(n, values.length, order);
    this.model.set(order > 0 ? values : values.toReversed(), n);
  }

  setEntry(n: number, value: number): void {
    this.parts.setTableEntry(n, value);
    this.model[n] = value;
  }

  /** Reads the whole table in each of the ways in which it can be read. */
  check(): void {
    const { parts, model } = this;
    expect(parts.areTableRowsValid()).toBe(1);
    for (let n = 0; n < model.length; n += 16_000) {
      const count = Math.min(16_000, model.length - n);
      parts.readTable(n, count);
      expectNumbers([...listOf(parts, count)], [...model.subarray(n, n + count)]);
    }
    for (let n = 0; n < model.length; n += 37) expect(parts.tableEntry(n) >>> 0).toBe(model[n]);
    for (let n = 0; n < model.length; ) {
      const count = parts.pieceFrom(n, model.length - n);
      expect(count).toBeGreaterThan(0);
      const { first, step } = { first: parts.pieceFirst() >>> 0, step: parts.pieceStep() };
      if (parts.isPieceWritten() === 0) {
        for (const i of new Set([0, 1, count >> 1, count - 1])) {
          if (i < count) expect((first + step * i) >>> 0, `entry ${n + i}`).toBe(model[n + i]);
        }
      }
      n += count;
    }
    for (let n = 0; n < model.length; ) n += this.#checkRunFrom(n);
  }

  /** Checks a run of numbers in any order of its pieces; returns its length. */
  #checkRunFrom(n: number): number {
    const { parts, model } = this;
    const count = parts.tableRunFrom(n, model.length - n);
    expect(count).toBeGreaterThan(0);
    if (parts.isPieceWritten() === 0 && parts.pieceStep() !== 0) {
      const numbers = model.slice(n, n + count).sort();
      expectNumbers([...numbers], row(parts.pieceFirst() >>> 0, count, 1));
    }
    return count;
  }
}

/** Numbers beside the edges of blocks, or anywhere. */
function placesBelow(size: number): fc.Arbitrary<number> {
  const edges = fc
    .tuple(fc.nat(Math.floor(size / BLOCK)), fc.constantFrom(-65, -64, -1, 0, 1, 63, 64, 200))
    .map(([block, beside]) => Math.min(Math.max(block * BLOCK + beside, 0), size - 1));
  return fc.oneof(edges, fc.nat(size - 1));
}

function usesBelow(size: number): fc.Arbitrary<Use<Pair>> {
  const places = placesBelow(size);
  const counts = fc.oneof(fc.constantFrom(1, 2, 64, 448, 511, 512, 513, 1024), fc.integer({ min: 1, max: size }));
  const firsts = fc.integer({ min: 1_000_000, max: 4_000_000_000 });
  const steps = fc.constantFrom(1, 1, -1, -1, 0);
  return fc.oneof(
    use("set run", fc.tuple(places, counts, firsts, steps), (pair: Pair, args) => pair.setRun(...args)),
    use("clear run", fc.tuple(places, counts), (pair: Pair, [n, count]) => pair.setRun(n, count, INVALID, 0)),
    // as pages return to the places they left: the same line from the start of the table
    use("set run on one line", fc.tuple(places, counts, steps), (pair: Pair, [n, count, step]) =>
      pair.setRun(n, count, 2_000_000_000 + step * n, step),
    ),
    use(
      "set batches",
      fc.tuple(places, fc.constantFrom(1, 64, 100, 512, 700), fc.integer({ min: 1, max: 12 }), counts, firsts),
      (pair: Pair, args) => pair.setBatches(...args),
    ),
    use("write contiguous", fc.tuple(places, fc.integer({ min: 1, max: 700 }), firsts, steps), (pair: Pair, args) => {
      const [n, count, first, step] = args;
      pair.write(n, row(first, count, step), count % 2 === 0 ? 1 : -1);
    }),
    use(
      "write",
      fc.tuple(places, fc.array(firsts, { minLength: 1, maxLength: 600, size: "max" }), fc.constantFrom(1, -1)),
      (pair: Pair, args) => pair.write(...args),
    ),
    use("set entry", fc.tuple(places, firsts), (pair: Pair, args) => pair.setEntry(...args)),
  );
}

describe("PieceTable", () => {
  test.each([1, 511, 512, 513, 5000, 40 * 512 + 17])("of %i entries holds what was set", (size) => {
    fc.assert(
      fc.property(fc.array(usesBelow(size), { maxLength: 30, size: "max" }), (uses) => {
        const pair = new Pair(size);
        for (const step of uses) {
          step(pair);
          if (size <= 5000) pair.check();
        }
        pair.check();
      }),
      runs(size > 5000 ? 40 : 60),
    );
  });

  test.each([
    ["ascending", 1],
    ["descending", -1],
  ])("is one piece again after a pass of runs from either end: %s", (_, step) => {
    const size = 8 * BLOCK;
    for (const batch of [64, 100, 448, 512, 700]) {
      for (const upwards of [true, false]) {
        const pair = new Pair(size);
        for (let n = 0; n < size; n += 2) pair.setEntry(n, 7 * n);
        expect(pair.parts.isTableWrittenOut(0)).toBe(1);
        for (let done = 0; done < size; done += batch) {
          const count = Math.min(batch, size - done);
          const n = upwards ? done : size - done - count;
          pair.setRun(n, count, 1_000_000 + step * n, step);
        }
        expect(pair.parts.pieceFrom(0, size)).toBe(size);
        expect(pair.parts.isPieceWritten()).toBe(0);
        pair.check();
      }
    }
  });

  test("writes no block out for batches that are set a part at a time", () => {
    for (const lowest of [0, 1, 200, 511]) {
      for (const turn of [1, 100, 511, 512, 513, 5000]) {
        const pair = new Pair(14 * BLOCK);
        // the first part of a batch, then whole turns
        pair.setBatches(lowest + 12 * BLOCK, BLOCK, 1, 300, 7000);
        pair.setBatches(lowest, BLOCK, 12, turn, 1_000_000);
        expect(pair.parts.tableRunFrom(lowest, 12 * BLOCK)).toBe(12 * BLOCK);
        for (let n = 0; n < 14 * BLOCK; n += BLOCK) expect(pair.parts.isTableWrittenOut(n), `${lowest}`).toBe(0);
        pair.check();
        for (let i = 0; i < 13; i++) pair.setRun(lowest + i * BLOCK, BLOCK, INVALID, 0);
        for (let n = 0; n < 14 * BLOCK; n += BLOCK) expect(pair.parts.isTableWrittenOut(n), `${lowest}`).toBe(0);
        pair.check();
      }
    }
  });

  test("finds batches that came back as one run, up to a piece that has other numbers", () => {
    const [size, lowest, batches] = [14 * BLOCK, 100, 12];
    const returned = (): Pair => {
      const pair = new Pair(size);
      pair.setBatches(lowest, BLOCK, batches, batches * BLOCK, 1_000_000);
      return pair;
    };
    expect(returned().parts.tableRunFrom(lowest, size - lowest)).toBe(batches * BLOCK);
    for (let block = 1; block < batches; block++) {
      // the end of a batch, the beginning of the next one, or both
      for (const [from, to] of [
        [0, lowest],
        [lowest, BLOCK],
        [0, BLOCK],
      ]) {
        const pair = returned();
        pair.setRun(block * BLOCK + from, to - from, 9_000_000, 1);
        pair.check();
      }
    }
  });

  test("is one piece again after its end and then its beginning were set", () => {
    const pair = new Pair(BLOCK);
    pair.setEntry(100, 7);
    pair.setRun(200, BLOCK - 200, INVALID, 0);
    pair.setRun(0, 200, INVALID, 0);
    expect(pair.parts.pieceFrom(0, BLOCK)).toBe(BLOCK);
    pair.check();
  });

  test("writes no block out for a run of INVALID entries, or for one of frames on both sides of an edge", () => {
    const pair = new Pair(4 * BLOCK);
    pair.setRun(100, 3 * BLOCK, 5000, 1);
    pair.setRun(BLOCK, BLOCK, 9999, 0);
    for (let n = 0; n < 4 * BLOCK; n += BLOCK) expect(pair.parts.isTableWrittenOut(n)).toBe(0);
    pair.setRun(BLOCK + 10, 5, 1, 1);
    expect(pair.parts.isTableWrittenOut(BLOCK)).toBe(1);
    pair.check();
  });
});
