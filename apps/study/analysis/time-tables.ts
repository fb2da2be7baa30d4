/** The tables of time: the passes of each case, the effects of levels on them, and their growth. */
import { type Block, type Cell, numberColumns, textColumns } from "../report/document.js";
import type { SampleEstimate } from "../statistics.js";
import type { Analysis } from "./analysis.js";
import { caseColumns } from "./case-columns.js";
import { countText, estimateText, intervalText, levelText, ratioEstimateText } from "./figures.js";
import { PASSES, type Pass, WAYS } from "./runs.js";
import type { TimeEffect, TimeRatio } from "./time-effects.js";
import { PASS_NAMES } from "./time-figures.js";

const NOTHING: Cell = { text: "", muted: true };

/** Shows the times; empty where none are measured. */
export function timeTables(analysis: Analysis): readonly Block[] {
  return [
    ...mainTable(analysis),
    ...growthTable(analysis),
    ...analysis.study.factors.flatMap(({ name }) => pairTable(analysis, name)),
    ...PASSES.flatMap((pass) => passTable(analysis, pass)),
  ];
}

/** A cell with a ratio, or the words that it shows no difference. */
function ratioCell(ratio: TimeRatio | undefined): Cell {
  if (ratio === undefined) return NOTHING;
  if (ratio.real) return { text: ratioEstimateText(ratio) };
  return { text: `none shown ${intervalText(ratio)}`, muted: true };
}

function passTable({ study, cases }: Analysis, pass: Pass): readonly Block[] {
  const timed = cases.filter(({ nsPerPage }) => nsPerPage[pass].both !== null);
  if (timed.length === 0) return [];
  const of = caseColumns(study);
  const cell = (time: SampleEstimate | null): Cell => (time === null ? NOTHING : { text: estimateText(time) });
  return [
    {
      kind: "table",
      caption: `${PASS_NAMES[pass]}: ns for each page that was moved.`,
      columns: [...of.columns, ...numberColumns([...WAYS.map((way) => WAY_NAMES[way]), "processes"])],
      rows: timed.map((one) => [
        ...of.cells(one),
        ...WAYS.map((way) => cell(one.nsPerPage[pass][way])),
        { text: String(one.nsPerPage[pass].both?.n ?? 0) },
      ]),
      note: "The median over processes, with its 95 % interval. The pages are those that were counted as each process ran.",
    },
  ];
}

const WAY_NAMES = { out: "out", in: "in", both: "out and in" } as const;

function mainTable({ study, timeEffects }: Analysis): readonly Block[] {
  if (timeEffects.length === 0) return [];
  const passes = PASSES.filter((pass) => timeEffects.some((effect) => effect.pass === pass));
  const levels = study.factors.flatMap((factor) => factor.levels.map(({ label }) => ({ factor, level: label })));
  const find = (factor: string, level: string) =>
    timeEffects.filter((effect) => effect.factor === factor && effect.level === level);
  const rows = levels.filter(({ factor, level }) => find(factor.name, level).length > 0);
  const pairs =
    study.fraction === 1
      ? "geometric mean over cases that differ in it alone"
      : "geometric mean over all cases, mixed with what factors do together";
  const withPages = timeEffects.some(({ pages }) => pages !== null);
  return [
    {
      kind: "table",
      caption: "Time a page with each level over that with its factor's baseline.",
      columns: [
        ...textColumns(["factor", "level", "baseline"]),
        ...numberColumns(passes.map((pass) => PASS_NAMES[pass].toLowerCase())),
        ...numberColumns(withPages ? ["pages a pass"] : []),
      ],
      rows: rows.map(({ factor, level }) => [
        ...[factor.name, levelText(factor, level), levelText(factor, factor.baseline)].map((text) => ({ text })),
        ...passes.map((pass) => ratioCell(find(factor.name, level).find((effect) => effect.pass === pass)?.main)),
        ...(withPages ? [pagesCell(find(factor.name, level))] : []),
      ]),
      note: `Above ×1 is slower; ${pairs}. "None shown": the interval holds 1, or chance may have made it.`,
    },
  ];
}

/** The pages that a pass moved where they are not those of the baseline. */
function pagesCell(effects: readonly TimeEffect[]): Cell {
  const pages = effects.find((effect) => effect.pages !== null)?.pages;
  if (pages == null) return { text: "the same", muted: true };
  return { text: `from ${countText(pages.from)} to ${countText(pages.to)}` };
}

function growthTable({ scalings }: Analysis): readonly Block[] {
  const fitted = scalings.flatMap(({ exponent, ...line }) => (exponent === null ? [] : [{ ...line, exponent }]));
  if (fitted.length === 0) return [];
  return [
    {
      kind: "table",
      caption: "The power with which the time of a whole pass grows: 1 is in proportion.",
      columns: [...textColumns(["with", "other levels", "pass"]), ...numberColumns(["power"])],
      rows: fitted.map(({ setting, label, pass, exponent }) => [
        { text: setting },
        { text: label },
        { text: PASS_NAMES[pass].toLowerCase() },
        { text: `${exponent.value.toFixed(2)} [${exponent.low.toFixed(2)}, ${exponent.high.toFixed(2)}]` },
      ]),
    },
  ];
}

/** A table of every pair of a factor; none where the main effect is of one pair. */
function pairTable({ study, cases, timeEffects }: Analysis, name: string): readonly Block[] {
  const effects = timeEffects.filter((effect) => effect.factor === name);
  const factor = study.factors.find((one) => one.name === name);
  if (factor === undefined || !effects.some(({ pairs }) => pairs.length > 1)) return [];
  const passes = PASSES.filter((pass) => effects.some((effect) => effect.pass === pass));
  const ratioOf = (id: string, pass: Pass) =>
    effects.flatMap((effect) => (effect.pass === pass ? effect.pairs : [])).find((pair) => pair.case === id)?.ratio;
  const others = caseColumns(study, name);
  return [
    {
      kind: "table",
      caption: `Time a page with each ${name} over that with ${levelText(factor, factor.baseline)}, all else the same.`,
      columns: [
        ...textColumns([name]),
        ...others.columns,
        ...numberColumns(passes.map((pass) => PASS_NAMES[pass].toLowerCase())),
      ],
      rows: factor.levels.flatMap(({ label }) =>
        cases
          .filter(({ id, levels }) => levels[name] === label && passes.some((pass) => ratioOf(id, pass)))
          .map((one) => [
            { text: levelText(factor, label) },
            ...others.cells(one),
            ...passes.map((pass) => ratioCell(ratioOf(one.id, pass))),
          ]),
      ),
    },
  ];
}
