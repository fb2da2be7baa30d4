/**
 * Moves entries between a list and the table entries of the members of a mask, without a branch that depends on the mask.
 * A member is a bit that is set.
 *
 * The mask is taken a nibble at a time: it says which of four neighbouring entries (lanes) are members. For each nibble
 * there is a row of
 *
 *   LANES         all ones in the lanes of members
 *   PACK          the shuffle that moves the members together, lowest first   a b c d  with 1010  ->  b d . .
 *   SPREAD        the shuffle that moves them back to their lanes             b d . .             ->  . b . d
 *   SPREAD_DOWN   the same from a list that has the highest member first      d b . .             ->  . b . d
 *
 * Each function takes a mask that is not 0 and returns the address after the last entry of the list that it used. Each
 * reads and writes up to 32 bytes past the end of the list: its owner leaves room. A table has entries for all 64 numbers
 * of a mask.
 */

const ROW: u32 = 16;
/** Shifted up by four places, a nibble is the offset of its row; this mask cuts that offset out. */
const ROWS: u32 = 15 * ROW;
const TABLE: usize = 16 * ROW;
const LANES = memory.data(4 * 256, 16);
const PACK = LANES + TABLE;
const SPREAD = LANES + 2 * TABLE;
const SPREAD_DOWN = LANES + 3 * TABLE;

/** Makes a shuffle leave a lane 0. */
const NONE: u32 = 0x8080_8080;

for (let nibble: u32 = 0; nibble < 16; nibble++) {
  const members = <u32>popcnt(nibble);
  let nth: u32 = 0;
  for (let lane: u32 = 0; lane < 4; lane++) {
    const at = nibble * ROW + (lane << 2);
    const meant = (nibble >>> lane) & 1;
    store<u32>(LANES + at, meant ? u32.MAX_VALUE : 0);
    store<u32>(SPREAD + at, meant ? shuffleOf(nth) : NONE);
    store<u32>(SPREAD_DOWN + at, meant ? shuffleOf(members - 1 - nth) : NONE);
    if (meant) store<u32>(PACK + nibble * ROW + (nth++ << 2), shuffleOf(lane));
  }
}

/** Returns the shuffle's numbers of the four bytes of a lane. */
function shuffleOf(lane: u32): u32 {
  return 0x0302_0100 + lane * 0x0404_0404;
}

/** Writes the complements of the members' entries to `list`, lowest member first, and sets those entries to `value`. */
export function exchangeLanes(table: usize, mask: u64, list: usize, value: u32): usize {
  const values = i32x4.splat(value);
  const ones = i32x4.splat(-1);
  do {
    list = exchangeFour(table, ((<u32>mask) << 4) & ROWS, list, values, ones);
    list = exchangeFour(table + 16, <u32>mask & ROWS, list, values, ones);
    list = exchangeFour(table + 32, (<u32>mask >>> 4) & ROWS, list, values, ones);
    list = exchangeFour(table + 48, (<u32>mask >>> 8) & ROWS, list, values, ones);
    mask >>= 16;
    table += 64;
  } while (mask != 0);
  return list;
}

function exchangeFour(table: usize, row: u32, list: usize, values: v128, ones: v128): usize {
  const entries = v128.load(table);
  v128.store(list, i8x16.swizzle(v128.andnot(ones, entries), v128.load(PACK + row)));
  v128.store(table, v128.bitselect(values, entries, v128.load(LANES + row)));
  return list + ((<usize>popcnt(row)) << 2);
}

/** Sets the members' entries to the complements of the list's entries; the list has the lowest member's entry first. */
export function spreadLanes(table: usize, mask: u64, list: usize): usize {
  do {
    list = spreadFour(table, ((<u32>mask) << 4) & ROWS, list, SPREAD);
    list = spreadFour(table + 16, <u32>mask & ROWS, list, SPREAD);
    list = spreadFour(table + 32, (<u32>mask >>> 4) & ROWS, list, SPREAD);
    list = spreadFour(table + 48, (<u32>mask >>> 8) & ROWS, list, SPREAD);
    mask >>= 16;
    table += 64;
  } while (mask != 0);
  return list;
}

/** The same as spreadLanes from a list that has the highest member's entry first. */
export function spreadLanesDown(table: usize, mask: u64, list: usize): usize {
  const empty = <u32>clz(mask) >>> 4;
  mask <<= empty << 4;
  table += (3 - empty) << 6;
  do {
    const high = <u32>(mask >>> 32);
    list = spreadFour(table + 48, (high >>> 24) & ROWS, list, SPREAD_DOWN);
    list = spreadFour(table + 32, (high >>> 20) & ROWS, list, SPREAD_DOWN);
    list = spreadFour(table + 16, (high >>> 16) & ROWS, list, SPREAD_DOWN);
    list = spreadFour(table, (high >>> 12) & ROWS, list, SPREAD_DOWN);
    mask <<= 16;
    table -= 64;
  } while (mask != 0);
  return list;
}

function spreadFour(table: usize, row: u32, list: usize, shuffles: usize): usize {
  const lanes = v128.load(LANES + row);
  const values = i8x16.swizzle(v128.load(list), v128.load(shuffles + row));
  v128.store(table, v128.or(v128.andnot(lanes, values), v128.andnot(v128.load(table), lanes)));
  return list + ((<usize>popcnt(row)) << 2);
}
