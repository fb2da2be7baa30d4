/** Writes an analysis as CSV: a row for each case and measure. */
import { csvText, type Field } from "../report/csv-text.js";
import type { Analysis, CaseAnalysis } from "./analysis.js";
import { exactColumns, exactText } from "./exact-columns.js";
import { PASSES, WAYS } from "./runs.js";

/**
 * Writes the columns case, one for each factor, seed, measure, unit, value, low, high and n; exact measures leave the
 * last three empty.
 */
export function analysisCsv(analysis: Analysis): string {
  return csv(analysis, ["value", "low", "high", "n"], (one) => [
    ...exactRows(analysis, one).map((row) => [...row, "", "", ""]),
    ...PASSES.flatMap((pass) =>
      WAYS.flatMap((way) => {
        const time = one.nsPerPage[pass][way];
        return time === null ? [] : [[`${pass}.${way}`, "ns/page", time.value, time.low, time.high, time.n]];
      }),
    ),
  ]);
}

/** Writes exact measures alone: the same study gives the same bytes on every machine. */
export function exactCsv(analysis: Analysis): string {
  return csv(analysis, ["value"], (one) => exactRows(analysis, one));
}

/** The measure, unit and value of each exact measure. */
function exactRows({ study }: Analysis, { exact }: CaseAnalysis): Field[][] {
  if (exact === null) return [];
  return exactColumns(study.measures)
    .filter((column) => column.value(exact) !== null)
    .map((column) => [column.name, column.unit, exactText(column, exact)]);
}

function csv({ study, cases }: Analysis, values: readonly string[], rowsOf: (one: CaseAnalysis) => Field[][]): string {
  const factors = study.factors.map(({ name }) => name);
  const rows: Field[][] = [["case", ...factors, "seed", "measure", "unit", ...values]];
  for (const one of cases) {
    const levels = factors.map((name) => one.levels[name]);
    for (const row of rowsOf(one)) rows.push([one.id, ...levels, one.seed, ...row]);
  }
  return csvText(rows);
}
