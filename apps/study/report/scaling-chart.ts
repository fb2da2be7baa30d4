/** Draws lines on logarithmic axes, with an error bar at each point and each line's label at its end. */
import { type Axis, logAxis } from "./axes.js";
import type { ScalingChart } from "./document.js";
import { lineSample, lookOf } from "./looks.js";
import { element, escapeText, inTenths } from "./markup.js";
import { formatBytes, formatEstimate, formatNumber } from "./number-text.js";
import { tickRoom, xAxis, xIn, yAxis, yIn } from "./plot.js";
import { type Box, picture, TEXT_HEIGHT, textAt, textWidth } from "./svg.js";

type Line = ScalingChart["lines"][number];

const WIDTH = 800;
const LEAST_HEIGHT = 300;
const LABEL_LINE = 17;
const LABEL_SAMPLE = 28;
const LABEL_GAP = 14;
const MOST_LABEL_WIDTH = 220;
/** Added to the width of labels: short ones may have wide letters only. */
const LABEL_SLACK = 8;
const TOP = 30;
const BOTTOM = 40;
/** Half the width of an error bar's ends. */
const CAP = 3;
const X_AXIS = { leastFactor: 2, mostTicks: 11 };
const Y_AXIS = { leastFactor: 4, mostTicks: 9 };

/** @param id - begins the ids in the picture. */
export function drawScaling(chart: ScalingChart, id: string): string {
  const lines = chart.lines.filter(({ points }) => points.length > 0);
  const xs = lines.flatMap(({ points }) => points.map(({ x }) => x));
  const ys = lines.flatMap((line) => [
    ...line.points.flatMap(({ y }) => [y.low, y.value, y.high]),
    ...fitOf(line).map(({ y }) => y),
  ]);
  const base = chart.xIsBytes || xs.every((x) => Number.isInteger(Math.log2(x))) ? 2 : 10;
  const format = chart.xIsBytes ? formatBytes : undefined;
  const xScale = logAxis(Math.min(...xs), Math.max(...xs), { ...X_AXIS, base, format });
  const yScale = logAxis(Math.min(...ys), Math.max(...ys), Y_AXIS);
  const labelRoom = Math.min(MOST_LABEL_WIDTH, Math.max(...lines.map(({ label }) => textWidth(label))) + LABEL_SLACK);
  const left = tickRoom(yScale);
  const box: Box = {
    left,
    top: TOP,
    width: WIDTH - left - LABEL_GAP - LABEL_SAMPLE - labelRoom,
    height: Math.max(LEAST_HEIGHT, lines.length * LABEL_LINE),
  };
  return picture(
    { id, title: chart.caption, text: describe(chart, lines) },
    { width: WIDTH, height: TOP + box.height + BOTTOM },
    xAxis(box, xScale, chart.xLabel),
    yAxis(box, yScale, chart.yLabel),
    ...lines.map((line, index) => drawLine(line, index, box, xScale, yScale, chart)),
    drawLabels(lines, box, xScale, yScale, labelRoom),
  );
}

function drawLine(line: Line, index: number, box: Box, xScale: Axis, yScale: Axis, chart: ScalingChart): string {
  const { label, points } = line;
  const { className, dash, marker } = lookOf(index);
  const drawn = points
    .toSorted((a, b) => a.x - b.x)
    .map(({ x, y }) => {
      const [column, row] = [inTenths(xIn(box, xScale, x)), inTenths(yIn(box, yScale, y.value))];
      const [low, high] = [y.low, y.high].map((end) => inTenths(yIn(box, yScale, end)));
      const text = `${label}, ${xText(chart, x)}: ${formatEstimate(y)}`;
      return {
        point: `${column} ${row}`,
        bar: `M${column} ${low}V${high}m-${CAP} 0h${2 * CAP}M${column} ${low}m-${CAP} 0h${2 * CAP}`,
        mark: element(
          "path",
          { class: "mark", d: `M${column} ${row}${marker}` },
          element("title", {}, escapeText(text)),
        ),
      };
    });
  return element(
    "g",
    { class: className },
    ...drawFit(line, box, xScale, yScale),
    element("path", { class: "bar", d: drawn.map(({ bar }) => bar).join("") }),
    element("path", { class: "line", d: `M${drawn.map(({ point }) => point).join("L")}`, ...dash }),
    ...drawn.map(({ mark }) => mark),
  );
}

