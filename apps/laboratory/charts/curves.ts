/** Declares the curves of the two charts: their values, their looks, and their values as text. */
import { formatSize, formatTime } from "xen-balloon/core";
import type { Columns } from "./history.js";

/** The axis on which a curve is drawn. */
export type Scale = "pages" | "seconds" | "count";

/** One line of a chart. */
export interface Curve {
  readonly label: string;
  readonly column: keyof Columns;
  readonly scale: Scale;
  /** The custom property with its colour. */
  readonly property: string;
  /** Lengths of lines and gaps: colours alone do not tell them apart for everyone. */
  readonly dash: number[];
}

/** Sizes of the guest, its balloon and the host. Credit is below zero while pages go into the balloon. */
export const PAGE_CURVES: readonly Curve[] = [
  { label: "current", column: "currentPages", scale: "pages", property: "--curve-current", dash: [] },
  { label: "target", column: "targetPages", scale: "pages", property: "--curve-target", dash: [8, 4] },
  { label: "credit", column: "creditPages", scale: "pages", property: "--curve-credit", dash: [2, 3] },
  { label: "balloon_low", column: "balloonLowPages", scale: "pages", property: "--curve-low", dash: [] },
  { label: "balloon_high", column: "balloonHighPages", scale: "pages", property: "--curve-high", dash: [12, 3, 2, 3] },
  { label: "host free", column: "hostFreePages", scale: "pages", property: "--curve-host", dash: [4, 2] },
];

/** The driver's back-off for pages it cannot move yet. */
export const BACK_OFF_CURVES: readonly Curve[] = [
  { label: "schedule_delay", column: "delaySeconds", scale: "seconds", property: "--curve-current", dash: [] },
  { label: "until next retry", column: "nextRetrySeconds", scale: "seconds", property: "--curve-low", dash: [4, 2] },
  { label: "retry_count", column: "retryCount", scale: "count", property: "--curve-target", dash: [8, 4] },
];

/** Formats a value for the legends. */
export function formatValue(scale: Scale, value: number | null): string {
  if (value === null) return "none";
  if (scale === "pages") return formatSize(value);
  return scale === "seconds" ? formatTime(value * 1000) : String(value);
}

/** Formats a value for an axis, which has only round values. */
export function formatTick(scale: Scale, value: number): string {
  if (scale === "count") return String(value);
  if (scale === "seconds") return `${Number(value.toFixed(6))} s`;
  return value === 0 ? "0" : formatSize(value).replace(".00 ", " ");
}

/** Describes the last point of the curves in a sentence, for readers who cannot see them. */
export function describeLast(columns: Columns): string {
  const last = columns.virtualSeconds.length - 1;
  if (last < 0) return "No curves before a boot.";
  const values = [...PAGE_CURVES, ...BACK_OFF_CURVES].map(
    ({ label, column, scale }) => `${label} ${formatValue(scale, columns[column][last])}`,
  );
  return `At ${formatValue("seconds", columns.virtualSeconds[last])} of virtual time: ${values.join(", ")}.`;
}
