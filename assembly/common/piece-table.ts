/**
 * A table of u32 entries (P2M, a physmap) in blocks of 512. A block is one piece or two, and each piece is constant,
 * ascending by 1, descending by 1, or written out entry by entry. A row of 16 bytes says which:
 *
 *   0           4           8       10       11       12     16
 *   │ base of A │ base of B │ split │ form A │ form B │ room │   entries 0 to split - 1 of the block are piece A, the
 *                                                               others piece B; without a piece A, split is 0
 *
 * Entry i of a piece that is not written out is base + i (ascending), base - i (descending) or base. Bases and written
 * entries are stored as complements: a row of zeros is a block of INVALID entries. So a table costs nothing where nothing
 * is in it, and 16 bytes a block where frames follow each other.
 *
 * A block is written out when its entries need a third piece. It is a piece or two again, and its written entries are
 * stale, once runs that continue each other have been set from one of its ends to the other: the way in which pages
 * leave for the balloon, and in which they return. A class of rooms says where written entries lie (block-rooms.ts).
 *
 * The loops that read or set single entries call writeOut outside themselves: V8 keeps no value in a register around a
 * call.
 */
import { contiguousLength, copyComplement, copyComplementReversed, writeContiguous } from "./entries";
import { addStretch, wantedFrom } from "./stretches";

/** Entry n is in block n >>> BLOCK_SHIFT. */
export const BLOCK_SHIFT: u32 = 9;
/** Entries of a block. */
const BLOCK: u32 = 1 << BLOCK_SHIFT;
/** Bytes of a row. */
const ROW: u32 = 16;
/** Bytes of the entries of a block that is written out. */
export const BLOCK_BYTES: u32 = BLOCK << 2;

/** The forms of a piece. */
const CONSTANT: u32 = 0;
const ASCENDING: u32 = 1;
const DESCENDING: u32 = 2;
const WRITTEN: u32 = 3;

/** The second half of the row of a block that is written out as a whole. */
const WRITTEN_OUT: u32 = WRITTEN << 24;

/** Returns by how much each entry of a piece exceeds the one before it. */
function stepOf(form: u32): i32 {
  return form == ASCENDING ? 1 : form == DESCENDING ? -1 : 0;
}

function formOf(step: i32): u32 {
  return step > 0 ? ASCENDING : step < 0 ? DESCENDING : CONSTANT;
}

/** Returns the bytes of the rows of a table of `size` entries. */
export function rowBytes(size: u64): u64 {
  return ((size + BLOCK - 1) >>> BLOCK_SHIFT) * ROW;
}

/** Returns the bytes of such a table with its entries, if every block is written out; a multiple of 16. */
export function tableBytes(size: u64): u64 {
  return rowBytes(size) * ((ROW + BLOCK_BYTES) / ROW);
}

@unmanaged
export class PieceTable<Rooms> {
  rows: usize;
  /** The address after the rows. */
  end: usize;
  private rooms: Rooms;
  /** The first entry that pieceFrom found, and the step from each to the next; `written` if there is no such step. */
  first: u32;
  step: i32;
  written: bool;
  /** The run that setBatches holds back: its first entry, its number of entries, and the entry's value. */
  private held: u32;
  private heldCount: u32;
  private heldFirst: u32;

  /**
   * Adds the stretches of memory that hold a table with rooms of its own right behind its rows: the rows, and the blocks with
   * a piece that is written out.
   */
  addStretches(): void {
    if (!addStretch(this.rows, this.end)) return;
    const from = wantedFrom();
    let at = from > this.end ? from - ((from - this.end) & (BLOCK_BYTES - 1)) : this.end;
    for (let row = this.rows + ((at - this.end) / BLOCK_BYTES) * ROW; row < this.end; row += ROW) {
      const hasWritten = load<u8>(row, 10) == WRITTEN || load<u8>(row, 11) == WRITTEN;
      if (hasWritten && !addStretch(at, at + BLOCK_BYTES)) return;
      at += BLOCK_BYTES;
    }
  }

