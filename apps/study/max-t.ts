/**
 * Tests many differences at once, so that the chance of any false claim among all of them is at most the level: the
 * step-down max-T procedure of Westfall and Young ("Resampling-Based Multiple Testing", 1993, algorithm 4.1), with the
 * signs of whole rounds flipped (Romano and Wolf, "Exact and approximate stepdown methods", 2005). It takes the
 * correlation of the differences into account, so that a study of many cases does not need many more rounds: Holm's
 * method could not show anything of 28 differences in 10 rounds.
 *
 * Within a round cases run in random order. Where two are alike, their difference in a round is as likely as its
 * negative, and so are the differences of all rounds with some rounds negated.
 */
import { randomByScaling } from "xen-balloon/core";
import { median, type Rounds } from "./statistics.js";

/** The chance that a study claims any difference where there is none. */
export const LEVEL = 0.05;

/** Up to so many rounds all flips are made; beyond, so many at random. */
const MOST_ROUNDS_OF_ALL = 12;
const RANDOM_FLIPS = 4999;

/** A difference that is this many times as large as the median one counts as that: a slow process does not decide. */
const CAP = 2;

/** The outcome for a family of differences. */
export interface MaxT {
  /** The p-value of each, adjusted for all. */
  readonly p: readonly number[];
  /** The t that the largest difference must exceed for its p to be below LEVEL; null where no t is large enough. */
  readonly critical: number | null;
}

/** @param differences - each by round, such as logarithms of ratios; 0 where there is none. */
export function maxT(differences: readonly Rounds[], seed: number): MaxT {
  if (differences.length === 0) return { p: [], critical: null };
  const rounds = [...new Set(differences.flatMap((one) => [...one.keys()]))].sort((a, b) => a - b);
  const rows = differences.map((one) => scaled(rounds.map((round) => one.get(round) ?? 0)));
  const observed = rows.map((row) => Math.abs(row.reduce((sum, value) => sum + value, 0)));
  const ascending = [...rows.keys()].sort((a, b) => observed[a] - observed[b]);
  const hits = new Array<number>(rows.length).fill(0);
  const greatest: number[] = [];
  let flips = 0;
  for (const signs of flipsOf(rounds.length, seed)) {
    flips++;
    let most = 0;
    for (const [rank, i] of ascending.entries()) {
      const row = rows[i];
      let sum = 0;
      for (let round = 0; round < row.length; round++) sum += signs[round] * row[round];
      most = Math.max(most, Math.abs(sum));
      // rounding may make an equal sum a little smaller
      if (most >= observed[i] - 1e-9) hits[rank]++;
    }
    greatest.push(most);
  }
  const p = new Array<number>(rows.length);
  let least = 0;
  for (let rank = rows.length - 1; rank >= 0; rank--) {
    least = Math.max(least, hits[rank] / flips);
    p[ascending[rank]] = least;
  }
  return { p, critical: criticalT(greatest, rounds.length) };
}

/** The least number of rounds in which a difference can be shown: of fewer, too many flips are as far from 0. */
export const LEAST_ROUNDS: number = Math.ceil(Math.log2(2 / LEVEL) + 1e-9);

/** Caps outliers and scales to a sum of squares of 1: the sum is t, but for a function that only rises. */
function scaled(values: readonly number[]): readonly number[] {
  const usual = median(values.map(Math.abs));
  const capped =
    usual === 0 ? values : values.map((value) => Math.sign(value) * Math.min(Math.abs(value), CAP * usual));
  const length = Math.hypot(...capped);
  return length === 0 ? capped : capped.map((value) => value / length);
}

function* flipsOf(rounds: number, seed: number): Generator<Int8Array> {
  const signs = new Int8Array(rounds).fill(1);
  if (rounds > MOST_ROUNDS_OF_ALL) {
    // the rounds as they were
    yield signs;
    const random = randomByScaling(seed);
    for (let flip = 0; flip < RANDOM_FLIPS; flip++) {
      for (let round = 0; round < rounds; round++) signs[round] = random(2) === 0 ? 1 : -1;
      yield signs;
    }
    return;
  }
  // the first round keeps its sign: all signs negated are as far from 0
  for (let flip = 0; flip < 2 ** Math.max(0, rounds - 1); flip++) {
    for (let round = 1; round < rounds; round++) signs[round] = (flip >> (round - 1)) & 1 ? -1 : 1;
    yield signs;
  }
}

function criticalT(greatest: number[], rounds: number): number | null {
  if (rounds < LEAST_ROUNDS) return null;
  greatest.sort((a, b) => a - b);
  const length = greatest[Math.ceil(greatest.length * (1 - LEVEL)) - 1];
  const left = rounds - length ** 2;
  return left < 1e-9 ? null : length * Math.sqrt((rounds - 1) / left);
}
