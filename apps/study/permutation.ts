/** Whether two samples differ: the permutation test on their medians, and what to do about many tests at once. */
import { type Random, randomFrom } from "./statistics.js";

const LEAST_DEALS = 10_000;

/**
 * How often the medians of two samples would lie at least as far apart as they do, were the values dealt out to the
 * samples at random (two-sided). Exact where there are at most `deals` ways to deal; else estimated from so many random
 * ones as (hits + 1) / (deals + 1), or from 10,000 where those say that it is above 0.1.
 *
 * @param a - one or more values.
 * @param b - one or more values.
 * @param deals - 10,000 or more.
 */
export function permutationP(a: ArrayLike<number>, b: ArrayLike<number>, seed: number, deals: number): number {
  const sample = new Split(a, b);
  const all = combinations(a.length + b.length, a.length);
  if (all <= deals) return sample.hitsOfAll() / all;
  const random = randomFrom(seed);
  const hits = sample.hitsOfSome(LEAST_DEALS, random);
  const rest = hits > LEAST_DEALS / 10 ? 0 : deals - LEAST_DEALS;
  return (hits + sample.hitsOfSome(rest, random) + 1) / (LEAST_DEALS + rest + 1);
}

/** The least p that permutationP can give for samples of so many: when they do not overlap at all. */
export function leastP(countA: number, countB: number): number {
  return (countA === countB ? 2 : 1) / combinations(countA + countB, countA);
}

/**
 * Holm's correction: with it, the chance that any of the tests finds a difference where there is none is that of one.
 *
 * @returns the corrected p of each, at most 1, in the order given
 */
export function holm(ps: readonly number[]): number[] {
  const corrected = new Array<number>(ps.length);
  let least = 0;
  const ascending = ps.map((p, i) => ({ p, i })).sort((x, y) => x.p - y.p);
  for (const [rank, { p, i }] of ascending.entries()) {
    least = Math.max(least, Math.min(1, p * (ps.length - rank)));
    corrected[i] = least;
  }
  return corrected;
}

/** In how many ways k can be chosen of n. */
function combinations(n: number, k: number): number {
  let ways = 1;
  for (let i = 1; i <= k; i++) ways = (ways * (n - k + i)) / i;
  return Math.round(ways);
}

/** Of two ways to deal with the same medians, the distance of the means decides which lies farther apart. */
const PART_OF_MEANS = 1e-6;

/** The values of two samples in ascending order, dealt out to them again and again. */
class Split {
  readonly #values: Float64Array;
  readonly #sizeA: number;
  readonly #sizeB: number;
  /** 1: the value at this place is of a. */
  readonly #ofA: Uint8Array;
  /** A distance from here on counts as far: what is the same may be rounded otherwise. */
  readonly #far: number;

  constructor(a: ArrayLike<number>, b: ArrayLike<number>) {
    const pool = [...Array.from(a, (value) => ({ value, a: 1 })), ...Array.from(b, (value) => ({ value, a: 0 }))];
    pool.sort((x, y) => x.value - y.value);
    this.#values = Float64Array.from(pool, ({ value }) => value);
    this.#ofA = Uint8Array.from(pool, ({ a }) => a);
    this.#sizeA = a.length;
    this.#sizeB = b.length;
    const greatest = Math.max(Math.abs(this.#values[0]), Math.abs(this.#values[pool.length - 1]));
    this.#far = this.#distance() - greatest * 1e-12;
  }

  /** Every way to deal once, as ascending places of a. */
  hitsOfAll(): number {
    const { length } = this.#values;
    const places = Uint32Array.from({ length: this.#sizeA }, (_, i) => i);
    for (let hits = 0; ; ) {
      this.#ofA.fill(0);
      for (const place of places) this.#ofA[place] = 1;
      if (this.#distance() >= this.#far) hits++;
      let i = this.#sizeA - 1;
      while (i >= 0 && places[i] === length - this.#sizeA + i) i--;
      if (i < 0) return hits;
      places[i]++;
      for (let j = i + 1; j < this.#sizeA; j++) places[j] = places[j - 1] + 1;
    }
  }

  hitsOfSome(deals: number, random: Random): number {
    const { length } = this.#values;
    let hits = 0;
    for (let deal = 0; deal < deals; deal++) {
      this.#ofA.fill(0);
      // of each next place it or an earlier one: every choice of sizeA places is as likely (Floyd)
      for (let last = length - this.#sizeA; last < length; last++) {
        const place = random(last + 1);
        this.#ofA[this.#ofA[place] ? last : place] = 1;
      }
      if (this.#distance() >= this.#far) hits++;
    }
    return hits;
  }

  /** Between the medians as dealt, and a little of that between the means. */
  #distance(): number {
    let [seenA, seenB, sumA, sumB, allA, allB] = [0, 0, 0, 0, 0, 0];
    const [lowA, highA, lowB, highB] = [
      (this.#sizeA - 1) >> 1,
      this.#sizeA >> 1,
      (this.#sizeB - 1) >> 1,
      this.#sizeB >> 1,
    ];
    for (let i = 0; i < this.#values.length; i++) {
      const value = this.#values[i];
      if (this.#ofA[i]) {
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
    return Math.abs(sumA - sumB) / 2 + PART_OF_MEANS * Math.abs(allA / this.#sizeA - allB / this.#sizeB);
  }
}
