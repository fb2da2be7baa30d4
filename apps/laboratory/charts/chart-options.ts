/** Makes uPlot's options for one of the charts. */
import type uPlot from "uplot";
import { customColour } from "../colour-scheme.js";
import { formatClock } from "../quantity.js";
import { type Band, formatTick, formatTimes, formatValue, type Line, type Scale } from "./curves.js";
import { pointAt } from "./history.js";
import { steppedPath } from "./stepped-path.js";

/** The widths on the left and right, the same for every chart so that their times align. */
const LEFT_AXIS_PX = 60;
const RIGHT_AXIS_PX = 46;
const AXIS_NAME_PX = 16;
/** The room on the right where no chart has an axis there: half of a time's text. */
const FLUSH_PX = 24;
/** Sizes are told in binary units: 1 page to 2^30. */
const BINARY_STEPS = Array.from({ length: 31 }, (_, exponent) => 2 ** exponent);
const WHOLE_STEPS = Array.from({ length: 9 }, (_, exponent) => [1, 2, 5].map((step) => step * 10 ** exponent)).flat();
/** Seconds, minutes, hours and days. */
const TIME_STEPS = [
  ...[1, 2, 5].map((step) => step / 1000),
  ...[1, 2, 5].map((step) => step / 100),
  ...[1, 2, 5].map((step) => step / 10),
  ...[1, 2, 5, 10, 15, 30],
  ...[1, 2, 5, 10, 15, 30].map((step) => step * 60),
  ...[1, 2, 3, 6, 12, 24, 48, 120, 240, 2400, 24_000].map((step) => step * 3600),
];
const STROKE_PX = 1.5;
const MARKER_PX = 3;
const TIME_AXIS_PX = 24;
/** The smallest distance between two ticks of an axis. */
const TICK_SPACE_PX = 22;
const TIME_SPACE_PX = 72;
/** Transparent enough that the grid is seen through it. */
const AREA_ALPHA = 0.22;
const FONT = "11px system-ui, sans-serif";

/** The selected part of a time line, in seconds; null for all of it. */
export type TimeWindow = readonly [from: number, to: number] | null;

/** The callbacks of a chart. */
export interface ChartHandlers {
  /** Charts with this key share their cursor. */
  readonly syncKey: string;
  /** True: others have an axis on the right, with which this one's times align. */
  readonly roomRight: boolean;
  readonly window: () => TimeWindow;
  readonly onSelect: (window: TimeWindow) => void;
}

/** Colours are those of the style sheets at this moment. */
export function chartOptions(
  { curves, axes, last }: Band<Line>,
  { syncKey, roomRight, window, onSelect }: ChartHandlers,
): uPlot.Options {
  const [left, right] = new Set(curves.map(({ scale }) => scale));
  return {
    // the real size follows once the legend has its height
    width: 300,
    height: 100,
    padding: [6, right === undefined ? (roomRight ? RIGHT_AXIS_PX + AXIS_NAME_PX : FLUSH_PX) : 0, last ? 0 : 6, 0],
    scales: {
      x: { time: false, range: ({ data: [times] }) => [...(window() ?? spanOf(times))] },
      [left]: { range: (_chart, least, most) => rangeOf(least, most) },
      ...(right && { [right]: { range: (_chart, least, most) => rangeOf(least, most) } }),
    },
    axes: [
      {
        ...axisColours(),
        size: last ? TIME_AXIS_PX : 0,
        space: TIME_SPACE_PX,
        incrs: TIME_STEPS,
        values: (_chart, splits, _axis, _space, distance) =>
          last ? formatTimes(splits, distance) : splits.map(() => ""),
        ticks: { show: last === true, stroke: customColour("--chart-grid"), width: 1 },
      },
      valueAxis(left, "left", axes[0]),
      ...(right ? [valueAxis(right, "right", axes[1])] : []),
    ],
    series: [
      { label: "time", value: (_chart, value) => (value == null ? "–" : formatClock(value * 1000)) },
      ...curves.map(({ label, scale, property, dash, area }): uPlot.Series => {
        const colour = customColour(property);
        return {
          label,
          scale,
          dash,
          stroke: colour,
          width: STROKE_PX,
          ...(area && { fill: withAlpha(colour) }),
          points: { show: false },
          value: (_chart, value) => formatValue(scale, value),
          paths: steppedPath,
        };
      }),
    ],
    legend: {
      markers: {
        width: MARKER_PX,
        dash: (_chart, series) => (series > 0 && curves[series - 1].dash.length > 0 ? "dashed" : "solid"),
      },
    },
    cursor: {
      y: false,
      sync: { key: syncKey, setSeries: false },
      drag: { x: true, y: false, setScale: false },
      // A value holds until the next one.
      dataIdx: (chart, _series, _closest, time) => pointAt(chart.data[0] as number[], time),
      bind: {
        dblclick: () => () => {
          onSelect(null);
          return null;
        },
      },
    },
    hooks: {
      setSelect: [
        (chart) => {
          const { left: from, width } = chart.select;
          if (width === 0) return;
          onSelect([chart.posToVal(from, "x"), chart.posToVal(from + width, "x")]);
          chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
      setCursor: [showLastUnlessPointed],
    },
  };
}

/** Shows the last values in the legend if no cursor points at a time. */
export function showLastUnlessPointed(chart: uPlot): void {
  const { left } = chart.cursor;
  if (left !== undefined && left !== null && left >= 0) return;
  const last = chart.data[0].length - 1;
  chart.setLegend({ idx: last >= 0 ? last : 0 }, false);
}

function valueAxis(scale: Scale, side: "left" | "right", name: string): uPlot.Axis {
  return {
    ...axisColours(),
    scale,
    side: side === "left" ? 3 : 1,
    size: side === "left" ? LEFT_AXIS_PX : RIGHT_AXIS_PX,
    space: TICK_SPACE_PX,
    label: name,
    labelSize: AXIS_NAME_PX,
    labelFont: FONT,
    labelGap: 0,
    ...(scale === "pages" && { incrs: BINARY_STEPS }),
    ...(scale === "count" && { incrs: WHOLE_STEPS }),
    ...(side === "right" && { grid: { show: false } }),
    values: (_chart, splits) => splits.map((split) => formatTick(scale, split)),
  };
}

function axisColours(): uPlot.Axis {
  const line = { stroke: customColour("--chart-grid"), width: 1 };
  return { stroke: customColour("--chart-ink"), grid: line, ticks: line, font: FONT, gap: 3 };
}

/** Colours of the style sheets are written #rrggbb. */
function withAlpha(colour: string): string {
  return `${colour}${Math.round(AREA_ALPHA * 255)
    .toString(16)
    .padStart(2, "0")}`;
}

/** All the times, or a second where there is only one. */
function spanOf(times: ArrayLike<number>): [number, number] {
  const start = times[0] ?? 0;
  return [start, Math.max(times[times.length - 1] ?? 0, start + 1)];
}

/** Zero is always in sight. */
function rangeOf(least: number | null, most: number | null): [number, number] {
  const low = Math.min(0, least ?? 0);
  const high = Math.max(low < 0 ? 0 : 1, most ?? 1);
  const margin = (high - low) / 20;
  return [low < 0 ? low - margin : 0, high + margin];
}
