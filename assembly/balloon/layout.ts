/**
 * The map of balloon.wasm's linear memory. No other file here knows an address.
 *
 *   0x0_0000  ┌────────────────────────────┐
 *             │ the compiler's own data    │  tables of lanes.ts and mask-list.ts, assertions' texts
 *   0x1_0000  ├────────────────────────────┤
 *             │ Guest                      │  its configuration
 *   0x1_0080  │ BalloonStats               │  and the fields that a generation adds
 *   0x1_0100  │ Counters                   │
 *   0x1_0180  │ two zones (NumberSet)      │  Normal, HighMem
 *   0x1_0200  │ two ends of the page list  │  EntryDeque: low, high
 *   0x1_0280  │ scratch pages              │  u32 a CPU: its PFN + 1; 64 of them
 *   0x1_0380  │ P2M (PieceTable)           │
 *   0x1_0400  │ extra regions              │  {start, pages}, 128 of them
 *   0x1_0800  │ an Extent                  │
 *   0x1_1000  ├────────────────────────────┤
 *             │ frame_list                 │  4096 u32, and room for masks and writes past the end (lanes.ts)
 *   0x1_5200  ├────────────────────────────┤
 *             │ window                     │  lists that cross the boundary: as large as frame_list
 *   0x1_9400  ├────────────────────────────┤
 *             │ pfn_list                   │  the pages of a batch that somebody watches: as large as frame_list
 *   0x1_e000  ├────────────────────────────┤
 *             │ spare (reversed batches)   │  4096 u32, in a build whose batches are reversed
 *             ├────────────────────────────┤
 *             │ free pages, Normal         │  a bit a page, and summaries
 *             │ free pages, HighMem        │
 *             ├────────────────────────────┤
 *             │ ballooned_pages, low       │  at most u32 a page, and 1/32 more (entry-deque.ts)
 *             │ ballooned_pages, high      │
 *             ├────────────────────────────┤
 *             │ P2M (pv alone)             │  16 bytes for 512 pages; then u32 a page, in blocks (piece-table.ts)
 *             ├────────────────────────────┤
 *             │ page contents (if real)    │  4096 bytes a page
 *             └────────────────────────────┘
 *
 * The compiler's own data ends below 0x1_0000, which the debug build checks at boot. The bitmap of HighMem begins at
 * the multiple of 64 at or below highmemStart, because the base of a NumberSet is one.
 */
import { OwnRooms } from "../common/block-rooms";
import { Extent } from "../common/extent";
import { NumberSet } from "../common/number-set";
import { PieceTable, rowBytes, tableBytes } from "../common/piece-table";
import { Pfn } from "../common/types";
import { EntryDeque } from "./entry-deque";
import { Guest } from "./guest";
import { BalloonStats, Counters } from "./stats";

export const WINDOW_CAPACITY: u32 = 4096;
export const PAGE_SHIFT: u32 = 12;

export const GUEST: usize = 0x1_0000;
export const guest: Guest = changetype<Guest>(GUEST);
export const STATS: usize = 0x1_0080;
export const stats: BalloonStats = changetype<BalloonStats>(STATS);
export const counters: Counters = changetype<Counters>(0x1_0100);
export const normalFree: NumberSet = changetype<NumberSet>(0x1_0180);
export const highFree: NumberSet = changetype<NumberSet>(0x1_01c0);
export const lowList: EntryDeque = changetype<EntryDeque>(0x1_0200);
export const highList: EntryDeque = changetype<EntryDeque>(0x1_0240);
export const SCRATCH_PAGES: usize = 0x1_0280;
/** The P2M, if the guest is pv. */
export const p2m: PieceTable<OwnRooms> = changetype<PieceTable<OwnRooms>>(0x1_0380);
export const EXTRA_REGIONS: usize = 0x1_0400;
export const extent: Extent = changetype<Extent>(0x1_0800);
/** The structs above lie between GUEST and here. */
export const FRAME_LIST: usize = 0x1_1000;
export const WINDOW: usize = 0x1_5200;
export const PFN_LIST: usize = 0x1_9400;
/** The entries of a batch while they are turned round, where batches are reversed (entry-deque.ts). */
export const SPARE: usize = 0x1_e000;
const TABLES: usize = BATCHES_REVERSED ? 0x2_2000 : 0x1_e000;

/** The address of the contents of page 0, if pages have contents. */
export let contentsBase: usize = 0;

/** Returns the bytes of linear memory that such a guest takes. */
export function bytesFor(pfnLimit: Pfn, highmemStart: Pfn, pv: bool, contents: bool): u64 {
  const low = min(highmemStart, pfnLimit);
  let bytes = <u64>TABLES + NumberSet.bytesFor(low) + NumberSet.bytesFor(pfnLimit - (low & ~63));
  bytes += EntryDeque.bytesFor(low) + EntryDeque.bytesFor(pfnLimit - low);
  if (pv) bytes += tableBytes(pfnLimit);
  if (contents) bytes = alignPage(bytes) + ((<u64>pfnLimit) << PAGE_SHIFT);
  return bytes;
}

/** Lays the tables out in fresh memory; returns false if there is not enough of it. */
export function layOut(pfnLimit: Pfn, highmemStart: Pfn, pv: bool, contents: bool): bool {
  assert(__heap_base <= 0x1_0000, "layout: the compiler's own data reaches into ours");
  const end = bytesFor(pfnLimit, highmemStart, pv, contents);
  // 64 bit, since the end may be 4 GiB or more; 4 GiB itself is refused, since it is no address
  const have = (<u64>memory.size()) << 16;
  if (end >= 0x1_0000_0000) return false;
  if (end > have && memory.grow(<i32>((end - have + 0xffff) >>> 16)) < 0) return false;
  const low = min(highmemStart, pfnLimit);
  let at = normalFree.init(TABLES, 0, low);
  at = highFree.init(at, low & ~63, pfnLimit - (low & ~63));
  at = lowList.init(at, low);
  at = highList.init(at, pfnLimit - low);
  if (pv) p2m.init(at, pfnLimit, changetype<OwnRooms>(at + <usize>rowBytes(pfnLimit)));
  if (contents) contentsBase = <usize>(end - ((<u64>pfnLimit) << PAGE_SHIFT));
  return true;
}

function alignPage(bytes: u64): u64 {
  return (bytes + 4095) & ~4095;
}
