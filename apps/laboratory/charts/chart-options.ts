/** Makes uPlot's options for one of the charts. */
import type uPlot from "uplot";
import { customColour } from "../colour-scheme.js";
import { type Curve, formatTick, formatValue, type Scale } from "./curves.js";
import { pointAt } from "./history.js";
import { steppedPath } from "./stepped-path.js";

const HEIGHT_PX = 200;
/** The widths on the left and right, the same for every chart so that their times align. */
const LEFT_AXIS_PX = 74;
const RIGHT_AXIS_PX = 44;
/** Charts with this key share their cursor. */
const SYNC_KEY = "laboratory";
/** Sizes are told in binary units: 1 page to 2^30. */
const BINARY_STEPS = Array.from({ length: 31 }, (_, exponent) => 2 ** exponent);
const WHOLE_STEPS = Array.from({ length: 9 }, (_, exponent) => [1, 2, 5].map((step) => step * 10 ** exponent)).flat();
const STROKE_PX = 1.5;
const MARKER_PX = 3;
const TIME_AXIS_PX = 32;
/** The smallest distance between two ticks of a value axis. */
const TICK_SPACE_PX = 24;

/** The selected part of a time line, in seconds; null for all of it. */
export type TimeWindow = readonly [from: number, to: number] | null;

/** The callbacks of a chart. */
export interface ChartHandlers {
  readonly window: () => TimeWindow;
  readonly onSelect: (window: TimeWindow) => void;
}

/** Makes a chart as wide as its container. */
export function chartSize(container: HTMLElement): { width: number; height: number } {
  return { width: container.clientWidth, height: HEIGHT_PX };
}

/** Colours are those of the style sheets at this moment. */
export function chartOptions(
  container: HTMLElement,
  curves: readonly Curve[],
  { window, onSelect }: ChartHandlers,
): uPlot.Options {
  const [left, right] = new Set(curves.map(({ scale }) => scale));
  return {
    ...chartSize(container),
    padding: [8, right === undefined ? RIGHT_AXIS_PX : 0, 0, 0],
    scales: {
      x: { time: false, range: (_chart, from, to) => [...(window() ?? spanOf(from, to))] },
      [left]: { range: (_chart, least, most) => rangeOf(least, most) },
      ...(right && { [right]: { range: (_chart, least, most) => rangeOf(least, most) } }),
    },
    axes: [
      {
        ...axisColours(),
        size: TIME_AXIS_PX,
        values: (_chart, splits) => splits.map((split) => formatTick("seconds", split)),
      },
      valueAxis(left, "left"),
      ...(right ? [valueAxis(right, "right")] : []),
    ],
    series: [
      { label: "time", value: (_chart, value) => formatValue("seconds", value) },
      ...curves.map(
        ({ label, scale, property, dash }): uPlot.Series => ({
          label,
          scale,
          dash,
          stroke: customColour(property),
          width: STROKE_PX,
          points: { show: false },
          value: (_chart, value) => formatValue(scale, value),
          paths: steppedPath,
        }),
      ),
    ],
    legend: {
      markers: {
        width: MARKER_PX,
        dash: (_chart, series) => (series > 0 && curves[series - 1].dash.length > 0 ? "dashed" : "solid"),
      },
    },
    cursor: {
      y: false,
      sync: { key: SYNC_KEY, setSeries: false },
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
  if (left !== undefined && left >= 0) return;
  const last = chart.data[0].length - 1;
  chart.setLegend({ idx: last >= 0 ? last : 0 }, false);
}

function valueAxis(scale: Scale, side: "left" | "right"): uPlot.Axis {
  return {
    ...axisColours(),
    scale,
    side: side === "left" ? 3 : 1,
    size: side === "left" ? LEFT_AXIS_PX : RIGHT_AXIS_PX,
    space: TICK_SPACE_PX,
    ...(scale === "pages" && { incrs: BINARY_STEPS }),
    ...(scale === "count" && { incrs: WHOLE_STEPS, grid: { show: false } }),
    values: (_chart, splits) => splits.map((split) => formatTick(scale, split)),
  };
}

function axisColours(): uPlot.Axis {
  const line = { stroke: customColour("--chart-grid"), width: 1 };
  return { stroke: customColour("--chart-ink"), grid: line, ticks: line, font: "12px system-ui, sans-serif" };
}

function spanOf(from: number | null, to: number | null): [number, number] {
  const start = from ?? 0;
  return [start, Math.max(to ?? 0, start + 1)];
}

/** Zero is always in sight. */
function rangeOf(least: number | null, most: number | null): [number, number] {
  const low = Math.min(0, least ?? 0);
  const high = Math.max(1, most ?? 1);
  const margin = (high - low) / 20;
  return [low < 0 ? low - margin : 0, high + margin];
}
