/** Checks the rows of a PieceTable (piece-table.ts); the validators of the debug builds call it. */
import { PieceTable } from "./piece-table";

/**
 * True if every row has a split within its block, forms that there are, no piece A before a split of 0, and a room just where
 * rooms are shared and something of the block is written out. O(blocks).
 */
export function areRowsValid<Rooms>(table: PieceTable<Rooms>): bool {
  const shared = offsetof<Rooms>() != 0;
  for (let row = table.rows; row < table.end; row += 16) {
    const formA = load<u8>(row, 10);
    const formB = load<u8>(row, 11);
    const split = load<u16>(row, 8);
    if (split >= 512 || formA > 3 || formB > 3 || (split == 0 && formA != 0)) return false;
    if ((load<u32>(row, 12) != 0) != (shared && (formA == 3 || formB == 3))) return false;
  }
  return true;
}