  /** Makes every entry INVALID, with its rows at `at` in memory that is all zeros. */
  init(at: usize, size: u32, rooms: Rooms): void {
    this.rows = at;
    this.end = at + <usize>rowBytes(size);
    this.rooms = rooms;
  }

  /** Returns the address of the row of entry n. */
  private rowOf(n: u32): usize {
    return this.rows + ((n >>> BLOCK_SHIFT) << 4);
  }

  /** Returns entry n. */
  get(n: u32): u32 {
    this.settle();
    const row = this.rowOf(n);
    const i = n & (BLOCK - 1);
    const inA = i < <u32>load<u16>(row, 8);
    const form: u32 = inA ? load<u8>(row, 10) : load<u8>(row, 11);
    if (form == WRITTEN) return ~load<u32>(this.at(n));
    return ~load<u32>(inA ? row : row + 4) + stepOf(form) * i;
  }

  /** True if the block of entry n is written out, so that at(n) and its neighbours may be read and set. */
  isWrittenOut(n: u32): bool {
    return load<u32>(this.rowOf(n), 8) == WRITTEN_OUT;
  }

  /** Returns the address of entry n, stored as its complement, of a block that is written out. */
  at(n: u32): usize {
    return this.rooms.at(this.rowOf(n), n);
  }

  /** Returns at(0) as if the entries of the block of entry n, which is written out, continued down to it. */
  baseOf(n: u32): usize {
    return this.rooms.at(this.rowOf(n), 0);
  }

  /** Writes the block of entry n out, if it is not; returns the address of the entry. */
  writeOut(n: u32): usize {
    this.settle();
    const row = this.rowOf(n);
    if (load<u32>(row, 8) != WRITTEN_OUT) {
      const block = n & ~(BLOCK - 1);
      this.rooms.provide(row, block);
      const split = <u32>load<u16>(row, 8);
      this.writePiece(block, 0, split, load<u32>(row), load<u8>(row, 10));
      this.writePiece(block, split, BLOCK, load<u32>(row, 4), load<u8>(row, 11));
      store<u32>(row, WRITTEN_OUT, 8);
    }
    return this.at(n);
  }

  /** Writes out entries `from` to `to` - 1 of a block, a piece with that base, as stored, and form. */
  private writePiece(block: u32, from: u32, to: u32, base: u32, form: u32): void {
    if (form == WRITTEN || from == to) return;
    // the complements of entries that ascend descend
    const step = -stepOf(form);
    writeContiguous(this.at(block + from), base + step * from, to - from, step);
  }

  /** Sets entries n, n + 1, … n + count - 1 to first, first + step, …; step is 0, 1 or -1. O(blocks). */
  setRun(n: u32, count: u32, first: u32, step: i32): void {
    this.settle();
    const form = formOf(step);
    const end = n + count;
    let base = ~(first - step * (n & (BLOCK - 1)));
    for (let row = this.rowOf(n); n < end; row += ROW) {
      const from = n & (BLOCK - 1);
      const to = min(from + (end - n), BLOCK);
      if (to - from == BLOCK) this.setPieces(row, 0, 0, 0, base, form);
      else this.setPiece(row, n, from, to, base, form);
      base -= step * BLOCK;
      n += to - from;
    }
  }

  /**
   * Sets `count` entries to first, first + 1, …: first the `topmost` ones before `end`, then the `batch` before `nextEnd`,
   * then as many before those, and so on, each in ascending order. O(batches and blocks).
   *
   * The last run is held back until something else is asked of the table. Where a call ends within a batch, the next one
   * goes on with it: set on its own, the part of a batch would be a third piece of its block.
   */
  setBatches(end: u32, topmost: u32, nextEnd: u32, batch: u32, count: u32, first: u32): void {
    let n = end - topmost;
    let size = min(topmost, count);
    for (this.hold(n, size, first); count > size; ) {
      count -= size;
      first += size;
      n = nextEnd - batch;
      nextEnd = n;
      size = min(batch, count);
      if (size == count) {
        this.hold(n, size, first);
        break;
      }
      this.setRun(n, size, first, 1);
      if (size != BLOCK) continue;
      // where batches are as long as blocks, a block has the last entries of one and the first of the batch before it
      const split = n & (BLOCK - 1);
      const form = split != 0 ? ASCENDING : CONSTANT;
      while (count > 2 * BLOCK) {
        const baseA = split != 0 ? ~(first + 2 * BLOCK - split) : 0;
        this.setPieces(this.rowOf(n), baseA, form, split, ~(first - split), ASCENDING);
        count -= BLOCK;
        first += BLOCK;
        n -= BLOCK;
      }
      nextEnd = n;
      this.setRun(n, BLOCK - split, first, 1);
    }
  }

