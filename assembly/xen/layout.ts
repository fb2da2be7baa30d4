/**
 * The map of xen.wasm's linear memory. No other file here knows an address.
 *
 *   0x0_0000  ┌────────────────────────────┐
 *             │ the compiler's own data    │  tables of mask-list.ts, texts of the debug build's assertions
 *   0x1_0000  ├────────────────────────────┤
 *             │ frame heap (NumberSet)     │
 *   0x1_0020  │ PhysmapPlace, SharedRooms  │  the place of the physmaps
 *   0x1_0040  │ an Extent                  │
 *   0x1_1000  ├────────────────────────────┤
 *             │ domains                    │  MAX_DOMAINS of them
 *   0x1_3000  ├────────────────────────────┤
 *             │ frame_list of the call     │  4096 u32, and room for writes past the end (mask-list.ts)
 *   0x1_8000  ├────────────────────────────┤
 *             │ frames for the list        │  likewise
 *   0x1_d000  ├────────────────────────────┤
 *             │ bitmaps of the frame heap  │  a bit a frame, and their summaries
 *             ├────────────────────────────┤
 *             │ physmaps                   │  in the order of their making: the PieceTable of each auto-translated domain
 *             │                            │  with its rows, 16 bytes for 512 pages; and blocks that are written out, u32 a
 *             │                            │  page
 *             └────────────────────────────┘
 *
 * Linear memory has room for every block of every physmap, as far as it reaches: to just below 4 GiB. There, 2^30 pages may
 * be in blocks that are written out; a store beyond them traps.
 *
 * There is no M2P: the P2M of a pv guest stands for it (balloon/m2p.ts).
 */
import { SharedRooms } from "../common/block-rooms";
import { Extent } from "../common/extent";
import { NumberSet } from "../common/number-set";
import { PieceTable, rowBytes, tableBytes } from "../common/piece-table";
import { addStretch } from "../common/stretches";
import { Pages } from "../common/types";

export const MAX_DOMAINS: u32 = 256;
export const FRAME_LIST_CAPACITY: u32 = 4096;
export const INVALID_ENTRY: u32 = 0xffff_ffff;

export type Physmap = PieceTable<SharedRooms>;

/** The place of the physmaps. It is kept in linear memory, so that a snapshot has it. */
@unmanaged
class PhysmapPlace {
  /** The address of the first physmap. */
  start: usize;
  /** The end of linear memory that all tables would need with every block written out, up to MOST_BYTES. */
  wanted: usize;
}

export const STRUCTS: usize = 0x1_0000;
export const heap: NumberSet = changetype<NumberSet>(STRUCTS);
const place: PhysmapPlace = changetype<PhysmapPlace>(0x1_0020);
const rooms: SharedRooms = changetype<SharedRooms>(0x1_0028);
export const extent: Extent = changetype<Extent>(0x1_0040);
export const DOMAINS: usize = 0x1_1000;
/** The structs above lie between STRUCTS and here. */
export const FRAME_LIST: usize = 0x1_3000;
/** The frames of the pages of frame_list, in its order, while populate sets them. */
export const FRAMES: usize = 0x1_8000;
const TABLES: usize = 0x1_d000;

/** Bytes between the PieceTable of a physmap and its rows. */
const PHYSMAP_HEAD: u32 = 48;
/** The most bytes of linear memory: its last page is left out, since 4 GiB is no address. */
const MOST_BYTES: usize = 0xffff_0000;

/** Lays out the tables of a machine of so many frames; returns false if there is not enough memory. */
export function layOut(frames: Pages): bool {
  place.wanted = TABLES + NumberSet.bytesFor(frames);
  if (!reserve(place.wanted)) return false;
  place.start = heap.init(TABLES, 0, frames);
  rooms.next = place.start;
  return true;
}

/** Makes a physmap of `pages` entries; returns null if there is not enough memory. */
export function reservePhysmap(pages: Pages): Physmap | null {
  const rows = rooms.next + PHYSMAP_HEAD;
  const wanted = min(<u64>place.wanted + PHYSMAP_HEAD + tableBytes(pages), MOST_BYTES);
  if (<u64>rows + rowBytes(pages) > MOST_BYTES || !reserve(<usize>wanted)) return null;
  place.wanted = <usize>wanted;
  const physmap = changetype<Physmap>(rooms.next);
  physmap.init(rows, pages, rooms);
  rooms.next = physmap.end;
  return physmap;
}

/** Adds the stretch of memory that holds the physmaps, those whose room waits for a domain included. */
export function addPhysmapStretch(): void {
  addStretch(place.start, rooms.next);
}

/** Grows linear memory so that it reaches to `end`; returns false if it cannot. */
function reserve(end: usize): bool {
  const pages = <i32>((end + 0xffff) >>> 16);
  return memory.size() >= pages || memory.grow(pages - memory.size()) >= 0;
}
