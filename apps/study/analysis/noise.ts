/**
 * How far times of the same scatter, and so what a study of so many processes can show. It is estimated from all
 * comparisons of a study and not from one pair of equal cases: one slow process would decide that.
 */
import { randomByScaling } from "xen-balloon/core";
import { LEAST_ROUNDS } from "../max-t.js";
import { type Estimate, median, type Rounds } from "../statistics.js";

/** The differences that chance alone makes between two equal cases. */
export interface Noise {
  /** The scatter of one round's ratio about the median of its comparison: a standard deviation of its logarithm. */
  readonly scatter: number;
  /** The floor as a factor, 1 or more: of 100 ratios of equal cases 95 lie from 1 / floor to floor. */
  readonly floor: Estimate;
  /** The least difference that is shown in 4 of 5 such studies, as a part of 1; null where none can be. */
  readonly shows: number | null;
}

/** The standard deviation of a normal distribution is so many times the median distance from its middle. */
const NORMAL = 1.4826;
/** The standard error of a median is so many times that of a mean. */
const OF_MEDIAN = 1.2533;
/** The quantiles of the normal distribution of a 95 % interval's end, and of 4 in 5. */
const Z_INTERVAL = 1.96;
const Z_POWER = 0.8416;
const RESAMPLES = 1000;

/**
 * @param differences - the logarithms of the ratios of each comparison, by round.
 * @param critical - t that a comparison must exceed (maxT); null where none can.
 * @returns null where no comparison has two rounds
 */
export function noiseOf(differences: readonly Rounds[], critical: number | null, seed: number): Noise | null {
  const known = differences.filter(({ size }) => size > 1);
  const rounds = [...new Set(known.flatMap((one) => [...one.keys()]))];
  const n = rounds.length;
  if (n === 0) return null;
  // the distance of each round's difference from the median of its comparison, ascending
  const distances = known
    .flatMap((one) => {
      const middle = median([...one.values()]);
      return [...one].map(([round, value]) => ({ at: rounds.indexOf(round), distance: Math.abs(value - middle) }));
    })
    .sort((a, b) => a.distance - b.distance);
  // the median distance where each round is there so many times
  const scatterOf = (times: ArrayLike<number>): number => {
    const half = distances.reduce((sum, { at }) => sum + times[at], 0) / 2;
    let rank = 0;
    for (let seen = times[distances[0].at]; seen < half; seen += times[distances[rank].at]) rank++;
    return NORMAL * distances[rank].distance * Math.sqrt(n / (n - 1));
  };
  const random = randomByScaling(seed);
  const resampled = Array.from({ length: RESAMPLES }, () => {
    const times = new Uint32Array(n);
    for (let drawn = 0; drawn < n; drawn++) times[random(n)]++;
    return scatterOf(times);
  });
  resampled.sort((a, b) => a - b);
  const floorOf = (scatter: number): number => Math.exp((Z_INTERVAL * OF_MEDIAN * scatter) / Math.sqrt(n));
  const scatter = scatterOf(new Uint32Array(n).fill(1));
  return {
    scatter,
    floor: {
      value: floorOf(scatter),
      low: floorOf(resampled[Math.floor(0.025 * RESAMPLES)]),
      high: floorOf(resampled[Math.ceil(0.975 * RESAMPLES) - 1]),
    },
    shows: critical === null ? null : Math.expm1(((critical + Z_POWER) * scatter) / Math.sqrt(n)),
  };
}

/**
 * How many processes a case show a difference in 4 of 5 studies (Guenther, "Sample size formulas for normal theory t
 * tests", 1981), at a level that is shared among the comparisons.
 *
 * @param difference - a part of 1, more than 0.
 */
export function processesFor(difference: number, scatter: number, comparisons: number): number {
  const z = zOf(0.025 / Math.max(1, comparisons));
  const n = (((z + Z_POWER) * scatter) / Math.log1p(difference)) ** 2 + z ** 2 / 2;
  return Math.max(LEAST_ROUNDS, Math.ceil(n));
}

/**
 * The least change between two files that is shown in 4 of 5 comparisons of them, as a part of 1.
 *
 * @param distances - of each process from the median of its case and file, as logarithms of ratios, 0 or more.
 * @param counts - processes a case in each file.
 */
export function showsBetween(
  distances: readonly number[],
  counts: readonly [number, number],
  level: number,
  comparisons: number,
): number {
  const scatter = NORMAL * median(distances);
  const error = OF_MEDIAN * scatter * Math.sqrt(1 / counts[0] + 1 / counts[1]);
  return Math.expm1((zOf(level / 2 / Math.max(1, comparisons)) + Z_POWER) * error);
}

/** The quantile of the normal distribution above which a part lies (Abramowitz and Stegun, 1964, 26.2.23). */
function zOf(part: number): number {
  const t = Math.sqrt(-2 * Math.log(part));
  return t - (2.515517 + 0.802853 * t + 0.010328 * t ** 2) / (1 + 1.432788 * t + 0.189269 * t ** 2 + 0.001308 * t ** 3);
}