  /** Holds the run first, first + 1, … back; it may go on with the one that is held already. */
  private hold(n: u32, count: u32, first: u32): void {
    if (this.heldCount != 0) {
      if (this.held + this.heldCount == n && this.heldFirst + this.heldCount == first) {
        this.heldCount += count;
        return;
      }
      this.settle();
    }
    this.held = n;
    this.heldCount = count;
    this.heldFirst = first;
  }

  /** Sets the entries of the run that is held back, if one is. */
  private settle(): void {
    const count = this.heldCount;
    if (count == 0) return;
    this.heldCount = 0;
    this.setRun(this.held, count, this.heldFirst, 1);
  }

  /** Returns how many of the `max` entries from n on stand before the first block of which something is written out. */
  unwritten(n: u32, max: u32): u32 {
    this.settle();
    let done: u32 = 0;
    for (let row = this.rowOf(n); done < max; row += ROW) {
      if (load<u8>(row, 11) == WRITTEN || (load<u8>(row, 10) == WRITTEN && load<u16>(row, 8) != 0)) break;
      done += BLOCK - ((n + done) & (BLOCK - 1));
    }
    return min(done, max);
  }

  /**
   * Makes entries `from` to `to` - 1 of the block of entry n, which has that row, a piece with that base, as stored, and form.
   */
  private setPiece(row: usize, n: u32, from: u32, to: u32, base: u32, form: u32): void {
    let split = <u32>load<u16>(row, 8);
    let baseA = load<u32>(row);
    let baseB = load<u32>(row, 4);
    let formA = <u32>load<u8>(row, 10);
    let formB = <u32>load<u8>(row, 11);
    if (split != 0 && formA == form && baseA == base && from <= split) {
      // it continues piece A
      split = max(split, to);
    } else if (formB == form && baseB == base && to >= split) {
      // it continues piece B, which is the whole block if nothing is left of piece A
      split = from == 0 ? BLOCK : min(split, from);
    } else if (from == 0 && to >= split) {
      baseA = base;
      formA = form;
      split = to;
    } else if (to == BLOCK && (split == 0 || from <= split)) {
      if (split == 0) {
        baseA = baseB;
        formA = formB;
      }
      baseB = base;
      formB = form;
      split = from;
    } else {
      this.writeOut(n);
      this.writePiece(n & ~(BLOCK - 1), from, to, base, form);
      return;
    }
    // one piece alone is a piece B
    if (split == BLOCK) this.setPieces(row, 0, 0, 0, base, form);
    else this.setPieces(row, baseA, formA, split, baseB, formB);
  }

  private setPieces(row: usize, baseA: u32, formA: u32, split: u32, baseB: u32, formB: u32): void {
    store<u32>(row, baseA);
    store<u32>(row, baseB, 4);
    store<u32>(row, split | (formA << 16) | (formB << 24), 8);
    if (offsetof<Rooms>() != 0 && formA != WRITTEN && formB != WRITTEN) {
      this.rooms.release(row, (<u32>(row - this.rows)) << (BLOCK_SHIFT - 4));
    }
  }

  /**
   * Returns how many entries from n on, at most `max`, are first, first + step, …, and sets `first` and `step`. Where
   * entries are written out, sets `written` and returns how many of them stand in that block. Returns at least 1.
   */
  pieceFrom(n: u32, max: u32): u32 {
    this.settle();
    let done: u32 = 0;
    let row = this.rowOf(n);
    do {
      const i = (n + done) & (BLOCK - 1);
      const split = <u32>load<u16>(row, 8);
      const inA = i < split;
      const form: u32 = inA ? load<u8>(row, 10) : load<u8>(row, 11);
      const length = (inA ? split : BLOCK) - i;
      const step = stepOf(form);
      const entry = ~load<u32>(inA ? row : row + 4) + step * i;
      if (done == 0) {
        this.first = entry;
        this.step = step;
        this.written = form == WRITTEN;
        if (this.written) return min(length, max);
      } else if (form == WRITTEN || step != this.step || entry != this.first + step * done) {
        break;
      }
      done += length;
      if (!inA) row += ROW;
    } while (done < max);
    return min(done, max);
  }

