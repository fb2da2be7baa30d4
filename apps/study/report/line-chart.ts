/** Draws lines on linear axes, y from 0, each with the band between the two ends of its values. */
import type { Estimate } from "../statistics.js";
import { type Axis, linearAxis, valuesAxis } from "./axes.js";
import type { LineChart } from "./document.js";
import { lineSample, lookOf } from "./looks.js";
import { element, escapeText, inTenths } from "./markup.js";
import { formatEstimate, formatNumber } from "./number-text.js";
import { legend, tickRoom, xAxis, xIn, yAxis, yIn } from "./plot.js";
import { type Box, picture } from "./svg.js";
import { AXIS_LABEL, BOTTOM, PLOT_HEIGHT, RIGHT, WIDTH, X_TICKS, Y_TICKS } from "./time-plot.js";

type Line = LineChart["lines"][number];

/** @param id - begins the ids in the picture. */
export function drawLines(chart: LineChart, id: string): string {
  const lines = chart.lines.filter(({ points }) => points.length > 0);
  const points = lines.flatMap((line) => line.points);
  const xScale = valuesAxis(
    points.map(({ x }) => x),
    X_TICKS,
  );
  const yScale = linearAxis(0, Math.max(...points.map(({ y }) => y.high)), Y_TICKS);
  const labels = lines.map(({ label }) => label);
  const { markup, height } = legend(labels, WIDTH, (index, x, y) => lineSample(index, x, y, true));
  const left = tickRoom(yScale);
  const box: Box = { left, top: height + AXIS_LABEL, width: WIDTH - left - RIGHT, height: PLOT_HEIGHT };
  return picture(
    { id, title: chart.caption, text: describe(chart, lines) },
    { width: WIDTH, height: box.top + PLOT_HEIGHT + BOTTOM },
    markup,
    xAxis(box, xScale, chart.xLabel),
    yAxis(box, yScale, chart.yLabel),
    ...lines.map((line, index) => drawLine(line, index, box, xScale, yScale)),
  );
}

/** `12.3`, or `12.3 [11.9, 12.8]` where its ends differ. */
export function yText(y: Estimate): string {
  return y.low === y.high ? formatNumber(y.value) : formatEstimate(y);
}

function drawLine({ label, points }: Line, index: number, box: Box, xScale: Axis, yScale: Axis): string {
  const { className, dash, marker } = lookOf(index);
  const at = (x: number, y: number): string => `${inTenths(xIn(box, xScale, x))} ${inTenths(yIn(box, yScale, y))}`;
  const along = (end: keyof Estimate): string[] => points.map(({ x, y }) => at(x, y[end]));
  const isBand = points.some(({ y }) => y.low < y.high);
  const band = `M${[...along("high"), ...along("low").reverse()].join("L")}z`;
  return element(
    "g",
    { class: className },
    ...(isBand ? [element("path", { class: "spread", d: band })] : []),
    element("path", { class: "line", d: `M${along("value").join("L")}`, ...dash }),
    ...points.map(({ x, y }) =>
      element(
        "path",
        { class: "mark", d: `M${at(x, y.value)}${marker}` },
        element("title", {}, escapeText(`${label}, ${formatNumber(x)}: ${yText(y)}`)),
      ),
    ),
  );
}

function describe({ xLabel, yLabel }: LineChart, lines: readonly Line[]): string {
  const texts = lines.map(({ label, points }) => {
    const ends = [...new Set([points[0], points[points.length - 1]])];
    return `${label}: ${ends.map(({ x, y }) => `at ${formatNumber(x)} ${yText(y)}`).join(", ")}.`;
  });
  return `Lines on linear axes: ${yLabel} over ${xLabel}. ${texts.join(" ")}`;
}
