/** Writes rows as CSV. */

/** A field of a row. */
export type Field = string | number;

/** Writes a line for each row, the heading first. */
export function csvText(rows: readonly (readonly Field[])[]): string {
  return rows.map((row) => `${row.map(quoted).join(",")}\n`).join("");
}

/** Quotes a field; a text that a spreadsheet would take for a formula gets an apostrophe before it. */
function quoted(field: Field): string {
  const text =
    typeof field === "string" && /^[=+\-@\t\r]/.test(field) && !NUMBER.test(field) ? `'${field}` : String(field);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const NUMBER = /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/;
