/** Draws bars of counts; the bars of several series stand side by side. */
import { linearAxis } from "./axes.js";
import type { HistogramChart } from "./document.js";
import { COLOURS, colourOf } from "./looks.js";
import { element, escapeText } from "./markup.js";
import { formatNumber } from "./number-text.js";
import { legend, tickRoom, yAxis, yIn } from "./plot.js";
import { type Box, picture, TEXT_HEIGHT, textAt, textWidth } from "./svg.js";

/** A group of bars, for one number or a range. */
interface Bin {
  readonly label: string;
  /** The count of each series. */
  readonly counts: readonly number[];
}

/** With more distinct numbers than this, they are binned by powers of two. */
const MOST_CATEGORIES = 24;
const WIDTH = 420;
const PLOT_HEIGHT = 150;
const AXIS_LABEL = 34;
const BOTTOM = 38;
const Y_TICKS = 5;
/** The part of a bin's width that its bars fill; no bar is wider than WIDEST_BAR. */
const FILLED = 0.8;
const WIDEST_BAR = 44;
const LEAST_HEIGHT = 1;
const SAMPLE = 12;
/** The hatches of the second series and later ones: paths in a square of 6. */
const HATCHES = ["M-1 1L1-1M0 6L6 0M5 7L7 5", "M-1 5L1 7M0 0L6 6M5-1L7 1", "M0 3H6", "M3 0V6", "M0 6L6 0M0 0L6 6"];

/** @param id - begins the ids in the picture. */
export function drawHistogram(chart: HistogramChart, id: string): string {
  const { series } = chart;
  const bins = binsOf(chart);
  const yScale = linearAxis(0, Math.max(...bins.flatMap(({ counts }) => counts)), Y_TICKS);
  const labels = series.map(({ label }) => label);
  const { markup, height } = legend(labels, WIDTH, (index, x, y) =>
    element("rect", { ...lookOf(id, index), x, y: y - SAMPLE / 2, width: SAMPLE + 8, height: SAMPLE }),
  );
  const left = tickRoom(yScale);
  const box: Box = { left, top: height + AXIS_LABEL, width: WIDTH - left, height: PLOT_HEIGHT };
  const floor = box.top + box.height;
  const binWidth = box.width / bins.length;
  const barWidth = Math.min((binWidth * FILLED) / series.length, WIDEST_BAR);
  const bars = bins.flatMap(({ label, counts }, bin) =>
    counts.map((count, index) => {
      if (count === 0) return "";
      const x = left + (bin + 0.5) * binWidth + (index - series.length / 2) * barWidth;
      const height = Math.max(LEAST_HEIGHT, floor - yIn(box, yScale, count));
      const value = formatNumber(count);
      const middle = { anchor: "middle" } as const;
      return (
        element(
          "rect",
          { ...lookOf(id, index), x, y: floor - height, width: barWidth, height },
          element("title", {}, escapeText(`${series[index].label}, ${label}: ${value}`)),
        ) + (textWidth(value) <= barWidth ? textAt(x + barWidth / 2, floor - height - 3, value, middle) : "")
      );
    }),
  );
  return picture(
    { id, title: chart.caption, text: describe(chart) },
    { width: WIDTH, height: floor + BOTTOM },
    hatchesOf(id, series.length),
    markup,
    yAxis(box, yScale, chart.yLabel),
    ...bars,
    xLabels(box, bins, chart.xLabel),
  );
}

/** Makes ascending bins: a bin for each number where they are few, otherwise ranges from a power of two to the next. */
export function binsOf({ series }: HistogramChart): readonly Bin[] {
  const xs = new Set(series.flatMap(({ bars }) => bars.map(([x]) => x)));
  const grouped = xs.size > MOST_CATEGORIES;
  const startOf = (x: number): number => (grouped && x > 0 ? 2 ** Math.floor(Math.log2(x)) : x);
  const starts = [...new Set([...xs].map(startOf))].sort((a, b) => a - b);
  return starts.map((start) => ({
    label: grouped && start > 1 ? `${formatNumber(start)}–${formatNumber(2 * start - 1)}` : formatNumber(start),
    counts: series.map(({ bars }) => bars.reduce((sum, [x, count]) => sum + (startOf(x) === start ? count : 0), 0)),
  }));
}

/** The attributes of the bars of a series: the first is filled, the others are hatched in their colours. */
function lookOf(id: string, index: number): { class: string; fill?: string } {
  return index === 0
    ? { class: `fill ${colourOf(0)}` }
    : { class: colourOf(index), fill: `url(#${id}-hatch-${index})` };
}

function hatchesOf(id: string, series: number): string {
  const patterns = Array.from({ length: Math.max(0, series - 1) }, (_, at) => {
    const index = at + 1;
    const square = { width: 6, height: 6, patternUnits: "userSpaceOnUse" };
    const d = HATCHES[(at + Math.floor(index / COLOURS)) % HATCHES.length];
    return element(
      "pattern",
      { id: `${id}-hatch-${index}`, class: colourOf(index), ...square },
      element("path", { class: "bar", d }),
    );
  });
  return patterns.join("");
}

/** Draws the labels of the bins, with gaps where there is no room for all. */
function xLabels(box: Box, bins: readonly Bin[], label: string): string {
  const bottom = box.top + box.height;
  const binWidth = box.width / bins.length;
  const every = Math.ceil((Math.max(...bins.map((bin) => textWidth(bin.label))) + 6) / binWidth);
  const texts = bins.map((bin, at) =>
    at % every === 0
      ? textAt(box.left + (at + 0.5) * binWidth, bottom + TEXT_HEIGHT + 6, bin.label, { anchor: "middle" })
      : "",
  );
  const middle = box.left + box.width / 2;
  const below = bottom + 2 * TEXT_HEIGHT + 12;
  return texts.join("") + textAt(middle, below, label, { anchor: "middle", room: box.width, className: "label" });
}

function describe({ xLabel, yLabel, series }: HistogramChart): string {
  const texts = series.map(({ label, bars }) => {
    if (bars.length === 0) return `${label}: none.`;
    const [mostX, most] = bars.reduce((top, bar) => (bar[1] > top[1] ? bar : top));
    return `${label}: ${formatNumber(bars[0][0])}–${formatNumber(bars[bars.length - 1][0])}, most at ${formatNumber(mostX)} (${formatNumber(most)}).`;
  });
  return `Bars: ${yLabel} over ${xLabel}. ${texts.join(" ")}`;
}
