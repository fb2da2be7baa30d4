/** Words for sizes, times and shortages, as a person says them. */
import { significant } from "../../study/analysis/figures.js";
import { formatBytes } from "../../study/report/number-text.js";
import type { Estimate } from "../../study/statistics.js";

const GIB_KIB = 2 ** 20;
const HOUR_MS = 3_600_000;
/** Below this a number of GiB·h is not told. */
const LEAST_GIB_HOURS = 0.001;

/** `1.2 GiB`; `0` of nothing. */
export function sizeWords(kib: number): string {
  return kib === 0 ? "0" : formatBytes(kib * 1024);
}

/** `3 h 20 min`, `45 s`: two units at most, rounded to the smaller. */
export function timeWords(ms: number): string {
  if (ms < 999.5) return `${ms > 0 && ms < 1 ? "under 1" : Math.round(ms)} ms`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 600) return twoUnits(seconds, 60, "min", "s");
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 48 * 60) return twoUnits(minutes, 60, "h", "min");
  return twoUnits(Math.round(minutes / 60), 24, "d", "h");
}

function twoUnits(count: number, inOne: number, large: string, small: string): string {
  const rest = count % inOne;
  return `${Math.floor(count / inOne)} ${large}${rest === 0 ? "" : ` ${rest} ${small}`}`;
}

/** Memory over time: KiB × ms as GiB × h. */
export function gibHours(kibMs: number): number {
  return kibMs / (GIB_KIB * HOUR_MS);
}

/** A number of GiB·h without its unit: `12.3`, `under 0.001`, `0`. */
export function gibHoursText(kibMs: number): string {
  const hours = gibHours(kibMs);
  return hours > 0 && hours < LEAST_GIB_HOURS ? `under ${LEAST_GIB_HOURS}` : significant(hours);
}

/** `12–15`, or `12` where both ends read alike. */
export function rangeText({ low, high }: Estimate, show: (value: number) => string): string {
  const [from, to] = [show(low), show(high)];
  return from === to ? from : `${from}–${to}`;
}

/** `569–582 GiB`, `900 MiB–1.2 GiB`. */
export function sizeRangeText(range: Estimate): string {
  const [from, to] = [range.low, range.high].map((kib) => sizeWords(kib).split(" "));
  return from[1] === to[1] && from[0] !== to[0] ? `${from[0]}–${to.join(" ")}` : rangeText(range, sizeWords);
}
