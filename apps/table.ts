/** Aligns rows of text in columns. */

/**
 * Pads the cells of each row to their columns. A row of one cell is a heading and takes no width.
 *
 * @param align - a letter for each column: `l` flush left, `r` flush right; columns past the last letter are flush
 * left.
 * @returns a line for each row.
 * @example
 * alignColumns([["pages", "512"], ["frames", "8"]], "lr"); // ["pages   512", "frames    8"]
 */
export function alignColumns(rows: readonly (readonly string[])[], align: string): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    if (row.length < 2) continue;
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length);
  }
  const pad = (cell: string, column: number): string =>
    align[column] === "r" ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0);
  return rows.map((row) => row.map(pad).join("  ").trimEnd());
}
