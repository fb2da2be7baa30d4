/** Checks the data of charts before they are shown. */
import type { Estimate } from "../statistics.js";
import type {
  BandChart,
  BarChart,
  Chart,
  HistogramChart,
  LineChart,
  RatioChart,
  ScalingChart,
  SeriesChart,
} from "./document.js";

type Demand = readonly [expected: string, meets: (value: number) => boolean];

const FINITE: Demand = ["a finite number", Number.isFinite];
const POSITIVE: Demand = ["a finite number above 0", (value) => Number.isFinite(value) && value > 0];
const FROM_0: Demand = ["a finite number from 0", (value) => Number.isFinite(value) && value >= 0];
const WHOLE: Demand = ["a whole number from 0", (value) => Number.isSafeInteger(value) && value >= 0];

/** Returns true where a chart has nothing to draw. */
export function isEmpty(chart: Chart): boolean {
  switch (chart.kind) {
    case "scaling":
    case "lines":
      return chart.lines.every(({ points }) => points.length === 0);
    case "ratio":
    case "bars":
      return chart.rows.length === 0;
    case "series":
      return chart.timesMs.length === 0 || chart.curves.length === 0;
    case "bands":
      return chart.timesMs.length === 0;
    case "histogram":
      return chart.series.every(({ bars }) => bars.length === 0);
  }
}

/** @throws RangeError: a number that cannot be shown; it names the chart, the place, what was expected and what came */
export function checkChart(chart: Chart): void {
  if (chart.kind === "scaling") checkScaling(chart);
  else if (chart.kind === "lines") checkLines(chart);
  else if (chart.kind === "ratio") checkRatio(chart);
  else if (chart.kind === "bars") checkBars(chart);
  else if (chart.kind === "series") checkSeries(chart);
  else if (chart.kind === "bands") checkBands(chart);
  else checkHistogram(chart);
}

function checkScaling({ caption, lines }: ScalingChart): void {
  for (const { label, points } of lines) {
    for (const [at, { x, y }] of points.entries()) {
      const place = `line ${JSON.stringify(label)}, point ${at + 1}`;
      require(caption, `${place}, x`, x, POSITIVE);
      requireEstimate(caption, place, y);
    }
  }
}

function checkLines({ caption, lines }: LineChart): void {
  for (const { label, points } of lines) {
    let before = Number.NEGATIVE_INFINITY;
    for (const [at, { x, y }] of points.entries()) {
      const place = `line ${JSON.stringify(label)}, point ${at + 1}`;
      require(caption, `${place}, x`, x, FINITE);
      if (x <= before) refuse(caption, `${place}, x`, `more than ${before}`, x);
      before = x;
      requireEstimate(caption, place, y, FROM_0);
    }
  }
}

function checkRatio({ caption, noiseFloor, rows }: RatioChart): void {
  if (noiseFloor !== null) require(caption, "noise floor", noiseFloor, POSITIVE);
  for (const { label, ratio } of rows) requireEstimate(caption, `row ${JSON.stringify(label)}`, ratio);
}

function checkBars({ caption, rows }: BarChart): void {
  for (const { label, value } of rows) require(caption, `row ${JSON.stringify(label)}`, value, FROM_0);
}

/** Checks the curves that a chart of bands has. */
function checkBands({ median, bands, ...chart }: BandChart): void {
  const ends = bands.flatMap(({ label, low, high }) => [
    { label: `${label}, low`, values: low },
    { label: `${label}, high`, values: high },
  ]);
  checkSeries({ ...chart, curves: [{ label: "median", values: median }, ...ends] });
}

function checkSeries({ caption, timesMs, curves, yMost = 0, events = [] }: Omit<SeriesChart, "kind">): void {
  require(caption, "the y axis's end", yMost, FINITE);
  for (const { label, timesMs: times } of events) {
    for (const [at, time] of times.entries()) {
      require(caption, `event ${JSON.stringify(label)}, time ${at + 1}`, time, FINITE);
    }
  }
  let before = Number.NEGATIVE_INFINITY;
  for (const [at, time] of timesMs.entries()) {
    require(caption, `time ${at + 1}`, time, FINITE);
    if (time < before) refuse(caption, `time ${at + 1}`, `${before} or later`, time);
    before = time;
  }
  for (const { label, values } of curves) {
    const place = `curve ${JSON.stringify(label)}`;
    if (values.length !== timesMs.length) refuse(caption, place, `${timesMs.length} values`, values.length);
    for (const [at, value] of values.entries()) require(caption, `${place}, value ${at + 1}`, value, FINITE);
  }
}

function checkHistogram({ caption, series }: HistogramChart): void {
  for (const { label, bars } of series) {
    for (const [at, [x, count]] of bars.entries()) {
      const place = `series ${JSON.stringify(label)}, bar ${at + 1}`;
      require(caption, `${place}, x`, x, WHOLE);
      require(caption, `${place}, count`, count, WHOLE);
    }
  }
}

function requireEstimate(caption: string, place: string, estimate: Estimate, demand: Demand = POSITIVE): void {
  for (const part of ["value", "low", "high"] as const) require(caption, `${place}, ${part}`, estimate[part], demand);
}

function require(caption: string, place: string, value: number, [expected, meets]: Demand): void {
  if (!meets(value)) refuse(caption, place, expected, value);
}

function refuse(caption: string, place: string, expected: string, value: number): never {
  throw new RangeError(`chart ${JSON.stringify(caption)}, ${place}: expected ${expected}, got ${value}`);
}
