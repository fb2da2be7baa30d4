/**
 * The map of xen.wasm's linear memory. No other file here knows an address.
 *
 *   0x0_0000  ┌────────────────────────────┐
 *             │ the compiler's own data    │  tables of mask-list.ts, texts of the debug build's assertions
 *   0x1_0000  ├────────────────────────────┤
 *             │ frame heap (NumberSet)     │
 *   0x1_0020  │ Rooms                      │  where the physmaps lie
 *   0x1_0040  │ an Extent                  │
 *   0x1_1000  ├────────────────────────────┤
 *             │ domains                    │  MAX_DOMAINS of them
 *   0x1_3000  ├────────────────────────────┤
 *             │ frame_list of the call     │  4096 u32, and room for writes past the end (mask-list.ts)
 *   0x1_8000  ├────────────────────────────┤
 *             │ bitmaps of the frame heap  │  a bit a frame, and their summaries
 *             ├────────────────────────────┤
 *             │ physmaps (PieceTable)      │  16 bytes for 512 pages, and u32 a page of each auto-translated domain
 *             └────────────────────────────┘
 *
 * There is no M2P: the P2M of a pv guest stands for it (balloon/m2p.ts).
 */
import { Extent } from "../common/extent";
import { NumberSet } from "../common/number-set";
import { PieceTable } from "../common/piece-table";
import { addStretch } from "../common/stretches";
import { Pages } from "../common/types";

export const MAX_DOMAINS: u32 = 256;
export const FRAME_LIST_CAPACITY: u32 = 4096;
export const INVALID_ENTRY: u32 = 0xffff_ffff;

/** Physmaps lie one behind the other. In linear memory, so that a snapshot holds it. */
@unmanaged
class Rooms {
  /** The address of the first physmap's PieceTable. */
  start: usize;
  /** The address at which the next physmap will begin. */
  end: usize;
}

export const STRUCTS: usize = 0x1_0000;
export const heap: NumberSet = changetype<NumberSet>(STRUCTS);
const rooms: Rooms = changetype<Rooms>(0x1_0020);
export const extent: Extent = changetype<Extent>(0x1_0040);
export const DOMAINS: usize = 0x1_1000;
/** The structs above lie between STRUCTS and here. */
export const FRAME_LIST: usize = 0x1_3000;
const TABLES: usize = 0x1_8000;

/** Bytes between the PieceTable of a physmap and its rows. */
const PHYSMAP_HEAD: u32 = 32;

/** Lays out the tables of a machine of so many frames; returns false if there is not enough memory. */
export function layOut(frames: Pages): bool {
  if (!reserve(<u64>TABLES + NumberSet.bytesFor(frames))) return false;
  rooms.start = heap.init(TABLES, 0, frames);
  rooms.end = rooms.start;
  return true;
}

/**
 * Reserves room for a physmap of `pages` entries, behind its PieceTable; returns null if there is not enough memory.
 */
export function reservePhysmap(pages: Pages): PieceTable | null {
  const end = <u64>rooms.end + PHYSMAP_HEAD + PieceTable.bytesFor(pages);
  if (!reserve(end)) return null;
  const physmap = changetype<PieceTable>(rooms.end);
  physmap.init(rooms.end + PHYSMAP_HEAD, pages);
  rooms.end = <usize>end;
  return physmap;
}

/** Adds the stretches of memory that hold the physmaps, those whose room waits for a domain included. */
export function addPhysmapStretches(): void {
  for (let at = rooms.start; at < rooms.end; ) {
    const physmap = changetype<PieceTable>(at);
    if (!addStretch(at, physmap.rows)) return;
    physmap.addStretches();
    at = physmap.end;
  }
}

/**
 * Grows linear memory so that it reaches to `end`; returns false if it cannot. `end` is 64 bit, since it may be 4 GiB
 * or more; 4 GiB itself is refused, since it is no address.
 */
function reserve(end: u64): bool {
  const have = (<u64>memory.size()) << 16;
  if (end >= 0x1_0000_0000) return false;
  if (end <= have) return true;
  return memory.grow(<i32>((end - have + 0xffff) >>> 16)) >= 0;
}
