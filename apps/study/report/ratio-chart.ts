/** Draws ratios with their intervals in rows, with a line at 1 and a band for the noise floor. */
import { type Axis, logAxis } from "./axes.js";
import type { RatioChart } from "./document.js";
import { element, inTenths } from "./markup.js";
import { formatInterval, formatRatio } from "./number-text.js";
import { xAxis, xIn } from "./plot.js";
import { type Box, picture, TEXT_HEIGHT, textAt, textWidth } from "./svg.js";

type Row = RatioChart["rows"][number];

const WIDTH = 800;
const ROW = 22;
const TOP = 10;
const BOTTOM = 40;
const NOTE_LINE = 22;
const GAP = 14;
const MOST_LABEL_WIDTH = 300;
const AXIS = { leastFactor: 1.5, mostTicks: 9 };
/** Half the height of an interval's ends. */
const CAP = 3;
const MARKER = "m-4-4h8v8h-8z";

/** @param id - begins the ids in the picture. */
export function drawRatios(chart: RatioChart, id: string): string {
  const { rows, noiseFloor } = chart;
  const band = bandOf(noiseFloor);
  const shown = [1, ...band, ...rows.flatMap(({ ratio }) => [ratio.low, ratio.value, ratio.high])];
  const axis = logAxis(Math.min(...shown), Math.max(...shown), AXIS);
  const labelRoom = Math.min(MOST_LABEL_WIDTH, widest(rows.map(({ label }) => label)));
  const left = labelRoom + GAP;
  const box: Box = {
    left,
    top: TOP,
    width: WIDTH - left - GAP - widest(rows.map(ratioText)),
    height: rows.length * ROW,
  };
  const bottom = TOP + box.height + BOTTOM;
  return picture(
    { id, title: chart.caption, text: describe(chart) },
    { width: WIDTH, height: bottom + (noiseFloor === null ? 0 : NOTE_LINE) },
    drawBand(box, axis, band),
    xAxis(box, axis, `above 1: ${chart.xLabel}`),
    element("path", { class: "one", d: `M${inTenths(xIn(box, axis, 1))} ${TOP}v${box.height}` }),
    ...rows.map((row, index) => drawRow(row, TOP + (index + 0.5) * ROW, box, axis, labelRoom)),
    drawNote(box, bottom, band),
  );
}

function drawRow(row: Row, y: number, box: Box, axis: Axis, labelRoom: number): string {
  const [low, value, high] = [row.ratio.low, row.ratio.value, row.ratio.high].map((x) => xIn(box, axis, x));
  const base = y + TEXT_HEIGHT / 3;
  const cap = `m0-${CAP}v${2 * CAP}`;
  const ends = `M${inTenths(low)} ${inTenths(y)}${cap}M${inTenths(high)} ${inTenths(y)}${cap}`;
  return element(
    "g",
    { class: row.muted ? "muted" : "c0" },
    textAt(0, base, row.label, { room: labelRoom }),
    element("path", { class: "bar", d: `M${inTenths(low)} ${inTenths(y)}H${inTenths(high)}${ends}` }),
    element("path", { class: "mark", d: `M${inTenths(value)} ${inTenths(y)}${MARKER}` }),
    textAt(WIDTH, base, ratioText(row), { anchor: "end" }),
  );
}

function drawBand({ left, top, width, height }: Box, axis: Axis, [low, high]: readonly number[]): string {
  if (low === undefined) return "";
  const from = left + axis.position(low) * width;
  return element("rect", { class: "band", x: from, y: top, width: left + axis.position(high) * width - from, height });
}

function drawNote({ left, width }: Box, top: number, [low, high]: readonly number[]): string {
  if (low === undefined) return "";
  const text = `equal cases lie in this band: ×${formatRatio(low)}–${formatRatio(high)}`;
  const x = Math.max(0, left + (width - textWidth(text)) / 2);
  return (
    element("rect", { class: "band", x: x - 20, y: top + 5, width: 14, height: TEXT_HEIGHT }) +
    textAt(x, top + 5 + TEXT_HEIGHT - 2, text)
  );
}

/** The ends of the band, ascending; empty without a noise floor. */
function bandOf(noiseFloor: number | null): readonly number[] {
  return noiseFloor === null ? [] : [1 / noiseFloor, noiseFloor].sort((a, b) => a - b);
}

function ratioText({ ratio }: Row): string {
  return `×${formatRatio(ratio.value)} ${formatInterval(ratio, formatRatio)}`;
}

function widest(texts: readonly string[]): number {
  return Math.max(...texts.map(textWidth));
}

function describe({ xLabel, noiseFloor, rows }: RatioChart): string {
  const ascending = rows.toSorted((a, b) => a.ratio.value - b.ratio.value);
  const tell = (row: Row): string => `${row.label} ${ratioText(row)}`;
  const muted = rows.filter((row) => row.muted).length;
  const sentences = [
    `Ratios to the baseline on a logarithmic axis, with 95 % intervals; above 1 means ${xLabel}.`,
    rows.length === 1
      ? `${tell(rows[0])}.`
      : `${rows.length} rows, least ${tell(ascending[0])}, greatest ${tell(ascending[rows.length - 1])}.`,
    ...(noiseFloor === null ? [] : [`Equal cases lie at ×${bandOf(noiseFloor).map(formatRatio).join("–")}.`]),
    ...(muted === 0 ? [] : [`${muted} of ${rows.length} greyed, as they show nothing.`]),
  ];
  return sentences.join(" ");
}
