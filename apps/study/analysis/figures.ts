/** Formats figures and names for reports: a ratio is ×, a range A–B, an interval [A, B], levels from A to B. */
import { type Option, PAGE_BYTES, WORLD_OPTIONS } from "xen-balloon/core";
import type { Case } from "../plan.js";
import { formatBytes } from "../report/number-text.js";
import { nameOfScript } from "../script.js";
import type { Estimate } from "../statistics.js";
import type { Factor } from "../study.js";

/** Formats with three significant digits; whole above 100, with commas between thousands. */
export function significant(value: number): string {
  const text = value.toPrecision(3);
  if (Math.abs(value) < 1e-4 || Math.abs(Number(text)) < 100) return value === 0 ? "0" : text;
  return withCommas(Number(text));
}

/** `×1.25`. */
export function ratioText(ratio: number): string {
  return `×${significant(ratio)}`;
}

/** An exact ratio: one that is near 1 is not rounded to 1. */
export function exactRatioText(ratio: number): string {
  const text = significant(ratio);
  return `×${Number(text) === 1 && ratio !== 1 ? String(Number(ratio.toPrecision(6))) : text}`;
}

/** Formats a count, or an average of counts: whole above 100. */
export function countText(value: number): string {
  return withCommas(Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3)));
}

/** `1.25 [1.20, 1.31]` */
export function estimateText(estimate: Estimate): string {
  return `${significant(estimate.value)} ${intervalText(estimate)}`;
}

/** `×1.25 [1.20, 1.31]` */
export function ratioEstimateText(estimate: Estimate): string {
  return `×${estimateText(estimate)}`;
}

/** `[1.20, 1.31]` */
export function intervalText({ low, high }: Estimate): string {
  return `[${significant(low)}, ${significant(high)}]`;
}

/** `1.25 %` of 1 / 80. */
export function percentText(part: number): string {
  return `${significant(part * 100)} %`;
}

/** Formats a number of pages, which need not be whole, as a size: `483 MiB`. */
export function sizeText(pages: number): string {
  return formatBytes(Math.round(pages) * PAGE_BYTES);
}

/** `90 s`, `4.5 min`, `1 h`: in the unit in which it is a number that a person would say. */
export function durationText(seconds: number): string {
  if (seconds < 120) return `${significantPlain(seconds)} s`;
  return seconds < 3600 ? `${significantPlain(seconds / 60)} min` : `${significantPlain(seconds / 3600)} h`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listText(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`;
}

/** `a, b and 7 more` where there are more than `most`. */
export function cutListText(words: readonly string[], most: number): string {
  if (words.length <= most) return listText(words);
  return listText([...words.slice(0, most - 1), `${words.length - most + 1} more`]);
}

/** The words of a level: a number of pages as a size, other numbers with commas. */
export function levelText({ levels }: Factor, label: string): string {
  const settings = Object.entries(levels.find((level) => level.label === label)?.settings ?? {});
  const [[name, value]] = settings.length === 1 ? settings : [["", null]];
  return typeof value === "number" && String(value) === label ? settingText(name, value) : label;
}

/** The words of a setting's value: a number of pages as a size, other numbers with commas. */
export function settingText(name: string, value: unknown): string {
  if (name === "workload") return nameOfScript(String(value));
  if (typeof value !== "number") return typeof value === "object" ? JSON.stringify(value) : String(value);
  return unitOf(name) === ", pages" && value > 0 ? sizeText(value) : withCommas(value);
}

/** `, pages`: the unit of a setting that is a number, to stand after its name; `""` where it has none. */
export function unitOf(setting: string): string {
  const option = Object.entries<Option<never>>(WORLD_OPTIONS as never).find(([name]) => name === setting)?.[1];
  if (option !== undefined && "unit" in option) return `, ${option.unit}`;
  return setting.endsWith("Pages") ? ", pages" : "";
}

/** `maxPfn 256 MiB, scrub true`: the levels of the factors named. */
export function levelsText(factors: readonly Factor[], { levels }: Pick<Case, "levels">): string {
  return factors.map((factor) => `${factor.name} ${levelText(factor, levels[factor.name])}`).join(", ");
}

function significantPlain(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** Puts commas between the thousands of a number's whole part. */
export function withCommas(value: number): string {
  return value.toLocaleString("en", { maximumFractionDigits: 20 });
}
