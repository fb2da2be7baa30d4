/** The frontier: what the guests are short of, by the size of the host, a curve a policy. */
import { listText } from "../../study/analysis/figures.js";
import { axisUnit } from "../../study/analysis/units.js";
import type { LineChart } from "../../study/report/document.js";
import { type Curve, type Measure, rangeOf, shortKibMs, shortMs, unservedGuests, worstKibMs } from "./points.js";
import { gibHours, sizeWords } from "./words.js";

const HOUR_MS = 3_600_000;

interface FrontierChart {
  readonly caption: string;
  readonly yLabel: string;
  readonly measure: Measure;
}

const CHARTS: readonly FrontierChart[] = [
  {
    caption: "What all guests together were short of.",
    yLabel: "shortage, GiB·h",
    measure: (outcome) => gibHours(shortKibMs(outcome)),
  },
  {
    caption: "What the guest that was worst off was short of.",
    yLabel: "shortage of one guest, GiB·h",
    measure: (outcome) => gibHours(worstKibMs(outcome)),
  },
  {
    caption: "How long guests were short, all guests added up.",
    yLabel: "hours short, h",
    measure: (outcome) => shortMs(outcome) / HOUR_MS,
  },
  {
    caption: "How many guests were ever short, or never ran.",
    yLabel: "guests",
    measure: unservedGuests,
  },
];

/** Empty where nothing was run. */
export function frontierCharts(curves: readonly Curve[]): readonly LineChart[] {
  const sizes = curves.flatMap(({ points }) => points.map(({ totalKib }) => totalKib * 1024));
  if (sizes.length === 0) return [];
  const { name, worth } = axisUnit("bytes", Math.max(...sizes));
  return CHARTS.map(({ caption, yLabel, measure }) => ({
    kind: "lines",
    caption,
    xLabel: `host, ${name}`,
    yLabel,
    lines: curves.map(({ label, points }) => ({
      label,
      points: points.map((point) => ({ x: (point.totalKib * 1024) / worth, y: rangeOf(point, measure) })),
    })),
  }));
}

/** Tells how the lines of the frontier and their bands were made, and which points are of one speed alone. */
export function frontierNote(curves: readonly Curve[]): string {
  const points = curves.flatMap((curve) => curve.points);
  const speeds = [...new Set(points.flatMap(({ runs }) => runs.map(({ outcome }) => outcome.usPerPage)))];
  const [fast, slow] = [Math.min(...speeds), Math.max(...speeds)];
  if (fast === slow) return `Drivers move a page in ${fast} µs: no other speed was run.`;
  const exceptions = curves.flatMap(({ label, points }) =>
    speeds.flatMap((speed) => {
      const partial = points.filter(({ runs }) => runs.length === 1 && runs[0].outcome.usPerPage === speed);
      if (partial.length === 0) return [];
      return [`${label} on ${listText(partial.map(({ totalKib }) => sizeWords(totalKib)))} is of ${speed} µs alone`];
    }),
  );
  const but = exceptions.length === 0 ? "" : ` But ${listText(exceptions)}.`;
  return `Lines: drivers move a page in ${fast} µs. Bands reach to what comes of ${slow} µs.${but}`;
}
