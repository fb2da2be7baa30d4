/** How the memory of many guests spreads over the time of a replay. */
import type { BandChart } from "../report/document.js";
import { quantile } from "../statistics.js";
import type { Replayed, ReplayGroup } from "./replays.js";

/** The times at which the guests are looked at: as many as a figure has room for. */
const TIMES = 384;
const BANDS = [
  { label: "least to greatest", low: 0, high: 1 },
  { label: "10–90 % of guests", low: 0.1, high: 0.9 },
] as const;

type Column = "usedPages" | "currentPages";

/** The figures of a group: what its guests use, and their sizes, each as a part of the guest's size at boot. */
export function bandCharts({ label, guests }: ReplayGroup): readonly BandChart[] {
  const whose = label === "" ? "" : `${label}: `;
  return [
    bandChart(guests, "currentPages", `${whose}the sizes of ${guests.length} guests`),
    bandChart(guests, "usedPages", `${whose}the memory that ${guests.length} guests use`),
  ];
}

function bandChart(guests: readonly Replayed[], column: Column, what: string): BandChart {
  const [first, last] = [Math.min, Math.max].map((end) =>
    end(...guests.flatMap(({ replay: { series } }) => [series.timeMs[0], series.timeMs[series.timeMs.length - 1]])),
  );
  const times = Array.from({ length: TIMES }, (_, at) => first + Math.round(((last - first) * at) / (TIMES - 1)));
  const columns = guests.map((guest) => percentsAt(times, guest, column));
  const spread = times.flatMap((time, at) => {
    const sorted = columns.flatMap((percents) => percents[at] ?? []).sort((a, b) => a - b);
    return sorted.length === 0 ? [] : [{ time, sorted }];
  });
  const quantiles = (part: number): number[] => spread.map(({ sorted }) => quantile(sorted, part));
  return {
    kind: "bands",
    caption: `${what.charAt(0).toUpperCase()}${what.slice(1)}, in percent of each one's size at boot.`,
    timesMs: spread.map(({ time }) => time),
    yLabel: "% of the size at boot",
    median: quantiles(0.5),
    bands: BANDS.map(({ label, low, high }) => ({ label, low: quantiles(low), high: quantiles(high) })),
  };
}

/** The guest's values at ascending times; null before its first row and after its last. */
function percentsAt(times: readonly number[], { replay }: Replayed, column: Column): (number | null)[] {
  const { timeMs, [column]: pages } = replay.series;
  let row = -1;
  return times.map((time) => {
    while (row + 1 < timeMs.length && timeMs[row + 1] <= time) row++;
    return row < 0 || time > timeMs[timeMs.length - 1] ? null : (100 * pages[row]) / replay.sizePages;
  });
}
