/** `compare BEFORE AFTER`: prints the changes from one results file to another. */
import { levelsText } from "../study/analysis/figures.js";
import { type Comparison, compare as compareResults } from "../study/compare.js";
import type { Results } from "../study/results.js";
import { comparisonLines } from "./comparison-lines.js";
import { Failure } from "./failure.js";
import { openResults } from "./results-folder.js";

/** The exit status by what a comparison came to. */
const STATUS: Readonly<Record<Comparison["verdict"], number>> = { unchanged: 0, changed: 1, blind: 3 };

/** @returns the exit status: 1 when a change is real, 3 when no change of time could have been shown. */
export function compare(before: string, after: string): number {
  const results = [openResults(before), openResults(after)] as const;
  const names = new Map(
    results.flatMap(({ header: { study, cases } }) => {
      return cases.map((one) => [one.id, levelsText(study.factors, one)] as const);
    }),
  );
  const comparison = comparisonOf(...results);
  process.stdout.write(`${comparisonLines(comparison, (id) => names.get(id) ?? id).join("\n")}\n`);
  return STATUS[comparison.verdict];
}

function comparisonOf(before: Results, after: Results): Comparison {
  try {
    return compareResults(before, after);
  } catch (error) {
    throw new Failure((error as Error).message, { cause: error });
  }
}
