/** The structures of assembly/ alone, each against a plain model in JavaScript. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { runs } from "./seed.js";

/** test/parts/index.ts. Addresses are byte offsets, u64 is BigInt, u32 comes back signed. */
interface Parts {
  readonly memory: WebAssembly.Memory;
  listPtr(): number;
  setExtentRun(start: number, count: number): void;
  setExtentMask(start: number, mask: bigint): void;
  extentStart(): number;
  extentCount(): number;
  extentMask(): bigint;
  /** Address of a list that belongs to the deque, or 0. */
  extentList(): number;
  extentFirst(): number;

  initSet(size: number): number;
  setBytesFor(size: number): number;
  addNumber(n: number): void;
  addMask(start: number, mask: bigint): void;
  addRun(start: number, count: number): void;
  takeLowest(max: number): void;
  runFrom(start: number, max: number): number;
  hasNumber(n: number): number;
  countOfSet(): number;
  isSetConsistent(): number;

  initDeque(pages: number): number;
  dequeBytesFor(pages: number): bigint;
  pushPage(pfn: number): void;
  pushRun(start: number, pages: number): void;
  pushExtent(): void;
  takeTop(max: number): void;
  takeBottom(max: number): void;
  readDown(top: number, max: number): number;
  readUp(bottom: number, max: number): number;
  dequeBase(): number;
  dequeEnd(): number;
  dequeBottom(): number;
  dequeTop(): number;
  dequePages(): number;

  copyComplement(to: number, from: number, count: number): void;
  exchangeLanes(table: number, mask: bigint, list: number, value: number): void;
  spreadLanes(table: number, mask: bigint, list: number): void;
  spreadLanesDown(table: number, mask: bigint, list: number): void;
  copyComplementReversed(toEnd: number, from: number, count: number): void;
  copyReversed(to: number, from: number, count: number): void;
  fillWords(to: number, value: number, count: number): void;
  longStep(list: number, end: number): number;
  straightLength(list: number, max: number, step: number): number;
  writeStraight(list: number, first: number, count: number, step: number): void;
  writeMaskUp(list: number, start: number, mask: bigint): void;
  writeMaskDown(list: number, start: number, mask: bigint): void;
  setBits(words: number, from: number, count: number): void;
  clearBits(words: number, from: number, count: number): void;
  lowestBits(bits: bigint, count: number): bigint;
  isRun(mask: bigint): number;
}

const root = fileURLToPath(new URL("..", import.meta.url));
let compiled: WebAssembly.Module;

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), "xen-balloon-parts-"));
  try {
    const wasm = join(folder, "parts.wasm");
    const asc = join(root, "node_modules/assemblyscript/bin/asc.js");
    const options = ["--runtime", "stub", "--enable", "simd", "--debug", "--outFile", wasm];
    const { stderr } = await promisify(execFile)(process.execPath, [asc, "test/parts/index.ts", ...options], {
      cwd: root,
    });
    expect(stderr).toBe("");
    compiled = new WebAssembly.Module(readFileSync(wasm));
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);

function freshParts(): Parts {
  const abort = (): never => {
    throw new Error("assertion failed");
  };
  return new WebAssembly.Instance(compiled, { env: { abort } }).exports as unknown as Parts;
}

/** u32 entries at the list, `count` of them. */
function listOf(parts: Parts, count: number): Uint32Array {
  return new Uint32Array(parts.memory.buffer, parts.listPtr(), count);
}

/** What the extent that crosses holds: ascending, or in the order of its list. */
function extentMembers(parts: Parts): number[] {
  const count = parts.extentCount();
  const members = [...membersUncounted(parts, count)];
  expect(members).toHaveLength(count);
  expect(parts.extentFirst() >>> 0).toBe(members[0]);
  return members;
}

