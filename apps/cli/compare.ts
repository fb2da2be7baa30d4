/** `compare BEFORE AFTER`: prints the changes from one results file to another. */
import { levelsText } from "../study/analysis/figures.js";
import { type Comparison, compare as compareResults } from "../study/compare.js";
import type { Results } from "../study/results.js";
import { comparisonLines } from "./comparison-lines.js";
import { Failure } from "./failure.js";
import { openResults } from "./results-folder.js";

/** @returns the exit status: 1 when a change is real. */
export function compare(before: string, after: string): number {
  const results = [openResults(before), openResults(after)] as const;
  const names = new Map(
    results.flatMap(({ header: { study, cases } }) => {
      const factors = study.factors.map(({ name }) => name);
      return cases.map((one) => [one.id, levelsText(factors, one)] as const);
    }),
  );
  const comparison = comparisonOf(...results);
  process.stdout.write(`${comparisonLines(comparison, (id) => names.get(id) ?? id).join("\n")}\n`);
  return comparison.real ? 1 : 0;
}

function comparisonOf(before: Results, after: Results): Comparison {
  try {
    return compareResults(before, after);
  } catch (error) {
    throw new Failure((error as Error).message, { cause: error });
  }
}
