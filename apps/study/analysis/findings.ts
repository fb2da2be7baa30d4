/** The findings of a study: each a sentence with its size, so that the largest can be said first. */
import type { Factor } from "../study.js";
import type { Analysis } from "./analysis.js";
import { type ExactColumn, exactColumns, showExact } from "./exact-columns.js";
import type { ExactEffect } from "./exact-effects.js";
import {
  countText,
  exactRatioText,
  intervalText,
  levelText,
  listText,
  ratioEstimateText,
  ratioText,
  significant,
} from "./figures.js";
import { PASSES, type Pass } from "./runs.js";
import type { TimeEffect } from "./time-effects.js";

/** The words for a pass. */
export const IN_PASS: Readonly<Record<Pass, string>> = { first: "in the first pass", warm: "once warm" };

/** A difference that a study found. */
export interface Finding {
  readonly text: string;
  /** How far its largest ratio lies from 1, as a logarithm; infinite where a count was or became 0. */
  readonly size: number;
  readonly factor: string;
  /** The pass of a finding about time; null for an exact one. */
  readonly pass: Pass | null;
  /** p of the largest ratio; null for an exact finding, which no chance makes. */
  readonly p: number | null;
}

/** The findings, the largest first. */
export function findings(analysis: Analysis): readonly Finding[] {
  const all = analysis.study.factors.flatMap((factor) => [
    ...PASSES.flatMap((pass) => timeFinding(analysis, factor, pass)),
    ...exactColumns(analysis.study.measures).flatMap((column) => exactFinding(analysis, factor, column)),
  ]);
  return all.sort((a, b) => b.size - a.size);
}

const sizeOf = ({ main }: TimeEffect): number => Math.abs(Math.log(main.value));

function timeFinding({ timeEffects, scalings }: Analysis, factor: Factor, pass: Pass): readonly Finding[] {
  const real = timeEffects.filter(
    (effect) => effect.factor === factor.name && effect.pass === pass && effect.main.real,
  );
  if (real.length === 0) return [];
  const ascending = real.toSorted((a, b) => a.main.value - b.main.value);
  const ends = [...new Set([ascending[ascending.length - 1], ascending[0]])];
  const places = real.length > 2 ? [`, the slowest of ${real.length} levels that differ`, ", the fastest of them"] : [];
  const clauses = ends.map((effect, i) => `${besides(effect, factor)}${places[i] ?? ""}`);
  const growth = scalings.find((one) => one.factor === factor.name && one.pass === pass && one.exponent !== null);
  if (growth?.exponent) {
    const { value, low, high } = growth.exponent;
    const where = growth.label === "" ? "" : ` (${growth.label})`;
    clauses.push(
      `the time of a whole pass grows as ${growth.setting} to the power of ${significant(value)} ${intervalText({ value, low, high })}${where}`,
    );
  }
  const largest = real.reduce((most, effect) => (sizeOf(effect) > sizeOf(most) ? effect : most));
  const text = `${capital(IN_PASS[pass])}, ${clauses.join("; ")}.`;
  return [{ text, size: sizeOf(largest), factor: factor.name, pass, p: largest.main.p }];
}

/** Words a ratio with a number above 1, as slower or as faster. */
function besides({ level, main, pages }: TimeEffect, factor: Factor): string {
  const [one, baseline] = [level, factor.baseline].map((label) => levelText(factor, label));
  const { value, low, high } = main;
  const moved =
    pages === null ? "" : `, where a pass moves ${countText(pages.to)} pages and not ${countText(pages.from)}`;
  if (value >= 1) {
    return `with ${factor.name} ${one} a page takes ${ratioEstimateText(main)} as long as with ${baseline}${moved}`;
  }
  const faster = { value: 1 / value, low: 1 / high, high: 1 / low };
  return `with ${factor.name} ${one} a page moves ${ratioEstimateText(faster)} as fast as with ${baseline}${moved}`;
}

function exactFinding({ exactEffects }: Analysis, factor: Factor, column: ExactColumn): readonly Finding[] {
  const effects = exactEffects.filter(
    (effect) => effect.factor === factor.name && effect.measure === column.name && !effect.same,
  );
  if (effects.length === 0) return [];
  // averages may agree where what is counted does not
  const apart = effects.filter(({ from, to }) => showExact(column, from) !== showExact(column, to));
  const told = apart.length > 0 ? apart : effects;
  const by = told.some(({ from }) => from === 0)
    ? ({ to }: ExactEffect) => to
    : ({ from, to }: ExactEffect) => to / from;
  const ascending = told.toSorted((a, b) => by(a) - by(b));
  const ends = [...new Set([ascending[ascending.length - 1], ascending[0]])];
  const [{ from }] = ends;
  const tos = ends.map((effect) => `to ${showExact(column, effect.to)} with ${levelText(factor, effect.level)}`);
  const changes = ends.map((effect, i) => `${tos[i]}${changeText(effect)}`);
  const mean = effects.some(({ cases }) => cases > 1) ? ", on average" : "";
  const text = `${capital(column.words)}${mean}: from ${showExact(column, from)} with ${factor.name} ${levelText(factor, factor.baseline)} ${listText(changes)}${ends.length < told.length ? `, the most and the least of ${told.length} levels that differ` : ""}.`;
  const sizes = effects.map(({ ratio }) => (ratio === null ? Number.POSITIVE_INFINITY : Math.abs(Math.log(ratio))));
  return [{ text, size: Math.max(...sizes), factor: factor.name, pass: null, p: null }];
}

/** ` (×2.00)`, or the range over the cases where they differ; `""` where a measure is 0. */
export function changeText({ ratio, range }: ExactEffect): string {
  if (ratio === null) return "";
  const [least, greatest] = (range ?? [ratio, ratio]).map(exactRatioText);
  return least === greatest
    ? ` (${exactRatioText(ratio)})`
    : ` (${ratioText(ratio)}; ${least}–${greatest.slice(1)} by case)`;
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
