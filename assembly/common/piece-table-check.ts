/** Checks the rows of a PieceTable (piece-table.ts); the validators of the debug builds call it. */
import { PieceTable } from "./piece-table";

/** True if every row has a split within its block and forms that there are. O(blocks). */
export function areRowsValid<Rooms>(table: PieceTable<Rooms>): bool {
  for (let row = table.rows; row < table.end; row += 16) {
    if (load<u16>(row, 8) >= 512 || load<u8>(row, 10) > 3 || load<u8>(row, 11) > 3) return false;
  }
  return true;
}
