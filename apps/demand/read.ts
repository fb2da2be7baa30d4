/** A demand file, whichever format it is in. */
import type { DemandColumns } from "./columns.js";
import { readCsv } from "./csv.js";
import type { DemandSeries } from "./series.js";
import { readTraces } from "./traces.js";

/**
 * JSON begins with a brace (traces.ts); all else is a table (csv.ts).
 *
 * @param named - columns of a table that their names do not give away.
 * @throws DemandError
 */
export function readDemand(text: string, named: DemandColumns = {}): readonly DemandSeries[] {
  // a byte-order mark counts as a space
  const begun = text.trimStart();
  return begun.startsWith("{") ? readTraces(begun) : readCsv(text, named);
}