  /**
   * Returns how many entries from n on, at most `max`, are together a run of numbers, in any order of its pieces, and sets
   * `first` to the lowest. Where the first are written out or a constant, it returns what pieceFrom does.
   */
  runFrom(n: u32, max: u32): u32 {
    let done = this.pieceFrom(n, max);
    if (this.step == 0) return done;
    let lowest = this.least(done);
    while (done < max) {
      const count = this.pieceFrom(n + done, max - done);
      const least = this.least(count);
      if (this.step == 0 || (least + count != lowest && lowest + done != least)) break;
      const down = lowest - least;
      lowest = min(lowest, least);
      done += count;
      if (count != BLOCK || down != BLOCK) continue;
      const lower = this.lowerFrom(n + done - BLOCK, max - done);
      lowest -= lower;
      done += lower;
    }
    this.first = lowest;
    this.step = 1;
    this.written = false;
    return done;
  }

  /**
   * Returns how many of the `max` entries after n + BLOCK - 1 repeat entries n to n + BLOCK - 1, which are not written out,
   * BLOCK lower, then 2 BLOCK lower, and so on: batches come back so. It compares rows, and may return too few.
   */
  private lowerFrom(n: u32, max: u32): u32 {
    const first = this.rowOf(n);
    const pieces = load<u32>(first, 8);
    const lowerA = load<u16>(first, 8) != 0 ? BLOCK : 0;
    let row = first;
    for (const last = first + (max >>> BLOCK_SHIFT) * ROW; row < last; row += ROW) {
      if (load<u32>(row, ROW + 8) != pieces) break;
      if (load<u32>(row, ROW) - load<u32>(row) != lowerA) break;
      if (load<u32>(row, ROW + 4) - load<u32>(row, 4) != BLOCK) break;
    }
    // entry n + BLOCK - 1 is in the block after the first, or at the end of the first
    return row > first + ROW ? (<u32>(row - first - ROW) / ROW) * BLOCK : 0;
  }

  /** Returns the least of the first `count` entries that pieceFrom found, which ascend or descend. */
  least(count: u32): u32 {
    return this.step > 0 ? this.first : this.first - (count - 1);
  }

  /** Writes entries n, n + 1, … n + count - 1 to `list`. */
  read(n: u32, count: u32, list: usize): void {
    for (const end = n + count; n < end; ) {
      const length = this.pieceFrom(n, end - n);
      if (this.written) copyComplement(list, this.at(n), length);
      else writeContiguous(list, this.first, length, this.step);
      n += length;
      list += length << 2;
    }
  }

  /**
   * Sets entries n, n + 1, … n + count - 1 to those of `list`: in its order if `order` is 1, its last entry first if it
   * is -1. No entry is INVALID.
   */
  write(n: u32, count: u32, list: usize, order: i32): void {
    const end = list + (count << 2);
    const step = load<u32>(end - 4) - load<u32>(list) == count - 1 ? 1 : -1;
    if (contiguousLength(list, count, step) == count) {
      this.setRun(n, count, load<u32>(order > 0 ? list : end - 4), order * step);
    } else if (order > 0) {
      for (; list < end; ) {
        const length = min(<u32>((end - list) >>> 2), BLOCK - (n & (BLOCK - 1)));
        copyComplement(this.writeOut(n), list, length);
        n += length;
        list += length << 2;
      }
    } else {
      for (n += count - 1; list < end; ) {
        const length = min(<u32>((end - list) >>> 2), (n & (BLOCK - 1)) + 1);
        copyComplementReversed(this.writeOut(n) + 4, list, length);
        n -= length;
        list += length << 2;
      }
    }
  }
}
