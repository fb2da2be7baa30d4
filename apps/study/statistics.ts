/**
 * Figures over fresh processes: what differs between processes is more than what one process shows of itself. Rounds are
 * the unit: each gives one number, whatever is asked of it, and what is said is the median over rounds. All is
 * deterministic: the same numbers and seed give the same answer.
 */
import type { Estimate } from "./report/document.js";

/** An estimate, and how many numbers it was made of. */
export interface Sampled extends Estimate {
  readonly n: number;
}

/** One condition's number in each round that it was run in; all are above 0. */
export type Rounds = ReadonlyMap<number, number>;

const RESAMPLES = 10_000;

/**
 * A whole number from 0 to below `n`, at random.
 *
 * @param n - above 0.
 */
export type Random = (n: number) => number;

/** A generator of random numbers: xorshift32 (13, 17, 5). The same seed gives the same numbers; 0 counts as 1. */
export function randomFrom(seed: number): Random {
  let x = seed >>> 0 || 1;
  return (n) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return Math.floor((x >>> 0) * 2 ** -32 * n);
  };
}

/** @param values - one or more. */
export function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

/** @param values - one or more, all above 0. */
export function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

/**
 * The median with its 95 % interval: the middle 95 % of the medians of 10,000 samples drawn from the values with
 * replacement. Of one value, both ends are it: nothing is known of its spread.
 *
 * @param values - one or more.
 */
export function estimateMedian(values: ArrayLike<number>, seed: number): Sampled {
  const sorted = Float64Array.from(values).sort();
  const n = sorted.length;
  const random = randomFrom(seed);
  const drawn = new Uint32Array(n);
  const medians = new Float64Array(RESAMPLES);
  for (let i = 0; i < RESAMPLES; i++) {
    drawn.fill(0);
    for (let j = 0; j < n; j++) drawn[random(n)]++;
    medians[i] = (drawnAt(sorted, drawn, (n - 1) >> 1) + drawnAt(sorted, drawn, n >> 1)) / 2;
  }
  medians.sort();
  return {
    value: median(sorted),
    low: medians[Math.floor(RESAMPLES * 0.025)],
    high: medians[Math.ceil(RESAMPLES * 0.975) - 1],
    n,
  };
}

/** The value at `place` of a sample in which each of `sorted` stands as often as `drawn` says. */
function drawnAt(sorted: Float64Array, drawn: Uint32Array, place: number): number {
  let at = 0;
  for (let passed = drawn[0]; passed <= place; passed += drawn[at]) at++;
  return sorted[at];
}

/** Of each round that all conditions were run in, a number. */
function ofRounds(conditions: readonly Rounds[], figure: (values: readonly number[]) => number): number[] {
  const [first, ...rest] = conditions;
  const figures: number[] = [];
  for (const [round, value] of first ?? []) {
    const others = rest.map((condition) => condition.get(round));
    if (others.every((other) => other !== undefined)) figures.push(figure([value, ...others]));
  }
  return figures;
}

/**
 * How many times as great the conditions are as those they are compared with: the geometric mean of the ones over that of
 * the others, within each round, since a machine may run at half its speed for a while.
 *
 * @returns null where no round has them all
 */
export function estimateRatio(these: readonly Rounds[], those: readonly Rounds[], seed: number): Sampled | null {
  if (these.length === 0 || those.length === 0) return null;
  const ratios = ofRounds(
    [...these, ...those],
    (values) => geometricMean(values.slice(0, these.length)) / geometricMean(values.slice(these.length)),
  );
  return ratios.length === 0 ? null : estimateMedian(ratios, seed);
}

/** b as a power of a: the slope of a straight line through the points on logarithmic scales, by least squares. */
export function exponent(points: readonly (readonly [number, number])[]): number {
  const logs = points.map(([a, b]) => [Math.log(a), Math.log(b)]);
  const mean = (k: number) => logs.reduce((sum, point) => sum + point[k], 0) / logs.length;
  const [ma, mb] = [mean(0), mean(1)];
  const over = logs.reduce((sum, [a, b]) => sum + (a - ma) * (b - mb), 0);
  return over / logs.reduce((sum, [a]) => sum + (a - ma) ** 2, 0);
}

/**
 * The exponent with which conditions grow, fitted within each round.
 *
 * @param points - the conditions by what they grow with, above 0 and not all the same.
 * @returns null where no round has them all
 */
export function estimateExponent(points: readonly (readonly [number, Rounds])[], seed: number): Sampled | null {
  const exponents = ofRounds(
    points.map(([, rounds]) => rounds),
    (values) => exponent(points.map(([x], i) => [x, values[i]])),
  );
  return exponents.length === 0 ? null : estimateMedian(exponents, seed);
}

/** How far a ratio of a condition to itself may lie from 1 either way, as a factor: 1 or more. */
export function noiseFloor(same: Estimate): number {
  return Math.max(same.high, 1 / same.low);
}
