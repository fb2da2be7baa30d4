/** The tables of exact measures. */
import { type Block, type Cell, numberColumns, textColumns } from "../report/document.js";
import type { Analysis, CaseAnalysis } from "./analysis.js";
import { caseColumns } from "./case-columns.js";
import { hasReached } from "./contrasts.js";
import { definitions, type ExactColumn, exactColumns, exactText, showExact } from "./exact-columns.js";
import type { ExactEffect } from "./exact-effects.js";
import { levelText, listText } from "./figures.js";
import { changeText } from "./findings.js";
import { REPLAY_MEASURES } from "./replay-blocks.js";

/** Shows the measures of each case, and the effects of levels on them. */
export function exactTables(analysis: Analysis): readonly Block[] {
  const measures = caseMeasures(analysis);
  return [
    ...caseTable(analysis, measures),
    ...analysis.study.factors.flatMap(({ name }) => effectBlocks(analysis, measures, name)),
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
      caption: "Exact measures of each case: the same on every machine.",
      columns: [...of.columns, ...numberColumns(different.map(({ words }) => words))],
      rows: run.map((one) => [...of.cells(one), ...different.map((column) => cellOf(one, column))]),
      note: definitions(different),
    });
  }
  if (same.length > 0) {
    const each = same.map((column) => `${column.words} ${cellOf(run[0], column).text}`);
    blocks.push({ kind: "paragraph", text: `The same in every case: ${each.join("; ")}.` });
  }
  return blocks;
}

function effectBlocks({ study, exactEffects }: Analysis, table: CaseMeasures, name: string): readonly Block[] {
  const factor = study.factors.find((one) => one.name === name);
  const everywhere = table.same.map((column) => column.name);
  const effects = exactEffects.filter((effect) => effect.factor === name && !everywhere.includes(effect.measure));
  // cases that missed a target of a workload are not compared: of the others nothing is missed
  const isMissed = ({ name }: ExactColumn): boolean => name === "outMissedPages" || name === "inMissedPages";
  const columns = exactColumns(study.measures).filter(
    (column) => !isMissed(column) && effects.some(({ measure }) => measure === column.name),
  );
  const differs = (column: ExactColumn) => effects.some(({ measure, same }) => measure === column.name && !same);
  const differ = columns.filter(differs);
  const same = columns.filter((column) => !differs(column));
  const blocks: Block[] = [];
  if (differ.length > 0 && factor !== undefined) {
    const levels = [...new Set(effects.map(({ level }) => level))];
    const find = (level: string, { name: measure }: ExactColumn) =>
      effects.find((effect) => effect.level === level && effect.measure === measure);
    blocks.push({
      kind: "table",
      caption: `Exact measures, from ${name} ${levelText(factor, factor.baseline)} to each other level.`,
      columns: [...textColumns([name]), ...numberColumns(differ.map(({ words }) => words))],
      rows: levels.map((level) => [
        { text: levelText(factor, level) },
        ...differ.map((column): Cell => {
          const effect = find(level, column);
          return effect === undefined || effect.same
            ? { text: "the same", muted: true }
            : { text: fromToText(effect, column) };
        }),
      ]),
      note: "Geometric means over the cases that were compared, averages where one is 0; × is the ratio of the two.",
    });
  }
  if (same.length > 0) {
    const where = table.run.every(({ exact }) => hasReached(exact)) ? "" : ", wherever cases were compared";
    const words = listText(same.map((column) => column.words));
    blocks.push({ kind: "paragraph", text: `The same at every level of ${name}${where}: ${words}.` });
  }
  return blocks;
}

/** `from 4 to 8 (×2.00)`. */
function fromToText(effect: ExactEffect, column: ExactColumn): string {
  return `from ${showExact(column, effect.from)} to ${showExact(column, effect.to)}${changeText(effect)}`;
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
