/** Shared by test/assembly/*.test.ts: loads the structures of assembly/ alone, and makes random values for them. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import fc from "fast-check";
import { beforeAll, expect } from "vitest";

/** The exports of test/assembly/parts/index.ts. Addresses are byte offsets, a u64 is a BigInt, and a u32 comes back signed. */
export interface Parts {
  readonly memory: WebAssembly.Memory;
  listPtr(): number;
  setExtentRun(start: number, count: number): void;
  setExtentList(list: number, count: number): void;
  setExtentMasks(): void;
  addExtentMask(start: number, mask: bigint): void;
  extentStart(): number;
  extentCount(): number;
  extentMasks(): number;
  extentMaskOf(index: number): bigint;
  extentStartOf(index: number): number;
  extentList(): number;
  extentFirst(): number;
  writeExtentUp(list: number, max: number): number;
  writeExtentDown(list: number, max: number): number;

  initSet(base: number, size: number): number;
  setBytesFor(size: number): number;
  addExtent(): void;
  addList(count: number): void;
  addRun(start: number, count: number): void;
  takeLowest(max: number): void;
  runFrom(start: number, max: number): number;
  hasNumber(n: number): number;
  countOfSet(): number;
  isSetConsistent(): number;

  lowestRun(max: number): number;
  countIn(start: number, count: number): number;
  setWords(): number;
  setSummaries(): number;

  initTable(size: number): void;
  tableEntry(n: number): number;
  setTableRun(n: number, count: number, first: number, step: number): void;
  setTableBatches(end: number, topmost: number, nextEnd: number, batch: number, count: number, first: number): void;
  writeTable(n: number, count: number, order: number): void;
  readTable(n: number, count: number): void;
  setTableEntry(n: number, value: number): void;
  isTableWrittenOut(n: number): number;
  pieceFrom(n: number, max: number): number;
  tableRunFrom(n: number, max: number): number;
  pieceFirst(): number;
  pieceStep(): number;
  isPieceWritten(): number;
  areTableRowsValid(): number;

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
  exchangeLanes(table: number, mask: bigint, list: number, value: number): number;
  spreadLanes(table: number, mask: bigint, list: number): number;
  spreadLanesDown(table: number, mask: bigint, list: number): number;
  copyComplementReversed(toEnd: number, from: number, count: number): void;
  copyReversed(to: number, from: number, count: number): void;
  fillEntries(to: number, value: number, count: number): void;
  contiguousStep(list: number, end: number): number;
  contiguousLength(list: number, max: number, step: number): number;
  writeContiguous(list: number, first: number, count: number, step: number): void;
  writeMaskUp(list: number, start: number, mask: bigint): number;
  writeMaskDown(list: number, start: number, mask: bigint): number;
  setBits(words: number, from: number, count: number): void;
  clearBits(words: number, from: number, count: number): void;
  lowestBits(bits: bigint, count: number): bigint;
  isRun(mask: bigint): number;
}

const root = fileURLToPath(new URL("../..", import.meta.url));
let compiled: WebAssembly.Module;

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), "xen-balloon-parts-"));
  try {
    const wasm = join(folder, "parts.wasm");
    const asc = join(root, "node_modules/assemblyscript/bin/asc.js");
    // parts of the driver of 2013 (asconfig.json)
    const options = [
      "--runtime",
      "stub",
      "--enable",
      "simd",
      "--use",
      "BATCHES_REVERSED=0",
      "--debug",
      "--outFile",
      wasm,
    ];
    const { stderr } = await promisify(execFile)(process.execPath, [asc, "test/assembly/parts/index.ts", ...options], {
      cwd: root,
    });
    expect(stderr).toBe("");
    compiled = new WebAssembly.Module(readFileSync(wasm));
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);

/** The message of the error that a failed assertion throws. */
export const ASSERTION = "assertion failed";

export function freshParts(): Parts {
  const abort = (): never => {
    throw new Error(ASSERTION);
  };
  return new WebAssembly.Instance(compiled, { env: { abort } }).exports as unknown as Parts;
}

/** Returns a view of the first `count` u32 entries of the list. */
export function listOf(parts: Parts, count: number): Uint32Array {
  return new Uint32Array(parts.memory.buffer, parts.listPtr(), count);
}

/** Returns start, start + step, …, `count` numbers. */
export function row(start: number, count: number, step = 1): number[] {
  return Array.from({ length: count }, (_, i) => start + i * step);
}

/** A mask and its place: it stands for start + b for every bit b of the mask; start is a multiple of 64. */
export interface PlacedMask {
  readonly start: number;
  readonly mask: bigint;
}

/** The number of masks that an extent has room for. */
export const MASKS_MAX = 32;

/** Sets the shared extent to these masks. */
export function fillExtent(parts: Parts, placed: readonly PlacedMask[]): void {
  parts.setExtentMasks();
  for (const { start, mask } of placed) parts.addExtentMask(start, mask);
}

