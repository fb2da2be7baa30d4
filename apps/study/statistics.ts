/**
 * Statistics over fresh processes, since times differ more between processes than within one. Rounds are blocks: each
 * gives one number, and the estimate is the median over rounds. Intervals are percentile bootstraps (Efron, 1979; Efron
 * and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13). Equal numbers and seeds give equal results.
 */
import { randomByScaling } from "xen-balloon/core";

/** An estimate with its 95 % confidence interval. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** An estimate with the size of the sample that it was made from. */
export interface SampleEstimate extends Estimate {
  readonly n: number;
}

/** The number that one condition gave in each round, by round; all are above 0. */
export type Rounds = ReadonlyMap<number, number>;

const RESAMPLES = 10_000;
/** The quantiles of the bootstrap distribution at which a 95 % interval ends. */
const LOW_QUANTILE = 0.025;
const HIGH_QUANTILE = 0.975;

/**
 * The sample median: of an even number of values the mean of the two in the middle.
 *
 * @throws RangeError: no values
 */
export function median(values: ArrayLike<number>): number {
  if (values.length === 0) throw new RangeError("expected values, got none");
  const sorted = Float64Array.from(values).sort();
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

/**
 * The quantile below which a part of a sample lies, between the two nearest values where it is none of them (Hyndman
 * and Fan, "Sample Quantiles in Statistical Packages", 1996, definition 7).
 *
 * @param sorted - one or more values, ascending.
 * @param part - 0 to 1.
 */
export function quantile(sorted: readonly number[], part: number): number {
  const at = (sorted.length - 1) * part;
  const [below, above] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return below + (above - below) * (at - Math.floor(at));
}

/** @param values - one or more, all above 0. */
export function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

/**
 * The median with its percentile bootstrap interval: the 2.5 % and 97.5 % quantiles of the medians of 10,000 resamples,
 * drawn from the values with replacement. One value gives an interval of no width, which says nothing of the spread.
 *
 * @param values - one or more.
 */
export function bootstrapMedian(values: ArrayLike<number>, seed: number): SampleEstimate {
  const sorted = Float64Array.from(values).sort();
  const n = sorted.length;
  const random = randomByScaling(seed);
  const frequencies = new Uint32Array(n);
  const medians = new Float64Array(RESAMPLES);
  for (let i = 0; i < RESAMPLES; i++) {
    frequencies.fill(0);
    for (let j = 0; j < n; j++) frequencies[random(n)]++;
    const [lower, upper] = [(n - 1) >> 1, n >> 1];
    medians[i] = (orderStatistic(sorted, frequencies, lower) + orderStatistic(sorted, frequencies, upper)) / 2;
  }
  medians.sort();
  return {
    value: median(sorted),
    low: medians[Math.floor(RESAMPLES * LOW_QUANTILE)],
    high: medians[Math.ceil(RESAMPLES * HIGH_QUANTILE) - 1],
    n,
  };
}

/**
 * The order statistic of a resample at `rank`, from 0.
 *
 * @param sorted - the values that were sampled from, ascending.
 * @param frequencies - how often each of them is in the resample.
 */
function orderStatistic(sorted: Float64Array, frequencies: Uint32Array, rank: number): number {
  let at = 0;
  for (let passed = frequencies[0]; passed <= rank; passed += frequencies[at]) at++;
  return sorted[at];
}

/** Computes a statistic within each round; rounds that lack one of the conditions are left out. */
function withinRounds(conditions: readonly Rounds[], statistic: (values: readonly number[]) => number): number[] {
  const [first, ...rest] = conditions;
  const figures: number[] = [];
  for (const [round, value] of first ?? []) {
    const others = rest.map((condition) => condition.get(round));
    if (others.every((other) => other !== undefined)) figures.push(statistic([value, ...others]));
  }
  return figures;
}

/**
 * The ratio of the geometric mean of the treated conditions to that of the controls. It is computed within each round,
 * since a machine may run at half its speed for a while; its interval is the bootstrap's over rounds.
 *
 * @returns null where no round has all conditions
 */
export function bootstrapRatio(
  treated: readonly Rounds[],
  controls: readonly Rounds[],
  seed: number,
): SampleEstimate | null {
  if (treated.length === 0 || controls.length === 0) return null;
  const ratios = withinRounds(
    [...treated, ...controls],
    (values) => geometricMean(values.slice(0, treated.length)) / geometricMean(values.slice(treated.length)),
  );
  return ratios.length === 0 ? null : bootstrapMedian(ratios, seed);
}

/** The exponent of the power law y = c·x^exponent: the slope of log y on log x by ordinary least squares. */
export function logLogSlope(points: readonly (readonly [x: number, y: number])[]): number {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)]);
  const mean = (k: number) => logs.reduce((sum, point) => sum + point[k], 0) / logs.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  const covariation = logs.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return covariation / logs.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}

/**
 * The exponent with which conditions grow: fitted within each round, with the bootstrap's interval over rounds.
 *
 * @param points - each condition with the x that it was run at; x is above 0, and not the same for all.
 * @returns null where no round has all conditions
 */
export function bootstrapExponent(
  points: readonly (readonly [x: number, condition: Rounds])[],
  seed: number,
): SampleEstimate | null {
  const exponents = withinRounds(
    points.map(([, condition]) => condition),
    (values) => logLogSlope(points.map(([x], i) => [x, values[i]])),
  );
  return exponents.length === 0 ? null : bootstrapMedian(exponents, seed);
}

/**
 * The logarithm of the ratio of the geometric mean of the treated conditions to that of the controls, by round; rounds
 * that lack one of the conditions are left out.
 */
export function logRatios(treated: readonly Rounds[], controls: readonly Rounds[]): Rounds {
  const logs = new Map<number, number>();
  const mean = (conditions: readonly Rounds[], round: number): number =>
    conditions.reduce((sum, condition) => sum + Math.log(condition.get(round) as number), 0) / conditions.length;
  for (const round of treated[0]?.keys() ?? []) {
    if (controls.length === 0 || ![...treated, ...controls].every((condition) => condition.has(round))) continue;
    logs.set(round, mean(treated, round) - mean(controls, round));
  }
  return logs;
}
