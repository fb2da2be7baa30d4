/** Draws stepped curves over time. */
import { type Axis, linearAxis, timeAxis } from "./axes.js";
import type { SeriesChart } from "./document.js";
import { lineSample, lookOf, markSample } from "./looks.js";
import { element, escapeText, inTenths } from "./markup.js";
import { formatDuration, formatNumber } from "./number-text.js";
import { legend, tickRoom, xAxis, xIn, yAxis, yIn } from "./plot.js";
import { type Box, picture } from "./svg.js";
import { AXIS_LABEL, BOTTOM, PLOT_HEIGHT, RIGHT, WIDTH, X_TICKS, Y_TICKS } from "./time-plot.js";

type Events = NonNullable<SeriesChart["events"]>[number];

/** The summary of a curve, which a table shows and a description reads out. */
export interface CurveSummary {
  readonly first: number;
  readonly least: number;
  readonly most: number;
  readonly last: number;
}

/** @param values - one or more. */
export function summarise(values: readonly number[]): CurveSummary {
  let [least, most] = [values[0], values[0]];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return { first: values[0], least, most, last: values[values.length - 1] };
}

/** @param id - begins the ids in the picture. */
export function drawSeries(chart: SeriesChart, id: string): string {
  const { timesMs, curves } = chart;
  const summaries = curves.map(({ values }) => summarise(values));
  const yScale = linearAxis(
    Math.min(...summaries.map(({ least }) => least)),
    Math.max(chart.yMost ?? Number.NEGATIVE_INFINITY, ...summaries.map(({ most }) => most)),
    Y_TICKS,
  );
  // a kind keeps its look where another has no events
  const events = (chart.events ?? [])
    .map((kind, at) => ({ ...kind, look: curves.length + at }))
    .filter((kind) => kind.timesMs.length > 0);
  const times = [...events.flatMap((kind) => kind.timesMs), timesMs[0], timesMs[timesMs.length - 1]];
  const xScale = timeAxis(Math.min(...times), Math.max(...times), X_TICKS);
  const left = tickRoom(yScale);
  const labels = [...curves, ...events].map(({ label }) => label);
  const { markup, height } = legend(labels, WIDTH, (index, x, y) =>
    index < curves.length ? lineSample(index, x, y, false) : markSample(events[index - curves.length].look, x, y),
  );
  const box: Box = { left, top: height + AXIS_LABEL, width: WIDTH - left - RIGHT, height: PLOT_HEIGHT };
  return picture(
    { id, title: chart.caption, text: describe(chart, summaries) },
    { width: WIDTH, height: box.top + PLOT_HEIGHT + BOTTOM },
    markup,
    xAxis(box, xScale, "time"),
    yAxis(box, yScale, chart.yLabel),
    ...curves.map(({ values }, index) => {
      const { className, dash } = lookOf(index);
      const d = steppedPath(timesMs, values, box, xScale, yScale);
      return element("g", { class: className }, element("path", { class: "line", d, ...dash }));
    }),
    ...events.map((kind) => drawEvents(kind, kind.look, box, xScale)),
  );
}

/** Marks the events of a kind on the upper edge of the box, each with its time as its title. */
function drawEvents({ label, timesMs }: Events, index: number, box: Box, xScale: Axis): string {
  const { className, marker } = lookOf(index);
  const marks = timesMs.map((time) =>
    element(
      "path",
      { class: "mark", d: `M${inTenths(xIn(box, xScale, time))} ${inTenths(box.top)}${marker}` },
      element("title", {}, escapeText(`${label}: ${formatDuration(time)}`)),
    ),
  );
  return element("g", { class: className }, ...marks);
}

/**
 * The path of a curve whose values hold until the next. Times are rounded to whole units of width: where several fall
 * together, drawing the least value, the greatest and the last looks the same. Heights are rounded to tenths.
 */
function steppedPath(
  timesMs: readonly number[],
  values: readonly number[],
  box: Box,
  xScale: Axis,
  yScale: Axis,
): string {
  const columnOf = (point: number): number => Math.round(xIn(box, xScale, timesMs[point]));
  const rowOf = (value: number): number => Math.round(10 * yIn(box, yScale, value));
  let row = rowOf(values[0]);
  let drawnColumn = columnOf(0);
  let path = `M${inTenths(drawnColumn)} ${inTenths(row / 10)}`;
  for (let from = 0; from < timesMs.length; ) {
    const column = columnOf(from);
    let to = from + 1;
    while (to < timesMs.length && columnOf(to) === column) to++;
    const { least, most, last } = summarise(values.slice(from, to));
    const [high, low, end] = [most, least, last].map(rowOf);
    const [upper, lower] = [Math.min(row, end), Math.max(row, end)];
    for (const next of [high, low, end].filter((reached) => reached === end || reached < upper || reached > lower)) {
      if (next === row) continue;
      if (column > drawnColumn) path += `h${column - drawnColumn}`;
      path += `v${inTenths((next - row) / 10)}`;
      drawnColumn = column;
      row = next;
    }
    from = to;
  }
  // the last value holds to the edge
  const edge = box.left + box.width;
  return drawnColumn < edge ? `${path}H${inTenths(edge)}` : path;
}

function describe({ timesMs, yLabel, curves, events = [] }: SeriesChart, summaries: readonly CurveSummary[]): string {
  const texts = summaries.map(({ first, least, most, last }, index) => {
    const [begin, low, high, end] = [first, least, most, last].map((value) => formatNumber(value));
    return `${curves[index].label}: ${begin} at first, ${low}–${high}, ${end} at last.`;
  });
  const duration = formatDuration(timesMs[timesMs.length - 1] - timesMs[0]);
  const marked = events.flatMap(({ label, timesMs: { length } }) =>
    length === 0 ? [] : `${label}: ${length} marked.`,
  );
  return `Stepped curves of ${yLabel} over ${duration}. ${[...texts, ...marked].join(" ")}`;
}
