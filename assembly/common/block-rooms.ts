/**
 * The rooms in which a PieceTable (piece-table.ts) keeps the entries of blocks that are written out, u32 an entry. A table
 * is made with one of these classes, so that the compiler can write `at` out wherever an entry is read or set.
 *
 * `at` returns the address of entry n of a written block, `provide` makes room before the block of entry n is first written
 * out; both get the address of its row.
 */
import { BLOCK_BYTES } from "./piece-table";

/** A room for every block, behind one another: the class stands at the address of the first entry. */
@unmanaged
export class OwnRooms {
  at(_row: usize, n: u32): usize {
    return changetype<usize>(this) + (n << 2);
  }

  provide(_row: usize, _block: u32): void {}
}

/**
 * Rooms for those blocks alone that were ever written out, of any number of tables: a table of 2^24 entries begins with 512
 * KiB of rows, not with 64 MiB. The row keeps the address at which entry 0 of the table would be if the room continued down
 * to it, plus 1: 0 is no room. The caller sees to it that there is memory enough.
 */
@unmanaged
export class SharedRooms {
  /** The address of the next room. */
  next: usize;

  at(row: usize, n: u32): usize {
    return load<u32>(row, 12) - 1 + (n << 2);
  }

  provide(row: usize, block: u32): void {
    if (load<u32>(row, 12) != 0) return;
    store<u32>(row, <u32>this.next - (block << 2) + 1, 12);
    this.next += BLOCK_BYTES;
  }
}
