/** Formats figures and names for reports. */
import { formatSize } from "xen-balloon/core";
import type { Case } from "../plan.js";
import type { Estimate } from "../statistics.js";

/** Formats with three significant digits; whole above 100. */
export function significant(value: number): string {
  const text = value.toPrecision(3);
  return Math.abs(value) < 1e-4 || Math.abs(Number(text)) < 100 ? (value === 0 ? "0" : text) : String(Number(text));
}

/** Formats an exact ratio: one that is near 1 is not rounded to 1. */
export function exactRatioText(ratio: number): string {
  const text = significant(ratio);
  return Number(text) === 1 && ratio !== 1 ? String(Number(ratio.toPrecision(6))) : text;
}

/** Formats a count, or an average of counts, in full. */
export function countText(value: number): string {
  return String(Number(value.toPrecision(12)));
}

/** `1.25 [1.20, 1.31]` */
export function estimateText(estimate: Estimate): string {
  return `${significant(estimate.value)} ${intervalText(estimate)}`;
}

/** `[1.20, 1.31]` */
export function intervalText({ low, high }: Estimate): string {
  return `[${significant(low)}, ${significant(high)}]`;
}

/** `1.25 %` of 1 / 80. */
export function percentText(part: number): string {
  return `${significant(part * 100)} %`;
}

/** Formats a number of pages, which need not be whole, as a size. */
export function sizeText(pages: number): string {
  return formatSize(Math.round(pages));
}

/** `a`, `a and b`, `a, b and c`. */
export function listText(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`;
}

/** `maxPfn=65536, scrub=on`: the levels of the factors named. */
export function levelsText(factors: readonly string[], { levels }: Pick<Case, "levels">): string {
  return factors.map((name) => `${name}=${levels[name]}`).join(", ");
}
