/**
 * An entry for tests: the structures of assembly/ alone, over memory that is laid out here. A fresh instance each time.
 *
 *   0x1_0000  a NumberSet, an EntryDeque, an Extent
 *   0x1_1000  a list of u32, or words of bits: 64 KiB
 *   0x2_2000  the tables of the set or the deque
 */
import { EntryDeque, readDown as readEntryDown, readUp as readEntryUp } from "../../assembly/balloon/entry-deque";
import { Extent } from "../../assembly/common/extent";
import { writeDown, writeUp } from "../../assembly/common/extent-list";
import { NumberSet } from "../../assembly/common/number-set";
import { isConsistent } from "../../assembly/common/number-set-check";

export { clearBits, setBits } from "../../assembly/common/bits";
export {
  contiguousLength,
  contiguousStep,
  copyComplement,
  copyComplementReversed,
  copyReversed,
  fillEntries,
  writeContiguous,
} from "../../assembly/common/entries";
export { isRun, lowestBits } from "../../assembly/common/extent";
export {
  exchangeLanes,
  spreadLanes,
  spreadLanesDown,
  writeMaskDown,
  writeMaskUp,
} from "../../assembly/common/lanes";

const set: NumberSet = changetype<NumberSet>(0x1_0000);
const deque: EntryDeque = changetype<EntryDeque>(0x1_0040);
const extent: Extent = changetype<Extent>(0x1_0080);
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

/** The extent that crosses: an argument of what takes one, the result of what gives one. */
export function setExtentRun(start: u32, count: u32): void {
  extent.setRun(start, count);
}

/** The list is the caller's. */
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

/** How many masks it is of; 0 of a run or a list. */
export function extentMasks(): u32 {
  return extent.masks;
}

export function extentMaskOf(index: u32): u64 {
  return extent.maskOf(index);
}

export function extentStartOf(index: u32): u32 {
  return extent.startOf(index);
}

/** Address of the list it is of, or 0. */
export function extentList(): usize {
  return extent.list;
}

export function extentFirst(): u32 {
  return extent.first;
}

/** The extent that crosses, as a list from this address on. */
export function writeExtentUp(list: usize, max: u32): u32 {
  return writeUp(list, extent, max);
}

export function writeExtentDown(list: usize, max: u32): u32 {
  return writeDown(list, extent, max);
}

/** NumberSet. Returns the bytes it takes. */
export function initSet(base: u32, size: u32): u32 {
  const end = set.init(TABLES, base, size);
  reserve(end);
  return <u32>(end - TABLES);
}

export function setBytesFor(size: u32): u32 {
  return NumberSet.bytesFor(size);
}

export function addNumber(n: u32): void {
  set.add(n);
}

/** The extent that crosses. */
export function addExtent(): void {
  set.addExtent(extent);
}

/** The first `count` numbers of the list. */
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

/** EntryDeque. Returns the bytes it takes. */
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

/** The run that ends at this address, or starts there, or the single pages or masks there: their bytes. */
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
