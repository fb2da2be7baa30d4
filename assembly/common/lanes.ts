/**
 * The members of a mask as a list, and the table entries of the members, without a branch that depends on the mask.
 *
 * Lists of members are made a byte of the mask at a time: a row of OFFSETS has the numbers of its bits, 16 bits each, lowest first.
 *
 * Table entries are moved four at a time. A nibble of the mask says which of four neighbouring entries (lanes) are meant,
 * and there is a row of
 *
 *   LANES         all ones in the lanes that are meant
 *   PACK          the shuffle that moves them together, lowest first          a b c d  with 1010  ->  b d . .
 *   SPREAD        the shuffle back: which entry each lane takes               b d . .             ->  . b . d
 *   SPREAD_DOWN   back from a list that has the highest first                 d b . .             ->  . b . d
 *
 * The mask is not 0, and each returns where the list goes on. Lists are written and read up to 32 bytes past their
 * end, and up to OVERSHOOT bytes of a table past its end are read and written back as they were: whoever owns either
 * has left room.
 */

/** Of a table: sixteen entries are treated at a turn, fifteen of which may lie past the last. Of a list it is 32 bytes. */
export const OVERSHOOT: u32 = 64;

const ROW: u32 = 16;
/** A nibble, or a byte, four places up is the offset of its row. */
const ROWS: u32 = 15 * ROW;
const OFFSETS_ROWS: u32 = 255 * ROW;
const TABLE: usize = 16 * ROW;
const LANES = memory.data(4 * 256, 16);
const PACK = LANES + TABLE;
const SPREAD = LANES + 2 * TABLE;
const SPREAD_DOWN = LANES + 3 * TABLE;
const OFFSETS = memory.data(2 * 4096, 16);
/** The same rows, highest bit first. */
const OFFSETS_DOWN = OFFSETS + 4096;

/** Picks nothing in a shuffle. */
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

for (let byte: u32 = 0; byte < 256; byte++) {
  const members = <u32>popcnt(byte);
  for (let bit: u32 = 0, nth: u32 = 0; bit < 8; bit++) {
    if (((byte >>> bit) & 1) == 0) continue;
    store<u16>(OFFSETS + byte * ROW + (nth << 1), <u16>bit);
    store<u16>(OFFSETS_DOWN + byte * ROW + ((members - 1 - nth) << 1), <u16>bit);
    nth++;
  }
}

/** The four bytes of a lane. */
function shuffleOf(lane: u32): u32 {
  return 0x0302_0100 + lane * 0x0404_0404;
}

/** The complements of the members' entries go into `list`, lowest first, and the entries become `value`. */
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

/** The members' entries become the complements of `list`, which has the lowest member's first. */
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

/** The same from a list that has the highest member's first. */
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

/** Writes start + b for the bits b of mask, lowest bit first. */
export function writeMaskUp(list: usize, start: u32, mask: u64): usize {
  do {
    list = writeEight(list, start, ((<u32>mask) << 4) & OFFSETS_ROWS, OFFSETS);
    list = writeEight(list, start + 8, (<u32>mask >>> 4) & OFFSETS_ROWS, OFFSETS);
    mask >>= 16;
    start += 16;
  } while (mask != 0);
  return list;
}

/** Writes start + b for the bits b of mask, highest bit first. */
export function writeMaskDown(list: usize, start: u32, mask: u64): usize {
  const empty = <u32>clz(mask) >>> 4;
  mask <<= empty << 4;
  start += (3 - empty) << 4;
  do {
    const high = <u32>(mask >>> 32);
    list = writeEight(list, start + 8, (high >>> 20) & OFFSETS_ROWS, OFFSETS_DOWN);
    list = writeEight(list, start, (high >>> 12) & OFFSETS_ROWS, OFFSETS_DOWN);
    mask <<= 16;
    start -= 16;
  } while (mask != 0);
  return list;
}

function writeEight(list: usize, start: u32, row: u32, offsets: usize): usize {
  const from = i32x4.splat(start);
  v128.store(list, i32x4.add(from, v128.load16x4_u(offsets + row)));
  v128.store(list, i32x4.add(from, v128.load16x4_u(offsets + row, 8)), 16);
  return list + ((<usize>popcnt(row)) << 2);
}
