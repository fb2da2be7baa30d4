/** Declares the curves of the three bands: their values, their looks, and their values as text. */
import { formatSize, formatTime, grouped } from "xen-balloon/core";
import { formatClock } from "../quantity.js";
import type { Columns } from "./history.js";

/** The axis on which a curve is drawn. */
export type Scale = "pages" | "seconds" | "count";

/** One line of a chart. */
export interface Line {
  readonly label: string;
  readonly scale: Scale;
  /** The custom property with its colour. */
  readonly property: string;
  /** Lengths of lines and gaps: colours alone do not tell them apart for everyone. */
  readonly dash: number[];
  /** True: the area between the curve and zero is filled. */
  readonly area?: true;
}

/** A line of the guest on show. */
export interface Curve extends Line {
  readonly column: keyof Columns;
}

/** A chart over the time that all share. */
export interface Band<L extends Line = Curve> {
  readonly curves: readonly L[];
  /** The names of the left axis, and of the right one where it has two. */
  readonly axes: readonly string[];
  /** The one that has the times below it. */
  readonly last?: true;
}

/** Sizes of the guest, its balloon and the host. */
const PAGE_CURVES: readonly Curve[] = [
  { label: "current", column: "currentPages", scale: "pages", property: "--curve-current", dash: [], area: true },
  { label: "target", column: "targetPages", scale: "pages", property: "--curve-target", dash: [6, 3] },
  { label: "host free", column: "hostFreePages", scale: "pages", property: "--curve-host", dash: [2, 3] },
  { label: "balloon_low", column: "balloonLowPages", scale: "pages", property: "--curve-low", dash: [] },
  { label: "balloon_high", column: "balloonHighPages", scale: "pages", property: "--curve-high", dash: [12, 3, 2, 3] },
];

/** Credit is below zero while pages go into the balloon. */
const CREDIT_CURVES: readonly Curve[] = [
  { label: "credit", column: "creditPages", scale: "pages", property: "--curve-credit", dash: [], area: true },
];

/** The driver's back-off for pages it cannot move yet. */
const BACK_OFF_CURVES: readonly Curve[] = [
  { label: "retry_count", column: "retryCount", scale: "count", property: "--curve-retry", dash: [] },
  { label: "schedule_delay", column: "delaySeconds", scale: "seconds", property: "--curve-delay", dash: [6, 3] },
];

export const BANDS: { readonly pages: Band; readonly credit: Band; readonly backOff: Band } = {
  pages: { curves: PAGE_CURVES, axes: ["memory"] },
  credit: { curves: CREDIT_CURVES, axes: ["credit"] },
  backOff: { curves: BACK_OFF_CURVES, axes: ["tries", "delay"], last: true },
};

/** Formats a value for the legends. There is none before the first point. */
export function formatValue(scale: Scale, value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (scale === "pages") return formatSize(value);
  return scale === "seconds" ? formatTime(value * 1000) : grouped(value);
}

/** Formats a value for an axis, which has only round values. */
export function formatTick(scale: Scale, value: number): string {
  if (scale === "count") return grouped(value);
  if (scale === "seconds") return `${Number(value.toFixed(6))} s`;
  return value === 0 ? "0" : formatSize(value).replace(".00 ", " ");
}

/** Formats times for their axis: hours, minutes and seconds, with as many decimals as their distance needs. */
export function formatTimes(seconds: readonly number[], distance: number): string[] {
  const decimals = distance >= 1 ? 0 : Math.min(3, Math.ceil(-Math.log10(distance)));
  return seconds.map((each) => formatClock(each * 1000, decimals));
}

/** Describes a point of the curves in a sentence, for readers who cannot see them. */
export function describePoint(columns: Columns, at: number): string {
  if (at < 0 || at >= columns.virtualSeconds.length) return "No curves before a boot.";
  const values = [...PAGE_CURVES, ...CREDIT_CURVES, ...BACK_OFF_CURVES].map(
    ({ label, column, scale }) => `${label} ${formatValue(scale, columns[column][at])}`,
  );
  return `At ${formatClock(columns.virtualSeconds[at] * 1000)} of virtual time: ${values.join(", ")}.`;
}
