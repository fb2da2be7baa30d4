/**
 * An entry for tests: exports the structures of assembly/ alone, in memory that is laid out here. Each test makes a
 * fresh instance. Functions that take or give an extent use the shared one at 0x1_0080.
 *
 *   0x1_0000  a NumberSet, an EntryDeque, an Extent, a PieceTable
 *   0x1_1000  a list of u32 entries, or the words of a bitmap: 64 KiB
 *   0x2_2000  the tables of the set, the deque or the piece table
 */
import { EntryDeque, readDown as readEntryDown, readUp as readEntryUp } from "../../../assembly/balloon/entry-deque";
import { OwnRooms } from "../../../assembly/common/block-rooms";
import { Extent } from "../../../assembly/common/extent";
import { writeDown, writeUp } from "../../../assembly/common/extent-list";
import { NumberSet } from "../../../assembly/common/number-set";
import { isConsistent } from "../../../assembly/common/number-set-check";
import { PieceTable, rowBytes, tableBytes } from "../../../assembly/common/piece-table";
import { areRowsValid } from "../../../assembly/common/piece-table-check";

export { clearBits, setBits } from "../../../assembly/common/bits";
export {
  contiguousLength,
  contiguousStep,
  copyComplement,
  copyComplementReversed,
  copyReversed,
  fillEntries,
  writeContiguous,
} from "../../../assembly/common/entries";
export { isRun, lowestBits } from "../../../assembly/common/extent";
export { exchangeLanes, spreadLanes, spreadLanesDown } from "../../../assembly/common/lanes";
export { writeMaskDown, writeMaskUp } from "../../../assembly/common/mask-list";

const set: NumberSet = changetype<NumberSet>(0x1_0000);
const deque: EntryDeque = changetype<EntryDeque>(0x1_0040);
const extent: Extent = changetype<Extent>(0x1_0080);
const table: PieceTable<OwnRooms> = changetype<PieceTable<OwnRooms>>(0x1_0800);
const LIST: usize = 0x1_1000;
const TABLES: usize = 0x2_2000;

export function listPtr(): usize {
  return LIST;
}

function reserve(end: usize): void {
  assert(__heap_base <= 0x1_0000, "parts: the compiler's own data reaches into ours");
  const have = memory.size() << 16;
  if (<i32>end > have) memory.grow((<i32>end - have + 0xffff) >> 16);
}

/** Sets the shared extent to a run. */
export function setExtentRun(start: u32, count: u32): void {
  extent.setRun(start, count);
}

/** Sets the shared extent to a list, which is the caller's. */
export function setExtentList(list: usize, count: u32): void {
  extent.setList(list, count);
}

export function setExtentMasks(): void {
  extent.setMasks();
}

export function addExtentMask(start: u32, mask: u64): void {
  extent.addMask(start, mask);
}

export function extentStart(): u32 {
  return extent.start;
}

export function extentCount(): u32 {
  return extent.count;
}

/** Returns how many masks the shared extent has; 0 for a run or a list. */
export function extentMasks(): u32 {
  return extent.masks;
}

export function extentMaskOf(index: u32): u64 {
  return extent.maskOf(index);
}

export function extentStartOf(index: u32): u32 {
  return extent.startOf(index);
}

/** Returns the address of the list of the shared extent; 0 for a run or masks. */
export function extentList(): usize {
  return extent.list;
}

export function extentFirst(): u32 {
  return extent.first;
}

/** Writes the shared extent to a list at this address. */
export function writeExtentUp(list: usize, max: u32): u32 {
  return writeUp(list, extent, max);
}

export function writeExtentDown(list: usize, max: u32): u32 {
  return writeDown(list, extent, max);
}

/** Makes an empty NumberSet; returns the bytes that it takes. */
export function initSet(base: u32, size: u32): u32 {
  const end = set.init(TABLES, base, size);
  reserve(end);
  return <u32>(end - TABLES);
}

export function setBytesFor(size: u32): u32 {
  return NumberSet.bytesFor(size);
}

