/**
 * Figures over processes: one process's own spread hides what differs between processes. What is drawn at random is drawn
 * with a seed, so that the same values give the same figures.
 */

/** An estimate with its 95 % interval. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 10_000;
const TAIL = 0.025;
/** Up to so many ways to split two samples, all are looked at. */
const MOST_SPLITS = 20_000;

/** @param values - one or more. */
export function median(values: readonly number[]): number {
  return medianInPlace(Float64Array.from(values));
}

/** Sorts them. */
function medianInPlace(values: Float64Array): number {
  values.sort();
  const middle = values.length >> 1;
  return values.length % 2 === 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

/** xorshift32: a number below `n`. */
function generator(seed: number): (n: number) => number {
  let x = seed >>> 0 || 1;
  return (n) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) % n;
  };
}

/**
 * A statistic of samples, and the 95 % interval that resampling each of them gives (percentiles of the bootstrap).
 *
 * @param statistic - may reorder what it gets.
 */
function bootstrap(
  samples: readonly (readonly number[])[],
  statistic: (samples: readonly Float64Array[]) => number,
  seed: number,
): Estimate {
  const value = statistic(samples.map((sample) => Float64Array.from(sample)));
  if (samples.every(({ length }) => length < 2)) return { value, low: value, high: value };
  const below = generator(seed);
  const drawn = samples.map(({ length }) => new Float64Array(length));
  const found = new Float64Array(RESAMPLES);
  for (let i = 0; i < RESAMPLES; i++) {
    for (let k = 0; k < samples.length; k++) {
      const from = samples[k];
      const to = drawn[k];
      for (let j = 0; j < to.length; j++) to[j] = from[below(from.length)];
    }
    found[i] = statistic(drawn);
  }
  found.sort();
  return { value, low: found[Math.floor(RESAMPLES * TAIL)], high: found[Math.ceil(RESAMPLES * (1 - TAIL)) - 1] };
}

/** The median over processes. */
export function medianOf(values: readonly number[], seed: number): Estimate {
  return bootstrap([values], ([sample]) => medianInPlace(sample), seed);
}

/** Of two conditions in the same round: what was measured, and what it is compared with. */
export type Pair = readonly [measured: number, baseline: number];

/** The ratio of two conditions: the median of the rounds' ratios. */
export function ratioOf(pairs: readonly Pair[], seed: number): Estimate {
  return meanRatioOf([pairs], seed);
}

/** The geometric mean of the ratios of several pairs of conditions, each with rounds of its own. */
export function meanRatioOf(conditions: readonly (readonly Pair[])[], seed: number): Estimate {
  const logs = conditions.map((pairs) => pairs.map(([measured, baseline]) => Math.log(measured / baseline)));
  return exp(bootstrap(logs, (samples) => meanOf(samples.map(medianInPlace)), seed));
}

/** The ratio of the geometric means of two lists of conditions that have no pairs: each is a list of processes. */
export function unpairedRatioOf(
  measured: readonly (readonly number[])[],
  baseline: readonly (readonly number[])[],
  seed: number,
): Estimate {
  const logs = [...measured, ...baseline].map((values) => values.map(Math.log));
  const statistic = (samples: readonly Float64Array[]): number => {
    const medians = samples.map(medianInPlace);
    return meanOf(medians.slice(0, measured.length)) - meanOf(medians.slice(measured.length));
  };
  return exp(bootstrap(logs, statistic, seed));
}

function exp({ value, low, high }: Estimate): Estimate {
  return { value: Math.exp(value), low: Math.exp(low), high: Math.exp(high) };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * How far apart the same thing measured twice in each round may lie: ratios from 1 / factor to factor show nothing.
 *
 * @returns 1 or more.
 */
export function noiseFactor(pairs: readonly Pair[], seed: number): number {
  const { low, high } = ratioOf(pairs, seed);
  return Math.max(high, 1 / low);
}

/** b as a power of a: the slope of a straight line through the points on logarithmic scales. */
export function exponent(points: readonly (readonly [number, number])[]): number {
  const logs = points.map(([a, b]) => [Math.log(a), Math.log(b)]);
  const ma = meanOf(logs.map(([a]) => a));
  const mb = meanOf(logs.map(([, b]) => b));
  const over = logs.reduce((sum, [a, b]) => sum + (a - ma) * (b - mb), 0);
  return over / logs.reduce((sum, [a]) => sum + (a - ma) ** 2, 0);
}

/** The same of medians over processes, at two or more different `a`. */
export function exponentOf(
  points: readonly (readonly [a: number, processes: readonly number[]])[],
  seed: number,
): Estimate {
  const statistic = (samples: readonly Float64Array[]): number =>
    exponent(samples.map((sample, i) => [points[i][0], medianInPlace(sample)]));
  return bootstrap(
    points.map(([, processes]) => processes),
    statistic,
    seed,
  );
}

/**
 * How likely the medians of two samples differ as much by chance alone: the permutation test, of all splits where they
 * are few, else of 20,000 drawn ones.
 *
 * @returns above 0, up to 1.
 */
export function permutationP(a: readonly number[], b: readonly number[], seed: number): number {
  const all = Float64Array.from([...a, ...b]);
  const first = new Float64Array(a.length);
  const second = new Float64Array(b.length);
  const difference = (isFirst: (i: number) => boolean): number => {
    let [m, n] = [0, 0];
    for (let i = 0; i < all.length; i++) {
      if (isFirst(i)) first[m++] = all[i];
      else second[n++] = all[i];
    }
    return Math.abs(medianInPlace(first) - medianInPlace(second));
  };
  // what differs by rounding alone is no less
  const seen = difference((i) => i < a.length) * (1 - 1e-12);
  const splits = choose(all.length, a.length);
  let hits = 0;
  if (splits <= MOST_SPLITS) {
    for (const chosen of combinations(all.length, a.length)) if (difference((i) => chosen.has(i)) >= seen) hits++;
    return hits / splits;
  }
  const below = generator(seed);
  for (let i = 0; i < MOST_SPLITS; i++) {
    for (let left = all.length; left > 1; left--) {
      const j = below(left);
      [all[left - 1], all[j]] = [all[j], all[left - 1]];
    }
    if (difference((k) => k < a.length) >= seen) hits++;
  }
  return (hits + 1) / (MOST_SPLITS + 1);
}

function choose(n: number, k: number): number {
  let ways = 1;
  for (let i = 1; i <= k; i++) ways = (ways * (n - k + i)) / i;
  return Math.round(ways);
}

function* combinations(n: number, k: number, from = 0): Generator<Set<number>> {
  if (k === 0) {
    yield new Set();
    return;
  }
  for (let i = from; i <= n - k; i++) {
    for (const rest of combinations(n, k - 1, i + 1)) yield rest.add(i);
  }
}

/** The least p that a permutation test of such samples can find. */
export function leastP(a: number, b: number): number {
  const splits = choose(a + b, a);
  return splits <= MOST_SPLITS ? (a === b ? 2 : 1) / splits : 1 / (MOST_SPLITS + 1);
}

/** Corrects p values for being many (Holm): in the order given. */
export function holm(values: readonly number[]): number[] {
  const order = [...values.keys()].sort((i, j) => values[i] - values[j]);
  const corrected: number[] = [];
  let least = 0;
  for (const [rank, i] of order.entries()) {
    least = Math.max(least, Math.min(1, values[i] * (values.length - rank)));
    corrected[i] = least;
  }
  return corrected;
}