function membersUncounted(parts: Parts, count: number): Iterable<number> {
  const list = parts.extentList();
  if (list !== 0) return new Uint32Array(parts.memory.buffer, list, count);
  const start = parts.extentStart() >>> 0;
  const mask = BigInt.asUintN(64, parts.extentMask());
  return mask === 0n ? Array.from({ length: count }, (_, i) => start + i) : maskMembers(start, mask);
}

/** start + b for every bit b of the mask, ascending. */
function maskMembers(start: number, mask: bigint): number[] {
  const members: number[] = [];
  for (let bit = 0; bit < 64; bit++) if ((mask >> BigInt(bit)) & 1n) members.push(start + bit);
  return members;
}

function maskOf(bits: Iterable<number>): bigint {
  let mask = 0n;
  for (const bit of bits) mask |= 1n << BigInt(bit);
  return mask;
}

/** Masks that are not 0: a few bits, neighbours, or nearly all. */
const masks: fc.Arbitrary<bigint> = fc.oneof(
  fc.uniqueArray(fc.integer({ min: 0, max: 63 }), { minLength: 1, maxLength: 5 }).map(maskOf),
  fc
    .tuple(fc.integer({ min: 0, max: 63 }), fc.integer({ min: 1, max: 64 }))
    .map(([from, count]) => BigInt.asUintN(64, ((1n << BigInt(count)) - 1n) << BigInt(from))),
  fc.uniqueArray(fc.integer({ min: 0, max: 63 }), { minLength: 6, maxLength: 64 }).map(maskOf),
);

/** Numbers below `size`, half of them beside an edge of a word, a summary word or a top word. */
function numbersBelow(size: number): fc.Arbitrary<number> {
  const clamp = (n: number): number => Math.min(Math.max(n, 0), size - 1);
  const edges = fc
    .tuple(fc.constantFrom(64, 64 ** 2, 64 ** 3), fc.nat(), fc.integer({ min: -2, max: 2 }))
    .map(([step, k, beside]) => clamp((k % (Math.ceil(size / step) + 1)) * step + beside));
  return fc.oneof(fc.nat(size - 1), edges);
}

/** One step of a random use, printed by its name and what was drawn for it. */
type Use<Subject> = (subject: Subject) => void;

function use<Subject, T>(
  name: string,
  drawn: fc.Arbitrary<T>,
  act: (subject: Subject, value: T) => void,
): fc.Arbitrary<Use<Subject>> {
  return drawn.map((value) =>
    Object.assign((subject: Subject) => act(subject, value), {
      [fc.toStringMethod]: () => `${name} ${fc.stringify(value)}`,
    }),
  );
}

