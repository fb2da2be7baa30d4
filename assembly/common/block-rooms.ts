/**
 * The rooms in which a PieceTable (piece-table.ts) keeps the entries of blocks that are written out, u32 an entry. A table
 * is made with one of these classes, so that the compiler can write `at` out wherever an entry is read or set.
 *
 * `at` returns the address of entry n of a written block, and `provide` makes room before the block of entry n is written out.
 * A class with fields has `release`, too, which takes the room back when nothing of the block is written out any more. All get
 * the address of the block's row.
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
 * Rooms for those blocks alone that are written out, of any number of tables: a table of 2^24 entries begins with 512 KiB of
 * rows, not with 64 MiB. The row keeps the address at which entry 0 of the table would be if the room continued down to it,
 * plus 1: 0 is no room. The caller sees to it that there is memory enough.
 */
@unmanaged
export class SharedRooms {
  /** The address from which on no room was ever given. */
  next: usize;
  /** The room that was released last, whose first bytes are the address of the one released before it; 0 if there is none. */
  private released: usize;

  at(row: usize, n: u32): usize {
    return load<u32>(row, 12) - 1 + (n << 2);
  }

  provide(row: usize, block: u32): void {
    if (load<u32>(row, 12) != 0) return;
    let room = this.released;
    if (room != 0) {
      this.released = load<usize>(room);
    } else {
      room = this.next;
      this.next += BLOCK_BYTES;
    }
    store<u32>(row, <u32>room - (block << 2) + 1, 12);
  }

  release(row: usize, block: u32): void {
    if (load<u32>(row, 12) == 0) return;
    const room = this.at(row, block);
    store<usize>(room, this.released);
    this.released = room;
    store<u32>(row, 0, 12);
  }
}
