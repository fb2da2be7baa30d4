/**
 * Writes the members of a mask to a list of u32 entries, without a branch that depends on the mask. A member is a bit that
 * is set.
 *
 * The mask is taken a byte at a time: the row of OFFSETS for that byte holds the numbers of its set bits, 16 bits each,
 * lowest first. Each function takes a mask that is not 0 and returns the address after the last entry. Each writes up to
 * 32 bytes past the end of the list: its owner leaves room.
 */

const ROW: u32 = 16;
/** Shifted up by four places, a byte is the offset of its row; this mask cuts that offset out. */
const ROWS: u32 = 255 * ROW;
const OFFSETS = memory.data(2 * 4096, 16);
/** The rows of OFFSETS with the highest bit first. */
const OFFSETS_DOWN = OFFSETS + 4096;

for (let byte: u32 = 0; byte < 256; byte++) {
  const members = <u32>popcnt(byte);
  for (let bit: u32 = 0, nth: u32 = 0; bit < 8; bit++) {
    if (((byte >>> bit) & 1) == 0) continue;
    store<u16>(OFFSETS + byte * ROW + (nth << 1), <u16>bit);
    store<u16>(OFFSETS_DOWN + byte * ROW + ((members - 1 - nth) << 1), <u16>bit);
    nth++;
  }
}

/** Writes start + b to `list` for every bit b that is set in the mask, lowest bit first. */
export function writeMaskUp(list: usize, start: u32, mask: u64): usize {
  do {
    list = writeEight(list, start, ((<u32>mask) << 4) & ROWS, OFFSETS);
    list = writeEight(list, start + 8, (<u32>mask >>> 4) & ROWS, OFFSETS);
    mask >>= 16;
    start += 16;
  } while (mask != 0);
  return list;
}

/** Writes start + b to `list` for every bit b that is set in the mask, highest bit first. */
export function writeMaskDown(list: usize, start: u32, mask: u64): usize {
  const empty = <u32>clz(mask) >>> 4;
  mask <<= empty << 4;
  start += (3 - empty) << 4;
  do {
    const high = <u32>(mask >>> 32);
    list = writeEight(list, start + 8, (high >>> 20) & ROWS, OFFSETS_DOWN);
    list = writeEight(list, start, (high >>> 12) & ROWS, OFFSETS_DOWN);
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
