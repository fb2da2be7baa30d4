/**
 * The map of xen.wasm's linear memory. No other file here knows an address.
 *
 *   0x0_0000  ┌────────────────────────────┐
 *             │ the compiler's own data    │  tables of lanes.ts, texts of the debug build's assertions
 *   0x1_0000  ├────────────────────────────┤
 *             │ frame heap (NumberSet)     │
 *   0x1_0040  │ an Extent                  │
 *   0x1_1000  ├────────────────────────────┤
 *             │ domains                    │  MAX_DOMAINS of them
 *   0x1_3000  ├────────────────────────────┤
 *             │ frame_list of the call     │  4096 u32, and room for writes past the end (lanes.ts)
 *   0x1_8000  ├────────────────────────────┤
 *             │ bitmaps of the frame heap  │  a bit a frame, and their summaries
 *             ├────────────────────────────┤
 *             │ M2P                        │  u32 a frame
 *             ├────────────────────────────┤
 *             │ physmaps                   │  u32 a page of each auto-translated domain
 *             └────────────────────────────┘
 *
 * An entry of M2P or of a physmap is stored as its complement. Memory that was never written is 0 and reads as
 * INVALID_ENTRY, so that the parts of a table that hold nothing take no room.
 */
import { Extent } from "../common/extent";
import { OVERSHOOT } from "../common/lanes";
import { NumberSet } from "../common/number-set";
import { LongPages, Pages } from "../common/types";

export const MAX_DOMAINS: u32 = 256;
export const FRAME_LIST_CAPACITY: u32 = 4096;
export const INVALID_ENTRY: u32 = 0xffff_ffff;

export const heap: NumberSet = changetype<NumberSet>(0x1_0000);
export const extent: Extent = changetype<Extent>(0x1_0040);
export const DOMAINS: usize = 0x1_1000;
export const FRAME_LIST: usize = 0x1_3000;
const TABLES: usize = 0x1_8000;

/** The address of the M2P entry of frame 0. */
export let m2pBase: usize = 0;
/** The address at which the next physmap will begin. */
let physmapsEnd: usize = 0;

/** Returns the bytes of linear memory that a machine of so many frames and physmap entries takes. */
export function bytesFor(frames: Pages, physmapPages: LongPages): u64 {
  return <u64>TABLES + NumberSet.bytesFor(frames) + m2pBytes(frames) + (physmapPages << 2);
}

/** Lays out the tables of a machine of so many frames; returns false if there is not enough memory. */
export function layOut(frames: Pages): bool {
  if (!reserve(bytesFor(frames, 0))) return false;
  m2pBase = heap.init(TABLES, 0, frames);
  physmapsEnd = m2pBase + <usize>m2pBytes(frames);
  return true;
}

/** Returns the bytes of M2P, with room for the entries past its end that lanes.ts reads and writes back. */
function m2pBytes(frames: Pages): u64 {
  return ((<u64>frames) << 2) + OVERSHOOT;
}

/** Reserves room for a physmap of `pages` entries; returns its address, or 0 if there is not enough memory. */
export function reservePhysmap(pages: Pages): usize {
  const end = <u64>physmapsEnd + ((<u64>pages) << 2);
  if (!reserve(end)) return 0;
  const at = physmapsEnd;
  physmapsEnd = <usize>end;
  return at;
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
