/** The figures of exact measures: the measure that differs most by level, and the extents that calls asked for. */
import type { BarChart, HistogramChart, ScalingChart } from "../report/document.js";
import { type Estimate, logLogSlope } from "../statistics.js";
import type { Factor } from "../study.js";
import type { Analysis, CaseAnalysis } from "./analysis.js";
import { type ExactColumn, exactColumns, showExact } from "./exact-columns.js";
import { levelText } from "./figures.js";
import { capital } from "./findings.js";
import { numbersOf } from "./scaling.js";
import type { ShownFigure } from "./shown-figure.js";
import { axisUnit, numberAxis } from "./units.js";

/** More bars than this are drawn by the extremes. */
const MOST_BARS = 10;
/** A histogram with more levels than this shows three of them: the one with the smallest calls, the middle one and the one with the largest. */
const MOST_SERIES = 6;

export function exactFigures(analysis: Analysis): readonly ShownFigure[] {
  return [
    ...analysis.study.factors.flatMap((factor) => levelFigure(analysis, factor)),
    ...histogram(analysis).map((chart) => ({ chart, factor: null, pass: null })),
  ];
}

/** The measure that differs most between the levels of a factor: the averages over the cases compared. */
function levelFigure({ study, exactEffects }: Analysis, factor: Factor): readonly ShownFigure[] {
  const effects = exactEffects.filter((effect) => effect.factor === factor.name && !effect.same);
  const size = ({ ratio }: (typeof effects)[number]): number =>
    ratio === null ? Number.POSITIVE_INFINITY : Math.abs(Math.log(ratio));
  if (effects.length === 0) return [];
  const { measure, from } = effects.reduce((most, effect) => (size(effect) > size(most) ? effect : most));
  const column = exactColumns(study.measures).find(({ name }) => name === measure) as ExactColumn;
  const values = factor.levels.flatMap(({ label }) => {
    const to = exactEffects.find(
      (effect) => effect.factor === factor.name && effect.level === label && effect.measure === measure,
    )?.to;
    const value = label === factor.baseline ? from : to;
    return value === undefined ? [] : [{ label, value }];
  });
  const chart = curve(column, factor, values) ?? bars(column, factor, values);
  return [{ chart, factor: factor.name, pass: null }];
}

type LevelValue = { readonly label: string; readonly value: number };

/** A curve with its fit, where the levels are many numbers. */
function curve(column: ExactColumn, factor: Factor, values: readonly LevelValue[]): ScalingChart | null {
  const numbers = numbersOf(factor);
  if (numbers === null || values.length <= MOST_BARS || values.some(({ value }) => value <= 0)) return null;
  const [setting] = Object.keys(factor.levels[0].settings);
  const { unit, toX, xIsBytes } = numberAxis(setting);
  const points = values
    .map(({ label, value }) => ({ x: toX(numbers.get(label) as number), value }))
    .sort((a, b) => a.x - b.x);
  const { name, worth } = axisUnit(unitOfColumn(column), Math.max(...points.map(({ value }) => value)));
  return {
    kind: "scaling",
    caption: `${capital(column.words)}, by ${factor.name}, with the power law that fits (pale).`,
    xLabel: `${setting}${unit}`,
    xIsBytes,
    yLabel: name,
    lines: [
      {
        label: column.words,
        points: points.map(({ x, value }) => ({ x, y: exactly(value / worth) })),
        exponent: logLogSlope(points.map(({ x, value }) => [x, value])),
      },
    ],
  };
}

function exactly(value: number): Estimate {
  return { value, low: value, high: value };
}

function bars(column: ExactColumn, factor: Factor, values: readonly LevelValue[]): BarChart {
  const { name, worth } = axisUnit(unitOfColumn(column), Math.max(...values.map(({ value }) => value)));
  const rows = values.map(({ label, value }) => ({
    label: levelText(factor, label),
    value: value / worth,
    text: showExact(column, value),
  }));
  const ranked = rows.toSorted((a, b) => b.value - a.value);
  const isCut = rows.length > MOST_BARS;
  const half = MOST_BARS / 2;
  const rest = isCut ? ` The ${half} greatest and the ${half} least of ${rows.length}.` : "";
  return {
    kind: "bars",
    caption: `${capital(column.words)}, by ${factor.name}.${rest}`,
    xLabel: name,
    rows: isCut ? [...ranked.slice(0, half), ...ranked.slice(-half)] : rows,
  };
}

/** The unit of a column's number; of a measure that is more than a number, its words. */
function unitOfColumn({ unit, words, whole }: ExactColumn): string {
  return whole === undefined ? unit : words;
}

/** A histogram for each level of the first factor, with the others at their baselines and the first seed. */
function histogram({ study, cases }: Analysis): readonly HistogramChart[] {
  if (!study.measures.includes("extentsPerCall")) return [];
  const [first, ...others] = study.factors;
  const all = cases.filter(
    ({ seed, levels, exact }) =>
      seed === study.seeds[0] &&
      others.every(({ name, baseline }) => levels[name] === baseline) &&
      exact !== null &&
      exact.extentsPerCall.length > 0,
  );
  if (all.length === 0) return [];
  const mean = exactColumns(["extentsPerCall"])[0];
  const meanOf = ({ exact }: CaseAnalysis): number => (exact === null ? 0 : (mean.value(exact) ?? 0));
  const ranked = all.toSorted((a, b) => meanOf(a) - meanOf(b));
  const cut = all.length > MOST_SERIES;
  const shown = cut ? [ranked[0], ranked[ranked.length >> 1], ranked[ranked.length - 1]] : all;
  const rest = others.map((other) => `, ${other.name} ${levelText(other, other.baseline)}`).join("");
  const which = cut ? ` Of ${all.length} those that ask for least, the middle and most.` : "";
  return [
    {
      kind: "histogram",
      caption: `How many calls of memory_op asked for so many extents (frames)${rest}.${which}`,
      xLabel: "extents a call",
      yLabel: "calls",
      series: shown.map(({ exact, levels }) => ({
        label: first === undefined ? study.name : `${first.name} ${levelText(first, levels[first.name])}`,
        bars: exact?.extentsPerCall ?? [],
      })),
    },
  ];
}
