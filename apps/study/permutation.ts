/** Permutation tests of the difference of two medians, and Holm's correction for many of them. */
import { type Random, randomByScaling } from "xen-balloon/core";

const LEAST_PERMUTATIONS = 10_000;

/**
 * The two-sided permutation test (Fisher, 1935; Pitman, 1937) of whether two samples have the same median: how likely
 * medians at least as far apart are if the values are assigned to the samples at random. It is exact where there are
 * at most `permutations` ways to assign them. Otherwise p is estimated from random assignments, as (hits + 1) /
 * (permutations + 1), which is never 0 (Phipson and Smyth, 2010); the first 10,000 suffice where they put p above 0.1.
 *
 * @param a - one or more values.
 * @param b - one or more values.
 * @param permutations - 10,000 or more.
 * @returns the p-value
 */
export function permutationTest(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  seed: number,
  permutations: number,
): number {
  const pooled = new PooledSample(a, b);
  const all = combinations(a.length + b.length, a.length);
  if (all <= permutations) return pooled.hitsOfAll() / all;
  const random = randomByScaling(seed);
  const hits = pooled.hitsAtRandom(LEAST_PERMUTATIONS, random);
  const rest = hits > LEAST_PERMUTATIONS / 10 ? 0 : permutations - LEAST_PERMUTATIONS;
  return (hits + pooled.hitsAtRandom(rest, random) + 1) / (LEAST_PERMUTATIONS + rest + 1);
}

/** The minimum attainable p-value of an exact test with samples of these sizes: of samples that do not overlap. */
export function minimumP(countA: number, countB: number): number {
  return (countA === countB ? 2 : 1) / combinations(countA + countB, countA);
}

/**
 * Adjusts p-values for multiple tests by Holm's step-down method (Holm, "A simple sequentially rejective multiple test
 * procedure", 1979), which controls the family-wise error rate.
 *
 * @returns the adjusted p of each, at most 1, in the order given
 */
export function holm(ps: readonly number[]): number[] {
  const adjusted = new Array<number>(ps.length);
  let least = 0;
  const ascending = ps.map((p, i) => ({ p, i })).sort((x, y) => x.p - y.p);
  for (const [rank, { p, i }] of ascending.entries()) {
    least = Math.max(least, Math.min(1, p * (ps.length - rank)));
    adjusted[i] = least;
  }
  return adjusted;
}

/** The binomial coefficient: the number of ways to choose k of n. */
function combinations(n: number, k: number): number {
  let ways = 1;
  for (let i = 1; i <= k; i++) ways = (ways * (n - k + i)) / i;
  return Math.round(ways);
}

/** The weight of the difference of means, which decides between assignments that have the same medians. */
const WEIGHT_OF_MEANS = 1e-6;

/** The values of two samples, pooled in ascending order, whose labels are permuted. */
class PooledSample {
  readonly #values: Float64Array;
  readonly #sizeA: number;
  readonly #sizeB: number;
  /** 1 where the value at this rank is assigned to a, 0 where it is assigned to b. */
  readonly #inA: Uint8Array;
  /** The observed statistic, less what rounding may take from an equal one: from here on an assignment is a hit. */
  readonly #observed: number;

  constructor(a: ArrayLike<number>, b: ArrayLike<number>) {
    const pool = [...Array.from(a, (value) => ({ value, a: 1 })), ...Array.from(b, (value) => ({ value, a: 0 }))];
    pool.sort((x, y) => x.value - y.value);
    this.#values = Float64Array.from(pool, ({ value }) => value);
    this.#inA = Uint8Array.from(pool, ({ a }) => a);
    this.#sizeA = a.length;
    this.#sizeB = b.length;
    const greatest = Math.max(Math.abs(this.#values[0]), Math.abs(this.#values[pool.length - 1]));
    this.#observed = this.#statistic() - greatest * 1e-12;
  }

  /** Counts the hits among all assignments, each visited once as the ascending ranks of a. */
  hitsOfAll(): number {
    const { length } = this.#values;
    const ranks = Uint32Array.from({ length: this.#sizeA }, (_, i) => i);
    for (let hits = 0; ; ) {
      this.#inA.fill(0);
      for (const rank of ranks) this.#inA[rank] = 1;
      if (this.#statistic() >= this.#observed) hits++;
      let i = this.#sizeA - 1;
      while (i >= 0 && ranks[i] === length - this.#sizeA + i) i--;
      if (i < 0) return hits;
      ranks[i]++;
      for (let j = i + 1; j < this.#sizeA; j++) ranks[j] = ranks[j - 1] + 1;
    }
  }

  /** Counts the hits among so many random assignments, each equally likely: Floyd's sampling without replacement. */
  hitsAtRandom(permutations: number, random: Random): number {
    const { length } = this.#values;
    let hits = 0;
    for (let permutation = 0; permutation < permutations; permutation++) {
      this.#inA.fill(0);
      for (let last = length - this.#sizeA; last < length; last++) {
        const rank = random(last + 1);
        this.#inA[this.#inA[rank] ? last : rank] = 1;
      }
      if (this.#statistic() >= this.#observed) hits++;
    }
    return hits;
  }

  /** The distance between the medians as assigned, plus a little of that between the means. */
  #statistic(): number {
    let [seenA, seenB, sumA, sumB, allA, allB] = [0, 0, 0, 0, 0, 0];
    const [lowA, highA, lowB, highB] = [
      (this.#sizeA - 1) >> 1,
      this.#sizeA >> 1,
      (this.#sizeB - 1) >> 1,
      this.#sizeB >> 1,
    ];
    for (let i = 0; i < this.#values.length; i++) {
      const value = this.#values[i];
      if (this.#inA[i]) {
        if (seenA === lowA) sumA += value;
        if (seenA === highA) sumA += value;
        seenA++;
        allA += value;
      } else {
        if (seenB === lowB) sumB += value;
        if (seenB === highB) sumB += value;
        seenB++;
        allB += value;
      }
    }
    return Math.abs(sumA - sumB) / 2 + WEIGHT_OF_MEANS * Math.abs(allA / this.#sizeA - allB / this.#sizeB);
  }
}