/** Draws the power law; straight on these axes. */
function drawFit(line: Line, box: Box, xScale: Axis, yScale: Axis): string[] {
  const ends = fitOf(line).map(({ x, y }) => `${inTenths(xIn(box, xScale, x))} ${inTenths(yIn(box, yScale, y))}`);
  return ends.length === 0 ? [] : [element("path", { class: "fit", d: `M${ends.join("L")}` })];
}

/** The ends of the power law with the exponent, as high as the points on average; empty without an exponent. */
function fitOf({ points, exponent }: Line): readonly { readonly x: number; readonly y: number }[] {
  if (exponent === null) return [];
  const rest = points.reduce((sum, { x, y }) => sum + Math.log(y.value) - exponent * Math.log(x), 0) / points.length;
  const xs = points.map(({ x }) => x);
  return [Math.min(...xs), Math.max(...xs)].map((x) => ({ x, y: Math.exp(rest + exponent * Math.log(x)) }));
}

/** Draws the labels right of the box, each at the height of its line's end or as near as there is room. */
function drawLabels(lines: readonly Line[], box: Box, xScale: Axis, yScale: Axis, room: number): string {
  const ends = lines
    .map(({ label, points }, index) => {
      const end = points.reduce((last, point) => (point.x >= last.x ? point : last));
      return { label, index, x: xIn(box, xScale, end.x), y: yIn(box, yScale, end.y.value) };
    })
    .sort((a, b) => a.y - b.y);
  const rows = spread(
    ends.map(({ y }) => y),
    box.top,
    box.top + box.height,
  );
  const left = box.left + box.width + LABEL_GAP;
  return ends
    .map(({ label, index, x, y }, at) => {
      const leader = `M${inTenths(x + 6)} ${inTenths(y)}L${inTenths(left - 3)} ${inTenths(rows[at])}`;
      return (
        element("path", { class: "leader", d: leader }) +
        lineSample(index, left, rows[at], true) +
        textAt(left + LABEL_SAMPLE, rows[at] + TEXT_HEIGHT / 3, label, { room })
      );
    })
    .join("");
}

/** Spreads heights, which ascend, so that they are `LABEL_LINE` apart. */
function spread(wanted: readonly number[], top: number, bottom: number): number[] {
  const rows: number[] = [];
  for (const row of wanted) rows.push(Math.max(row, (rows.at(-1) ?? top - LABEL_LINE) + LABEL_LINE));
  let limit = bottom;
  for (let at = rows.length - 1; at >= 0; at--) {
    rows[at] = Math.min(rows[at], limit);
    limit = rows[at] - LABEL_LINE;
  }
  return rows;
}

/** The number of a point on the x axis. */
export function xText({ xIsBytes }: ScalingChart, x: number): string {
  return xIsBytes ? formatBytes(x) : formatNumber(x);
}

function describe(chart: ScalingChart, lines: readonly Line[]): string {
  const texts = lines.map(({ label, points }) => {
    const ascending = points.toSorted((a, b) => a.x - b.x);
    const told = [...new Set([ascending[0], ascending[ascending.length - 1]])];
    return `${label}: ${told.map(({ x, y }) => `at ${xText(chart, x)} ${formatEstimate(y)}`).join(", ")}.`;
  });
  return `Lines on logarithmic axes: ${chart.yLabel} over ${chart.xLabel}, with 95 % intervals. ${texts.join(" ")}`;
}
