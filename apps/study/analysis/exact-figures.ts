/** The figures of exact measures: the measure that differs most by level, and the extents that calls asked for. */
import type { HistogramChart } from "../report/document.js";
import type { Factor } from "../study.js";
import type { Analysis, CaseAnalysis } from "./analysis.js";
import { type ExactColumn, exactColumns, showExact } from "./exact-columns.js";
import { levelText } from "./figures.js";
import { capital } from "./findings.js";
import type { ShownFigure } from "./shown-figure.js";

/** More bars than this are drawn by the extremes. */
const MOST_BARS = 24;
/** A histogram with more levels than this shows three of them: the one with the smallest calls, the middle one and the one with the largest. */
const MOST_SERIES = 6;

export function exactFigures(analysis: Analysis): readonly ShownFigure[] {
  return [
    ...analysis.study.factors.flatMap((factor) => levelFigure(analysis, factor)),
    ...histogram(analysis).map((chart) => ({ chart, factor: null, pass: null })),
  ];
}

/** Bars of the measure that differs most between the levels of a factor: the averages over the cases compared. */
function levelFigure({ study, exactEffects }: Analysis, factor: Factor): readonly ShownFigure[] {
  const effects = exactEffects.filter((effect) => effect.factor === factor.name && !effect.same);
  const size = ({ ratio }: (typeof effects)[number]): number =>
    ratio === null ? Number.POSITIVE_INFINITY : Math.abs(Math.log(ratio));
  if (effects.length === 0) return [];
  const { measure, from } = effects.reduce((most, effect) => (size(effect) > size(most) ? effect : most));
  const column = exactColumns(study.measures).find(({ name }) => name === measure) as ExactColumn;
  const rows = factor.levels.flatMap(({ label }) => {
    const to = exactEffects.find(
      (effect) => effect.factor === factor.name && effect.level === label && effect.measure === measure,
    )?.to;
    const value = label === factor.baseline ? from : to;
    return value === undefined ? [] : [{ label: levelText(factor, label), value, text: showExact(column, value) }];
  });
  const ranked = rows.toSorted((a, b) => b.value - a.value);
  const cut = rows.length > MOST_BARS;
  const shown = cut ? [...ranked.slice(0, MOST_BARS / 2), ...ranked.slice(-MOST_BARS / 2)] : rows;
  const rest = cut ? ` The ${MOST_BARS / 2} greatest and the ${MOST_BARS / 2} least of ${rows.length}.` : "";
  return [
    {
      chart: {
        kind: "bars",
        caption: `${capital(column.words)}, by ${factor.name}.${rest}`,
        xLabel: column.unit,
        rows: shown,
      },
      factor: factor.name,
      pass: null,
    },
  ];
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