describe("NumberSet", () => {
  /** A byte a number: 1 for a member. */
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

    /** Takes the `count` lowest. */
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

    /** Of `pages` numbers from `start` on those before the first member and the size. */
    gapLength(start: number, pages: number): number {
      const end = Math.min(start + pages, this.members.length);
      const first = this.members.indexOf(1, start);
      return Math.max(0, (first < 0 ? end : Math.min(first, end)) - start);
    }

    /** How many members, `max` at most, follow each other from `start` on. */
    runLength(start: number, max: number): number {
      const end = this.members.indexOf(0, start);
      return Math.min((end < 0 ? this.members.length : end) - start, max);
    }

    /** The bits of a mask that name numbers below the size which are no members. */
    absent(start: number, mask: bigint): bigint {
      const absent = maskMembers(start, mask).filter((n) => n < this.members.length && this.members[n] === 0);
      return maskOf(absent.map((n) => n - start));
    }
  }

  /** A set beside its model. */
  class Pair {
    readonly parts: Parts = freshParts();
    readonly model: Model;

    constructor(size: number) {
      expect(this.parts.initSet(size)).toBe(this.parts.setBytesFor(size));
      this.model = new Model(size);
    }

    add(n: number): void {
      if (this.model.members[n] === 1) return;
      this.parts.addNumber(n);
      this.model.put([n]);
    }

    /** Those that are no members yet of start + b for every bit b. */
    addMask(start: number, bits: bigint): void {
      const mask = this.model.absent(start, bits);
      if (mask === 0n) return;
      this.parts.addMask(start, mask);
      this.model.put(maskMembers(start, mask));
    }

    /** Up to the first member. */
    addRun(start: number, wanted: number): void {
      const count = this.model.gapLength(start, wanted);
      this.parts.addRun(start, count);
      this.model.put(Array.from({ length: count }, (_, i) => start + i));
    }

    take(max: number): void {
      if (this.model.count === 0) return;
      this.parts.takeLowest(max);
      const taken = extentMembers(this.parts);
      expect(taken.length).toBeGreaterThan(0);
      expect(taken.length).toBeLessThanOrEqual(max);
      expect(taken).toEqual(this.model.take(taken.length));
    }

    check(): void {
      expect(this.parts.countOfSet()).toBe(this.model.count);
      expect(this.parts.isSetConsistent(), "words and summaries agree").toBe(1);
    }
  }

  function usesBelow(size: number): fc.Arbitrary<Use<Pair>> {
    const numbers = numbersBelow(size);
    const counts = fc.oneof(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: size }));
    return fc.oneof(
      use("add", numbers, (pair: Pair, n) => pair.add(n)),
      use("add mask", fc.tuple(numbers, masks), (pair: Pair, [n, mask]) => pair.addMask(n - (n % 64), mask)),
      use("add run", fc.tuple(numbers, counts), (pair: Pair, [start, count]) => pair.addRun(start, count)),
      use("run from", fc.tuple(numbers, fc.oneof(fc.nat(200), counts)), (pair: Pair, [start, max]) => {
        expect(pair.parts.runFrom(start, max)).toBe(pair.model.runLength(start, max));
      }),
      use("take", fc.tuple(counts, fc.nat(8)), (pair: Pair, [max, more]) => {
        for (let i = 0; i <= more; i++) pair.take(max);
      }),
    );
  }

  const sizes = [1, 63, 64, 65, 4095, 4096, 4097, 64 ** 3, 64 ** 3 + 1, 3 * 64 ** 3 + 5];

  test.each(sizes)("of numbers below %i gives the lowest first", (size) => {
    fc.assert(
      fc.property(fc.array(usesBelow(size), { maxLength: 40, size: "max" }), (uses) => {
        const pair = new Pair(size);
        for (const step of uses) {
          step(pair);
          pair.check();
        }
        for (let n = 0; n < size; n += size > 5000 ? 61 : 1) {
          if (pair.parts.hasNumber(n) !== pair.model.members[n]) expect.fail(`has ${n}`);
        }
        while (pair.model.count > 0) pair.take(size);
        pair.check();
      }),
      runs(size > 5000 ? 8 : 100),
    );
  });

  test("an assertion of the debug build tells of a number added twice", () => {
    const parts = freshParts();
    parts.initSet(100);
    parts.addNumber(7);
    expect(() => parts.addNumber(7)).toThrow("assertion failed");
  });
});

