/** Draws how the values of many spread over time: a stepped median on bands, the inner one darker. */
import { type Axis, linearAxis, timeAxis } from "./axes.js";
import type { BandChart } from "./document.js";
import { colourOf, lineSample } from "./looks.js";
import { element, inTenths } from "./markup.js";
import { formatDuration, formatNumber } from "./number-text.js";
import { legend, tickRoom, xAxis, xIn, yAxis, yIn } from "./plot.js";
import { summarise } from "./series-chart.js";
import { type Box, picture } from "./svg.js";
import { AXIS_LABEL, BOTTOM, PLOT_HEIGHT, RIGHT, WIDTH, X_TICKS, Y_TICKS } from "./time-plot.js";

const SAMPLE_WIDTH = 22;
const SAMPLE_HEIGHT = 12;

/** @param id - begins the ids in the picture. */
export function drawBands(chart: BandChart, id: string): string {
  const { timesMs, median, bands } = chart;
  const all = [median, ...bands.flatMap(({ low, high }) => [low, high])].map(summarise);
  const yScale = linearAxis(
    Math.min(...all.map(({ least }) => least)),
    Math.max(...all.map(({ most }) => most)),
    Y_TICKS,
  );
  const xScale = timeAxis(timesMs[0], timesMs[timesMs.length - 1], X_TICKS);
  const left = tickRoom(yScale);
  const labels = ["median", ...bands.map(({ label }) => label)];
  const { markup, height } = legend(labels, WIDTH, (index, x, y) =>
    index === 0 ? lineSample(0, x, y, false) : bandSample(index, x, y),
  );
  const box: Box = { left, top: height + AXIS_LABEL, width: WIDTH - left - RIGHT, height: PLOT_HEIGHT };
  const line = stepped(timesMs, median, box, xScale, yScale).join("L");
  return picture(
    { id, title: chart.caption, text: describe(chart) },
    { width: WIDTH, height: box.top + PLOT_HEIGHT + BOTTOM },
    markup,
    xAxis(box, xScale, "time"),
    yAxis(box, yScale, chart.yLabel),
    element(
      "g",
      { class: colourOf(0) },
      ...bands.map(({ low, high }) => {
        const [upper, lower] = [high, low].map((values) => stepped(timesMs, values, box, xScale, yScale));
        return element("path", { class: "spread", d: `M${[...upper, ...lower.reverse()].join("L")}z` });
      }),
      element("path", { class: "line", d: `M${line}` }),
    ),
  );
}

/** The sample of a band, as dark as the bands that lie on it make it. */
function bandSample(index: number, x: number, y: number): string {
  const rect = element("rect", {
    class: "spread",
    x,
    y: y - SAMPLE_HEIGHT / 2,
    width: SAMPLE_WIDTH,
    height: SAMPLE_HEIGHT,
  });
  return element("g", { class: colourOf(0) }, ...Array<string>(index).fill(rect));
}

/** The corners of a curve whose values hold until the next; the last one to the edge. */
function stepped(
  timesMs: readonly number[],
  values: readonly number[],
  box: Box,
  xScale: Axis,
  yScale: Axis,
): string[] {
  return values.flatMap((value, at) => {
    const y = inTenths(yIn(box, yScale, value));
    const end = at + 1 < timesMs.length ? xIn(box, xScale, timesMs[at + 1]) : box.left + box.width;
    return [`${inTenths(xIn(box, xScale, timesMs[at]))} ${y}`, `${inTenths(end)} ${y}`];
  });
}

function describe({ timesMs, yLabel, median, bands }: BandChart): string {
  const { least, most } = summarise(median);
  const texts = bands.map(({ label, low, high }) => {
    const [from, to] = [summarise(low).least, summarise(high).most];
    return `${label}: between ${formatNumber(from)} and ${formatNumber(to)}.`;
  });
  const duration = formatDuration(timesMs[timesMs.length - 1] - timesMs[0]);
  return `Bands of ${yLabel} over ${duration}. median: ${formatNumber(least)}–${formatNumber(most)}. ${texts.join(" ")}`;
}
