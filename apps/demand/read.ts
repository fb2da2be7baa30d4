/** Reads a demand file of either format. */
import type { DemandColumns } from "./columns.js";
import { readCsv } from "./csv.js";
import type { DemandSeries } from "./series.js";
import { readTraces } from "./traces.js";

/**
 * Reads a demand file. JSON begins with a brace (traces.ts); any other text is a table (csv.ts).
 *
 * @param named - columns of a table that cannot be detected from their names.
 * @throws DemandError
 */
export function readDemand(text: string, named: DemandColumns = {}): readonly DemandSeries[] {
  // a byte-order mark counts as a space
  const begun = text.trimStart();
  return begun.startsWith("{") ? readTraces(begun) : readCsv(text, named);
}
