/** `compare BEFORE AFTER`: what changed from one results file to another. */
import { plural } from "../scenario/quantity.js";
import { type Comparison, compareResults } from "../study/compare.js";
import { alignColumns } from "../table.js";
import { Failure } from "./failure.js";
import { openResults } from "./study-files.js";

/** @returns the exit status: 1 when a change is real. */
export function compare(before: string, after: string): number {
  const comparison = compareResults(openResults(before), openResults(after));
  if (comparison.counted === 0 && comparison.times.length === 0) {
    throw new Failure(`${before} and ${after}: expected results of the same cases, got none`);
  }
  process.stdout.write(`${linesOf(comparison).join("\n")}\n`);
  return comparison.counts.length > 0 || comparison.times.some(({ real }) => real) ? 1 : 0;
}

function linesOf({ times, counts, counted, only, tooFew }: Comparison): string[] {
  const rows = times.map(({ levels, pass, before, after, p, real }) => [
    named(levels),
    pass,
    before.toFixed(2),
    after.toFixed(2),
    `${(after / before).toFixed(3)}x`,
    p < 0.0001 ? "<0.0001" : p.toFixed(4),
    real ? (after > before ? "slower" : "faster") : "no difference shown",
  ]);
  const heads = ["case", "pass", "before, ns/page", "after", "ratio", "p", ""];
  return [
    ...(rows.length > 0 ? [...alignColumns([heads, ...rows], "llrrrrl"), ""] : []),
    ...counts.map(({ levels, measure, before, after }) => `${named(levels)}: ${measure} was ${before}, is ${after}`),
    counts.length > 0 ? "" : `${plural(counted, "case")} counted alike`,
    ...(only.before > 0 ? [`${plural(only.before, "case")} only in the first`] : []),
    ...(only.after > 0 ? [`${plural(only.after, "case")} only in the second`] : []),
    ...(tooFew ? ["too few processes: no change of time could have been shown"] : []),
  ].filter((line, i, all) => line !== "" || (i > 0 && i < all.length - 1));
}

function named(levels: Readonly<Record<string, string>>): string {
  return Object.entries(levels)
    .map(([name, label]) => `${name} ${label}`)
    .join(", ");
}
