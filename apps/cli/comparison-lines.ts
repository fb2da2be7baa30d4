/** Formats a comparison for a terminal: the changes first, then the cases that could not be compared. */

import { plural } from "xen-balloon/core";
import { estimateText, listText, percentText, ratioText, significant, withCommas } from "../study/analysis/figures.js";
import { IN_PASS } from "../study/analysis/findings.js";
import { PASSES } from "../study/analysis/runs.js";
import { type Comparison, type ExactChange, LEAST_CHANGE, SIGNIFICANT, type TimeChange } from "../study/compare.js";
import { alignColumns } from "../table.js";

/** A difference of load that slows times: with one more busy core the compiler's threads have to wait for theirs. */
const OTHER_LOAD = 1;

const VERDICTS: Readonly<Record<Comparison["verdict"], string>> = {
  changed: "There are changes.",
  unchanged: "No difference is shown.",
  blind: "No change of time could have been shown: this is no sign that there is none.",
};

/** @param nameOf - the name of the case with an id. */
export function comparisonLines(comparison: Comparison, nameOf: (id: string) => string): readonly string[] {
  const { times, exact, exactCases, leastChange, onlyBefore, onlyAfter, processesNeeded: needed } = comparison;
  const lines: string[] = [];
  if (exactCases > 0)
    lines.push(`Exact measures: ${plural(exactCases, "case")} compared, ${plural(exact.length, "difference")}.`);
  if (exact.length > 0) lines.push(...alignColumns(exactRows(exact, nameOf), "llrr"), "");
  if (times.length > 0) {
    const real = times.filter((change) => change.real);
    const least = [...new Set(PASSES.map((pass) => `${percentText(leastChange[pass])} (${pass})`))];
    lines.push(
      `Times: ${times.length} compared, ${real.length} changed: p < ${SIGNIFICANT} after Holm's correction, and by more than ${listText(least)}.`,
      ...alignColumns(timeRows(times, nameOf), "llrrrrl"),
      "",
    );
  }
  if (Math.abs(Math.log(comparison.pace)) > Math.log(1 + LEAST_CHANGE)) {
    lines.push(
      `The machine's time for the same work is ${ratioText(comparison.pace)} from before to after: a change must remain where that is divided out.`,
    );
  }
  for (const pass of PASSES) {
    const least = comparison.shows[pass];
    if (least !== null) {
      lines.push(
        `A change of ${percentText(least)} ${IN_PASS[pass]} would have been shown, in 4 of 5 such comparisons.`,
      );
    }
  }
  if (needed !== null) {
    lines.push(
      `There are too few processes for any change of time to be shown: ${times.length} comparisons need ${needed} or more a case in both.`,
    );
  }
  if (times.length > 0 && comparison.otherEnvironment.length > 0) {
    lines.push(`Times are not of the same machine: they differ in ${listText(comparison.otherEnvironment)}.`);
  }
  const [before, after] = comparison.loads ?? [0, 0];
  if (times.length > 0 && Math.abs(after - before) >= OTHER_LOAD) {
    lines.push(
      `The machine was not equally busy: its load was ${before} before and ${after} after. Measure both while it is quiet.`,
    );
  }
  for (const id of onlyBefore) lines.push(`only before: ${nameOf(id)}`);
  for (const id of onlyAfter) lines.push(`only after: ${nameOf(id)}`);
  lines.push(VERDICTS[comparison.verdict]);
  return lines;
}

function exactRows(changes: readonly ExactChange[], nameOf: (id: string) => string): readonly (readonly string[])[] {
  const short = (text: string) => {
    const read = /^\d+$/.test(text) ? withCommas(Number(text)) : text;
    return read.length > 40 ? `${read.slice(0, 39)}…` : read;
  };
  return [
    ["case", "measure", "before", "after"],
    ...changes.map(({ case: id, measure, before, after }) => [nameOf(id), measure, short(before), short(after)]),
  ];
}

function timeRows(changes: readonly TimeChange[], nameOf: (id: string) => string): readonly (readonly string[])[] {
  return [
    ["case", "pass", "before, ns/page", "after, ns/page", "ratio", "p", ""],
    ...changes.map(({ case: id, pass, before, after, ratio, p, real }) => [
      nameOf(id),
      pass,
      estimateText(before),
      estimateText(after),
      ratioText(ratio),
      significant(p),
      real ? (ratio > 1 ? "slower" : "faster") : "no difference shown",
    ]),
  ];
}
