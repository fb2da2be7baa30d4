/** Formats numbers for charts and their tables. */
import type { Estimate } from "../statistics.js";

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** Formats whole numbers in full, others with so many digits; with commas between thousands. */
export function formatNumber(value: number, digits = 4): string {
  const shown = Number.isInteger(value) ? value : Number(value.toPrecision(digits));
  return shown.toLocaleString("en", { maximumFractionDigits: 20 });
}

/** `12.3 [11.9, 12.8]`: the value with its interval. */
export function formatEstimate(estimate: Estimate): string {
  return `${formatNumber(estimate.value)} ${formatInterval(estimate, formatNumber)}`;
}

/** `[11.9, 12.8]`. */
export function formatInterval({ low, high }: Estimate, format: (value: number) => string): string {
  return `[${format(low)}, ${format(high)}]`;
}

/** Formats with three digits, so that ratios in a column compare: `1.10`, `0.987`. */
export function formatRatio(ratio: number): string {
  if (ratio >= 0.001 && ratio < 999.5) return ratio.toPrecision(3);
  return ratio < 0.001 || ratio >= 1e6 ? ratio.toExponential(2) : formatNumber(Math.round(ratio));
}

const SIZES = ["KiB", "MiB", "GiB", "TiB"] as const;

/** `1.5 GiB`: in the unit in which it is a number that a person would say. */
export function formatBytes(bytes: number): string {
  let [value, at] = [bytes / 1024, 0];
  while (Math.abs(value) >= 1000 && at < SIZES.length - 1) [value, at] = [value / 1024, at + 1];
  return `${formatNumber(Math.abs(value) < 100 ? Number(value.toPrecision(3)) : Math.round(value))} ${SIZES[at]}`;
}

/** `10⁻³`. */
export function formatPower(base: number, exponent: number): string {
  const digits = String(Math.abs(exponent)).replace(/\d/g, (digit) => SUPERSCRIPTS[Number(digit)]);
  return `${base}${exponent < 0 ? "⁻" : ""}${digits}`;
}

/** Formats a duration in the largest unit that fits into it: `3.5 d`, `90 ms`. */
export function formatDuration(ms: number): string {
  const units = [
    [86_400_000, "d"],
    [3_600_000, "h"],
    [60_000, "min"],
    [1000, "s"],
  ] as const;
  const [unitMs, unit] = units.find(([length]) => ms >= length) ?? [1, "ms"];
  return `${formatNumber(ms / unitMs)} ${unit}`;
}
