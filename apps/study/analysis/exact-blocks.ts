/** The tables and charts of exact measures. */
import { type Block, type Cell, numberColumns, textColumns } from "../report/document.js";
import type { Analysis, CaseAnalysis } from "./analysis.js";
import { caseColumns } from "./case-columns.js";
import { type ExactColumn, exactColumns, exactText, showExact } from "./exact-columns.js";
import type { ExactEffect } from "./exact-effects.js";
import { countText, exactRatioText, listText } from "./figures.js";
import { REPLAY_MEASURES } from "./replay-blocks.js";

/** Shows the measures of each case, the effects of levels on them, and the extents that calls asked for. */
export function exactBlocks(analysis: Analysis): readonly Block[] {
  const measures = caseMeasures(analysis);
  return [
    ...caseTable(analysis, measures),
    ...analysis.study.factors.flatMap(({ name }) => effectBlocks(analysis, measures, name)),
    ...histogram(analysis),
  ];
}

interface CaseMeasures {
  readonly run: readonly CaseAnalysis[];
  readonly same: readonly ExactColumn[];
  readonly different: readonly ExactColumn[];
}

/** Sorts the measures by whether they are the same in all cases. Replays have a table of their own. */
function caseMeasures({ study, cases }: Analysis): CaseMeasures {
  const run = cases.filter(({ exact }) => exact !== null);
  const replays = run.every(({ exact }) => exact?.replay);
  const columns = exactColumns(study.measures)
    .filter(({ measure }) => !(replays && REPLAY_MEASURES.has(measure)))
    .filter((column) => run.some((one) => numberOf(one, column) !== null));
  const isSame = (column: ExactColumn) => run.length > 1 && new Set(run.map((one) => textOf(one, column))).size === 1;
  return { run, same: columns.filter(isSame), different: columns.filter((column) => !isSame(column)) };
}

function caseTable({ study }: Analysis, { run, same, different }: CaseMeasures): readonly Block[] {
  const of = caseColumns(study);
  const blocks: Block[] = [];
  if (different.length > 0) {
    blocks.push({
      kind: "table",
      caption: "Exact measures: the same on every machine.",
      columns: [...of.columns, ...numberColumns(different.map(headingOf))],
      rows: run.map((one) => [...of.cells(one), ...different.map((column) => cellOf(one, column))]),
    });
  }
  if (same.length > 0) {
    const each = same.map((column) => `${headingOf(column)} ${cellOf(run[0], column).text}`);
    blocks.push({
      kind: "paragraph",
      text: `The same in every case, at every level of every factor: ${each.join("; ")}.`,
    });
  }
  return blocks;
}

function effectBlocks({ exactEffects }: Analysis, table: CaseMeasures, factor: string): readonly Block[] {
  const everywhere = table.same.map(({ name }) => name);
  const effects = exactEffects.filter((effect) => effect.factor === factor && !everywhere.includes(effect.measure));
  const measures = [...new Set(effects.map(({ measure }) => measure))];
  const differ = measures.filter((measure) => effects.some((effect) => effect.measure === measure && !effect.same));
  const same = measures.filter((measure) => !differ.includes(measure));
  const blocks: Block[] = [];
  if (differ.length > 0) {
    const levels = [...new Set(effects.map(({ level }) => level))];
    const find = (level: string, measure: string) =>
      effects.find((effect) => effect.level === level && effect.measure === measure);
    blocks.push({
      kind: "table",
      caption: `Exact measures with each ${factor} over those with the baseline: geometric mean, least and greatest.`,
      columns: [...textColumns([factor]), ...numberColumns(differ)],
      rows: levels.map((level) => [
        { text: level },
        ...differ.map((measure): Cell => {
          const effect = find(level, measure);
          return effect === undefined || effect.same ? { text: "the same", muted: true } : { text: changeText(effect) };
        }),
      ]),
    });
  }
  if (same.length > 0) {
    blocks.push({ kind: "paragraph", text: `${listText(same)}: the same at every level of ${factor}.` });
  }
  return blocks;
}

/** `×2.00`, `×2.00 (×1.50 to ×3.00)`, `0 to 12`. */
export function changeText({ ratio, range, from, to }: ExactEffect): string {
  if (ratio === null) return `${countText(from)} to ${countText(to)} on average`;
  const [least, greatest] = (range ?? [ratio, ratio]).map(exactRatioText);
  return least === greatest ? `×${exactRatioText(ratio)}` : `×${exactRatioText(ratio)} (×${least} to ×${greatest})`;
}

/** A histogram for each level of the first factor, with the others at their baselines and the first seed. */
function histogram({ study, cases }: Analysis): readonly Block[] {
  if (!study.measures.includes("extentsPerCall")) return [];
  const [first, ...others] = study.factors;
  const shown = cases.filter(
    ({ seed, levels }) => seed === study.seeds[0] && others.every(({ name, baseline }) => levels[name] === baseline),
  );
  const series = shown.flatMap(({ exact, levels }) =>
    exact === null || exact.extentsPerCall.length === 0
      ? []
      : [
          {
            label: first === undefined ? study.name : `${first.name}=${levels[first.name]}`,
            bars: exact.extentsPerCall,
          },
        ],
  );
  if (series.length === 0) return [];
  const rest = others.length > 0 ? `, ${others.map(({ name, baseline }) => `${name}=${baseline}`).join(", ")}` : "";
  return [
    {
      kind: "histogram",
      caption: `How many calls of memory_op asked for so many extents${rest}.`,
      xLabel: "extents a call",
      yLabel: "calls",
      series,
    },
  ];
}

function headingOf({ name, whole }: ExactColumn): string {
  return whole === undefined ? name : `${name} (mean)`;
}

function numberOf({ exact }: CaseAnalysis, column: ExactColumn): number | null {
  return exact === null ? null : column.value(exact);
}

function textOf({ exact }: CaseAnalysis, column: ExactColumn): string {
  return exact === null ? "" : exactText(column, exact);
}

function cellOf(one: CaseAnalysis, column: ExactColumn): Cell {
  const value = numberOf(one, column);
  return value === null ? { text: "", muted: true } : { text: showExact(column, value) };
}
