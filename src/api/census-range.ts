/** Checks the range of a census. */
import { ArgumentRangeError } from "../host/argument-error.js";
import { readOptions, wholeNumber } from "../host/arguments.js";
import type { GuestConfig } from "../host/backend.js";
import type { CensusRange } from "../world/census.js";

const MAX_CELLS = 65_536;

/**
 * Reads and checks the range that a caller asks for.
 *
 * @throws TypeError; RangeError: a range beyond pfnLimit, or one with too many cells.
 */
export function readRange(range: CensusRange, { pfnLimit }: GuestConfig): CensusRange {
  const { pfn, pages, cellPages } = readOptions("range", range, ["pfn", "pages", "cellPages"]);
  wholeNumber("pfn", pfn, "a PFN", 0, pfnLimit);
  wholeNumber("pages", pages, "pages", 0, pfnLimit - pfn);
  wholeNumber("cellPages", cellPages, "pages", 1, 2 ** 30);
  const cells = Math.ceil(pages / cellPages);
  if (cells > MAX_CELLS) throw new ArgumentRangeError("cellPages", `at most ${MAX_CELLS} cells`, String(cells));
  return { pfn, pages, cellPages };
}
