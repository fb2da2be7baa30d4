/** The host over time, a chart for each policy, all on one scale. */
import type { HostOutcome } from "xen-balloon/toolstack";
import { axisUnit } from "../../study/analysis/units.js";
import type { SeriesChart } from "../../study/report/document.js";
import type { Point } from "./points.js";
import { sizeWords } from "./words.js";

const CURVES = [
  { label: "free", field: "freeKib" },
  { label: "used, all guests", field: "usedKib" },
  { label: "target", field: "targetKib" },
  { label: "held", field: "heldKib" },
] as const;

/** Charts of the fastest run of each policy. */
export function timeLineCharts(points: readonly Point[]): readonly SeriesChart[] {
  const runs = points.map((point) => ({ point, outcome: point.runs[0].outcome }));
  const mostKib = runs.reduce((most, { outcome }) => Math.max(most, mostOf(outcome)), 0);
  const { name, worth } = axisUnit("bytes", mostKib * 1024);
  const inUnit = (kib: number): number => (kib * 1024) / worth;
  return runs.map(({ point, outcome }) => {
    const { timeLine, starts } = outcome;
    const answered = (granted: boolean): number[] =>
      starts.filter(({ grantedKib }) => (grantedKib !== null) === granted).map(({ atMs, waitedMs }) => atMs + waitedMs);
    return {
      kind: "series",
      caption: `The memory of the host under ${point.curve}, ${sizeWords(point.totalKib)}.`,
      timesMs: timeLine.timeMs,
      yLabel: name,
      yMost: inUnit(mostKib),
      curves: CURVES.map(({ label, field }) => ({ label, values: timeLine[field].map(inUnit) })),
      events: [
        { label: "start", timesMs: answered(true) },
        { label: "refused start", timesMs: answered(false) },
      ],
    };
  });
}

function mostOf({ timeLine }: HostOutcome): number {
  let most = 0;
  for (const { field } of CURVES) for (const kib of timeLine[field]) most = Math.max(most, kib);
  return most;
}

/** The least that was free at any time in a run, in KiB; null where the run was too short for a sample. */
export function leastFreeKib({ timeLine }: HostOutcome): number | null {
  return timeLine.leastFreeKib.length === 0 ? null : timeLine.leastFreeKib.reduce((least, kib) => Math.min(least, kib));
}