/** Returns the masks of the shared extent, in its order. */
function extentPlacedMasks(parts: Parts): PlacedMask[] {
  const placed = row(0, parts.extentMasks()).map((i) => ({
    start: parts.extentStartOf(i) >>> 0,
    mask: BigInt.asUintN(64, parts.extentMaskOf(i)),
  }));
  if (placed.length > MASKS_MAX) expect.fail(`${placed.length} masks`);
  for (const { start, mask } of placed) if (start % 64 !== 0 || mask === 0n) expect.fail(`mask ${mask} at ${start}`);
  return placed;
}

/**
 * Returns the members of the shared extent: of a run ascending, of a list in its order, of masks ascending. The masks
 * of an extent that was filled "downwards" come last mask first.
 */
export function extentMembers(parts: Parts, filled: "upwards" | "downwards" = "upwards"): number[] {
  const count = parts.extentCount();
  const list = parts.extentList();
  const placed = extentPlacedMasks(parts);
  const first = parts.extentFirst() >>> 0;
  if (list === 0 && placed.length > 0) {
    if (maskMembers(placed[0].start, placed[0].mask)[0] !== first) expect.fail(`the first of them is not ${first}`);
    const members = membersOf(filled === "upwards" ? placed : placed.reverse());
    if (members.length !== count) expect.fail(`${members.length} members, not ${count}`);
    return members;
  }
  const members =
    list !== 0 ? [...new Uint32Array(parts.memory.buffer, list, count)] : row(parts.extentStart() >>> 0, count);
  if (members[0] !== first) expect.fail(`the first of them is not ${first}`);
  return members;
}

/** Expects equal numbers, in a fraction of the time of toEqual. */
export function expectNumbers(actual: readonly number[], expected: readonly number[]): void {
  if (actual.length !== expected.length || actual.some((n, i) => n !== expected[i])) expect(actual).toEqual(expected);
}

/** Returns start + b for every bit b of the mask, ascending. */
export function maskMembers(start: number, mask: bigint): number[] {
  const members: number[] = [];
  const low = Number(mask & 0xffff_ffffn);
  const high = Number(mask >> 32n);
  for (let bit = 0; bit < 32; bit++) if ((low >>> bit) & 1) members.push(start + bit);
  for (let bit = 0; bit < 32; bit++) if ((high >>> bit) & 1) members.push(start + 32 + bit);
  return members;
}

export function membersOf(placed: readonly PlacedMask[]): number[] {
  return placed.flatMap(({ start, mask }) => maskMembers(start, mask));
}

export function maskOf(bits: Iterable<number>): bigint {
  let mask = 0n;
  for (const bit of bits) mask |= 1n << BigInt(bit);
  return mask;
}

/** Random masks that are not 0: a few bits, neighbours, nearly all bits, or every second bit. */
export const masks: fc.Arbitrary<bigint> = fc.oneof(
  fc.uniqueArray(fc.integer({ min: 0, max: 63 }), { minLength: 1, maxLength: 5 }).map(maskOf),
  fc
    .tuple(fc.integer({ min: 0, max: 63 }), fc.integer({ min: 1, max: 64 }))
    .map(([from, count]) => BigInt.asUintN(64, ((1n << BigInt(count)) - 1n) << BigInt(from))),
  fc.uniqueArray(fc.integer({ min: 0, max: 63 }), { minLength: 6, maxLength: 64 }).map(maskOf),
  fc.constant(0x5555_5555_5555_5555n),
);

/** Random masks, at most as many as an extent has room for, ascending from 0 on; most lie side by side. */
export const maskRows: fc.Arbitrary<PlacedMask[]> = fc
  .array(fc.tuple(fc.constantFrom(1, 1, 1, 1, 2, 5), masks), { minLength: 1, maxLength: MASKS_MAX, size: "max" })
  .map((generated) => {
    let start = -64 * generated[0][0];
    return generated.map(([step, mask]) => {
      start += 64 * step;
      return { start, mask };
    });
  });

/** Returns the masks with `start` added to the start of each. */
export function movedTo(start: number, placed: readonly PlacedMask[]): PlacedMask[] {
  return placed.map((each) => ({ start: start + each.start, mask: each.mask }));
}

/** Random numbers below `size`; half of them lie beside an edge of a word, a summary word or a top word. */
export function numbersBelow(size: number): fc.Arbitrary<number> {
  const clamp = (n: number): number => Math.min(Math.max(n, 0), size - 1);
  const edges = fc
    .tuple(fc.constantFrom(64, 64 ** 2, 64 ** 3), fc.nat(), fc.integer({ min: -2, max: 2 }))
    .map(([step, k, beside]) => clamp((k % (Math.ceil(size / step) + 1)) * step + beside));
  return fc.oneof(fc.nat(size - 1), edges);
}

/** One step of a random use of a structure. */
export type Use<Subject> = (subject: Subject) => void;

/** Makes steps from random values; a failure prints a step as its name and its value. */
export function use<Subject, T>(
  name: string,
  generated: fc.Arbitrary<T>,
  act: (subject: Subject, value: T) => void,
): fc.Arbitrary<Use<Subject>> {
  return generated.map((value) =>
    Object.assign((subject: Subject) => act(subject, value), {
      [fc.toStringMethod]: () => `${name} ${fc.stringify(value)}`,
    }),
  );
}