/** Adds the numbers of the shared extent to the set. */
export function addExtent(): void {
  set.addExtent(extent);
}

/** Adds the first `count` numbers of the list to the set. */
export function addList(count: u32): void {
  set.addList(LIST, count);
}

export function addRun(start: u32, count: u32): void {
  set.addRun(start, count);
}

export function takeLowest(max: u32): void {
  set.take(max, extent);
}

export function runFrom(start: u32, max: u32): u32 {
  return set.runFrom(start, max);
}

export function hasNumber(n: u32): bool {
  return set.has(n);
}

export function countOfSet(): u32 {
  return set.count;
}

export function isSetConsistent(): bool {
  return isConsistent(set);
}

export function lowestRun(max: u32): u32 {
  return set.lowestRun(max);
}

export function countIn(start: u32, count: u32): u32 {
  return set.countIn(start, count);
}

/** Returns the address of the bitmap of the set, and of its summaries, which follow it. */
export function setWords(): usize {
  return set.words;
}

export function setSummaries(): usize {
  return set.some;
}

/** Makes a PieceTable of INVALID entries. */
export function initTable(size: u32): void {
  table.init(TABLES, size, changetype<OwnRooms>(TABLES + <usize>rowBytes(size)));
  reserve(TABLES + <usize>tableBytes(size));
}

export function tableEntry(n: u32): u32 {
  return table.get(n);
}

export function setTableRun(n: u32, count: u32, first: u32, step: i32): void {
  table.setRun(n, count, first, step);
}

export function setTableBatches(end: u32, topmost: u32, nextEnd: u32, batch: u32, count: u32, first: u32): void {
  table.setBatches(end, topmost, nextEnd, batch, count, first);
}

/** Sets entries from n on to the first `count` of the list. */
export function writeTable(n: u32, count: u32, order: i32): void {
  table.write(n, count, LIST, order);
}

/** Writes the entries from n on to the list. */
export function readTable(n: u32, count: u32): void {
  table.read(n, count, LIST);
}

/** Sets one entry, as a list of pages does. */
export function setTableEntry(n: u32, value: u32): void {
  store<u32>(table.writeOut(n), ~value);
}

export function isTableWrittenOut(n: u32): bool {
  return table.isWrittenOut(n);
}

export function pieceFrom(n: u32, max: u32): u32 {
  return table.pieceFrom(n, max);
}

export function tableRunFrom(n: u32, max: u32): u32 {
  return table.runFrom(n, max);
}

export function pieceFirst(): u32 {
  return table.first;
}

export function pieceStep(): i32 {
  return table.step;
}

export function isPieceWritten(): bool {
  return table.written;
}

export function areTableRowsValid(): bool {
  return areRowsValid(table);
}

/** Makes an empty EntryDeque; returns the bytes that it takes. */
export function initDeque(pages: u32): u32 {
  const end = deque.init(TABLES, pages);
  reserve(end);
  return <u32>(end - TABLES);
}

export function dequeBytesFor(pages: u32): u64 {
  return EntryDeque.bytesFor(pages);
}

export function pushPage(pfn: u32): void {
  deque.pushPage(pfn);
}

export function pushRun(start: u32, pages: u32): void {
  deque.pushRun(start, pages);
}

export function pushExtent(): void {
  deque.push(extent);
}

export function takeTop(max: u32): void {
  deque.takeTop(max, extent);
}

export function takeBottom(max: u32): void {
  deque.takeBottom(max, extent);
}

/** Reads the entries that end at this address, or begin there, into the shared extent; returns the bytes they take. */
export function readDown(top: usize, max: u32): usize {
  return readEntryDown(top, deque.bottom, max, extent);
}

export function readUp(bottom: usize, max: u32): usize {
  return readEntryUp(bottom, deque.top, max, extent);
}

export function dequeBase(): usize {
  return deque.base;
}

export function dequeEnd(): usize {
  return deque.end;
}

export function dequeBottom(): usize {
  return deque.bottom;
}

export function dequeTop(): usize {
  return deque.top;
}

export function dequePages(): u32 {
  return deque.pages;
}