describe("EntryDeque", () => {
  const PFN_END = 2 ** 30;

  /** All pages of the deque from the bottom on, and from the top down: entries, and up to `max` single pages at once. */
  function pagesUp(parts: Parts, max: number): number[] {
    const pages: number[] = [];
    let at = parts.dequeBottom();
    while (at < parts.dequeTop()) {
      const bytes = parts.readUp(at, max);
      pages.push(...entryMembers(parts, bytes, max));
      at += bytes;
    }
    expect(at).toBe(parts.dequeTop());
    return pages;
  }

  function pagesDown(parts: Parts, max: number): number[] {
    const pages: number[] = [];
    let at = parts.dequeTop();
    while (at > parts.dequeBottom()) {
      const bytes = parts.readDown(at, max);
      pages.push(...entryMembers(parts, bytes, max).reverse());
      at -= bytes;
    }
    expect(at).toBe(parts.dequeBottom());
    return pages;
  }

  function entryMembers(parts: Parts, bytes: number, max: number): number[] {
    const members = extentMembers(parts);
    expect(bytes, "an entry has no more words than pages").toBeLessThanOrEqual(4 * members.length);
    if (parts.extentList() !== 0) expect(members.length).toBeLessThanOrEqual(max);
    return members;
  }

  function checkBounds(parts: Parts, pages: number): void {
    expect(parts.dequePages()).toBe(pages);
    expect(parts.dequeBottom()).toBeGreaterThanOrEqual(parts.dequeBase());
    expect(parts.dequeTop()).toBeLessThanOrEqual(parts.dequeEnd());
    expect(parts.dequeTop() - parts.dequeBottom(), "bytes of so many pages").toBeLessThanOrEqual(4 * pages);
  }

  /** A deque beside its model, an array from bottom to top. What is put in makes room for itself at the bottom. */
  class Pair {
    readonly parts: Parts = freshParts();
    model: number[] = [];
    readonly capacity: number;

    constructor(capacity: number) {
      this.capacity = capacity;
      expect(this.parts.initDeque(capacity)).toBe(Number(this.parts.dequeBytesFor(capacity)));
    }

    /** The PFN at a place, with room for so many pages behind it. */
    pfnAt([from, pfn]: readonly [from: "zero" | "last", pfn: number], pages: number): number {
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
      for (let i = 0; i < pages; i++) this.model.push(start + i);
    }

    pushMask(start: number, wanted: bigint): void {
      const members = maskMembers(start, wanted).slice(0, this.capacity);
      this.makeRoom(members.length);
      this.parts.setExtentMask(start, maskOf(members.map((pfn) => pfn - start)));
      this.parts.pushExtent();
      this.model.push(...members);
    }

    takeTop(max: number): void {
      if (this.model.length === 0) return;
      this.parts.takeTop(max);
      const taken = extentMembers(this.parts);
      expect(taken.length).toBeLessThanOrEqual(max);
      expect(taken).toEqual(this.model.splice(-taken.length));
    }

    takeBottom(max: number): void {
      if (this.model.length === 0) return;
      this.parts.takeBottom(max);
      const taken = extentMembers(this.parts);
      expect(taken.length).toBeLessThanOrEqual(max);
      expect(taken).toEqual(this.model.splice(0, taken.length));
    }

    check(): void {
      checkBounds(this.parts, this.model.length);
      const max = 1 + (this.model.length % 5);
      expect(pagesUp(this.parts, max)).toEqual(this.model);
      expect(pagesDown(this.parts, max)).toEqual(this.model.toReversed());
    }
  }

  const pfns = fc.oneof(
    fc.nat(300),
    fc.nat(PFN_END - 1),
    fc.nat(300).map((n) => PFN_END - 1 - n),
  );
  /** A PFN, or how far from the page put in last. */
  const places: fc.Arbitrary<readonly [from: "zero" | "last", pfn: number]> = fc.oneof(
    fc.tuple(fc.constant("last" as const), fc.constantFrom(1, 2, -1)),
    fc.tuple(fc.constant("zero" as const), pfns),
  );
  const lengths = fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 70 }));
  const uses: fc.Arbitrary<Use<Pair>> = fc.oneof(
    use("push page", places, (pair: Pair, place) => pair.pushPage(pair.pfnAt(place, 1))),
    use("push run", fc.tuple(places, lengths, fc.boolean()), (pair: Pair, [place, pages, byExtent]) =>
      pair.pushRun(pair.pfnAt(place, pages), pages, byExtent),
    ),
    use("push mask", fc.tuple(places, masks), (pair: Pair, [place, mask]) => {
      const pfn = pair.pfnAt(place, 1);
      pair.pushMask(pfn - (pfn % 64), mask);
    }),
    use("take top", lengths, (pair: Pair, max) => pair.takeTop(max)),
    use("take bottom", lengths, (pair: Pair, max) => pair.takeBottom(max)),
  );

  test.each([1, 2, 3, 31, 64, 100, 500])("of %i pages is read as an array from both ends", (capacity) => {
    fc.assert(
      fc.property(fc.array(uses, { maxLength: 100, size: "max" }), (all) => {
        const pair = new Pair(capacity);
        for (const step of all) {
          step(pair);
          pair.check();
        }
      }),
      runs(20),
    );
  });

  test.each([
    ["pages that do not follow each other", 1],
    ["masks of three", 3],
  ])("moves down to its base when it drifts: %s", (_, batch) => {
    const capacity = 900;
    const pair = new Pair(capacity);
    let next = 0;
    let compactions = 0;
    let movedWords = 0;
    for (let put = 0; put < 6 * capacity; put += batch) {
      const bottom = pair.parts.dequeBottom();
      // what is taken at the bottom leaves a gap; only a move to the base closes it
      if (batch === 1) pair.pushPage(next);
      else pair.pushMask(next, 0b10101n);
      next += batch === 1 ? 2 : 64;
      if (pair.parts.dequeBottom() < bottom) {
        expect(pair.parts.dequeBottom()).toBe(pair.parts.dequeBase());
        compactions++;
        movedWords += (pair.parts.dequeTop() - pair.parts.dequeBottom()) / 4;
      }
      checkBounds(pair.parts, pair.model.length);
    }
    pair.check();
    expect(pair.model).toHaveLength(capacity);
    expect(compactions).toBeGreaterThan(30);
    expect(movedWords / (6 * capacity), "words moved per word put in").toBeLessThan(32);
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

describe("lists", () => {
  const SENTINEL = 0xdead_beef;
  /** Entries beside a list, which nobody may write. */
  const BESIDE = 20;
  const u32s = fc.oneof(
    fc.nat(200),
    fc.integer({ min: 0, max: 0xffff_ffff }),
    fc.nat(20).map((n) => 0xffff_ffff - n),
  );
  const steps = fc.constantFrom(1, -1);
  const straight = (first: number, count: number, step: number): number[] =>
    Array.from({ length: count }, (_, i) => (first + i * step) >>> 0);
  /** Straight pieces after each other, so that it bends somewhere or not at all. */
  const lists = fc
    .array(fc.tuple(u32s, steps, fc.integer({ min: 1, max: 100 })), { minLength: 1, maxLength: 3 })
    .map((pieces) => pieces.flatMap(([first, step, count]) => straight(first, count, step)));

  /** What `write` makes of sentinels, all of it, from BESIDE entries before `at` on. */
  function written(parts: Parts, count: number, write: (at: number) => void): number[] {
    const list = listOf(parts, count + 2 * BESIDE).fill(SENTINEL);
    write(parts.listPtr() + 4 * BESIDE);
    return [...list];
  }

  const beside = Array<number>(BESIDE).fill(SENTINEL);

  test("straightLength counts the entries before the first bend", () => {
    fc.assert(
      fc.property(lists, fc.nat(), fc.nat(), steps, (list, from, most, step) => {
        const parts = freshParts();
        listOf(parts, list.length).set(list);
        const skipped = from % list.length;
        const max = 1 + (most % (list.length - skipped));
        const expected = straight(list[skipped], max, step);
        const bend = expected.findIndex((n, i) => n !== list[skipped + i]);
        expect(parts.straightLength(parts.listPtr() + 4 * skipped, max, step)).toBe(bend < 0 ? max : bend);
      }),
      runs(500),
    );
  });

  test("longStep tells which way a list goes that is straight and long", () => {
    const LONG = 64;
    fc.assert(
      fc.property(
        u32s,
        fc.oneof(fc.nat(200), fc.integer({ min: LONG - 1, max: LONG + 1 })),
        steps,
        lists,
        (...drawn) => {
          const [first, count, step, bent] = drawn;
          const parts = freshParts();
          listOf(parts, count).set(straight(first, count, step));
          const wayOf = (length: number): number => parts.longStep(parts.listPtr(), parts.listPtr() + 4 * length);
          expect(wayOf(count)).toBe(count >= LONG ? step : 0);
          // it looks at two entries alone: where it names a way the list may bend, where it names none it is not long
          listOf(parts, bent.length).set(bent);
          const way = wayOf(bent.length);
          for (const other of [1, -1]) {
            if (way === other) continue;
            expect(parts.straightLength(parts.listPtr(), bent.length, other)).toBeLessThan(LONG);
          }
        },
      ),
      runs(300),
    );
  });

  test("writeStraight writes first, first + step, … and nothing beside it", () => {
    fc.assert(
      fc.property(u32s, fc.nat(150), steps, (first, count, step) => {
        const parts = freshParts();
        const list = written(parts, count, (at) => parts.writeStraight(at, first, count, step));
        expect(list).toEqual([...beside, ...straight(first, count, step), ...beside]);
      }),
      runs(300),
    );
  });

  test("fillWords, copyComplement, copyComplementReversed and copyReversed write their entries and nothing beside them", () => {
    fc.assert(
      fc.property(fc.array(u32s, { maxLength: 100 }), u32s, (values, value) => {
        const parts = freshParts();
        const count = values.length;
        const from = parts.listPtr() + 4000;
        new Uint32Array(parts.memory.buffer, from, count).set(values);
        const complements = values.map((n) => ~n >>> 0);
        expect(written(parts, count, (at) => parts.fillWords(at, value, count))).toEqual([
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

  /** Entries past its end that a list made of a mask may be written over. */
  const SPILL = 8;

  test("writeMaskUp and writeMaskDown write an entry a bit, and spill over a little", () => {
    fc.assert(
      fc.property(fc.nat(2 ** 24 - 1), masks, (word, mask) => {
        const parts = freshParts();
        const members = maskMembers(64 * word, mask);
        const list = listOf(parts, members.length + SPILL + 1);
        for (const [write, expected] of [
          [parts.writeMaskUp, members],
          [parts.writeMaskDown, members.toReversed()],
        ] as const) {
          list.fill(SENTINEL);
          write(parts.listPtr(), 64 * word, mask);
          expect([...list.subarray(0, members.length)]).toEqual(expected);
          expect(list[members.length + SPILL]).toBe(SENTINEL);
        }
      }),
      runs(300),
    );
  });

  describe("the table entries of a mask's members", () => {
    const TABLE_AT = 0x8000;
    const entries = fc.array(u32s, { minLength: 80, maxLength: 80 });

    /** A table with 64 entries for a mask and some more, and a list elsewhere. */
    function tableOf(parts: Parts, values: number[]): Uint32Array {
      const table = new Uint32Array(parts.memory.buffer, parts.listPtr() + TABLE_AT, values.length);
      table.set(values);
      return table;
    }

    test("exchangeLanes lists their complements and sets them, and no other", () => {
      fc.assert(
        fc.property(entries, masks, u32s, (values, mask, value) => {
          const parts = freshParts();
          const table = tableOf(parts, values);
          const members = maskMembers(0, mask);
          parts.exchangeLanes(table.byteOffset, mask, parts.listPtr(), value);
          expect([...listOf(parts, members.length)]).toEqual(members.map((bit) => ~values[bit] >>> 0));
          expect([...table]).toEqual(values.map((old, bit) => (members.includes(bit) ? value : old)));
        }),
        runs(300),
      );
    });

    test("spreadLanes and spreadLanesDown set them from a list of complements, and no other", () => {
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
            spread(table.byteOffset, mask, parts.listPtr());
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
