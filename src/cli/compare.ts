/** `compare BEFORE AFTER`: what changed from one results file to another. */
import { type Comparison, compare as compareResults, comparisonLines } from "../study/compare.js";
import type { Results } from "../study/results.js";
import { Failure } from "./failure.js";
import { openResults } from "./study-files.js";

/** @returns the exit status: 1 when a change is real. */
export function compare(before: string, after: string): number {
  const comparison = comparisonOf(openResults(before), openResults(after));
  process.stdout.write(`${comparisonLines(comparison).join("\n")}\n`);
  return comparison.real ? 1 : 0;
}

function comparisonOf(before: Results, after: Results): Comparison {
  try {
    return compareResults(before, after);
  } catch (error) {
    throw new Failure((error as Error).message, { cause: error });
  }
}
