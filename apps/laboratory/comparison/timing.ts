/** The figures of timed runs: medians with their intervals, and the ratio of B to A. */
import { bootstrapMedian, geometricMean, type SampleEstimate } from "../../study/statistics.js";
import type { Both } from "./side.js";

/** The samples of one side. */
export interface Timed {
  /** The number of guests that do the operations in a sample, enough to make it long beside the timer's grain. */
  readonly guests: number;
  /** The work of one guest: pages that go either way, and memory_op calls. Both are counted. */
  readonly pages: number;
  readonly calls: number;
  /** Every sample, round by round. */
  readonly samplesNs: readonly number[];
}

/** The words for one way to count. */
export interface TimedRow {
  /** The medians of the samples, in ns; null where it is not known. */
  readonly figures: Both<SampleEstimate | null>;
  /** B's time divided by A's: the median of the rounds. Null where one is not known. */
  readonly ratio: SampleEstimate | null;
}

/** The figures a run of the operations, and a page that moved. */
export interface TimedRows {
  readonly run: TimedRow;
  readonly page: TimedRow;
}

/** Each round takes the sides in turn, so that a slow period of the machine slows both. */
export const SAMPLES_A_ROUND = 4;
export const ROUNDS = 5;
/** The seed of the resamples behind the intervals. */
const SEED = 1;

/** @param sides - null: it was not timed. */
export function rowsOf(sides: Both<Timed | null>): TimedRows {
  const run = rowOf(sides, ({ guests }) => guests);
  const moves = [sides.a, sides.b].every((side) => side === null || side.pages > 0);
  const page = rowOf(moves ? sides : { a: null, b: null }, ({ guests, pages }) => guests * pages);
  return { run, page };
}

function rowOf({ a, b }: Both<Timed | null>, per: (side: Timed) => number): TimedRow {
  const each = (side: Timed): number[] => side.samplesNs.map((ns) => ns / per(side));
  const estimate = (side: Timed | null): SampleEstimate | null => side && bootstrapMedian(each(side), SEED);
  const figures = { a: estimate(a), b: estimate(b) };
  return { figures, ratio: a === null || b === null ? null : ratioOf(each(b), each(a)) };
}

/** Computed within each round, since a machine may run at half its speed for a while. */
function ratioOf(treated: readonly number[], control: readonly number[]): SampleEstimate {
  const controls = roundsOf(control);
  return bootstrapMedian(
    roundsOf(treated).map((figure, i) => figure / controls[i]),
    SEED,
  );
}

function roundsOf(figures: readonly number[]): number[] {
  const count = Math.ceil(figures.length / SAMPLES_A_ROUND);
  return Array.from({ length: count }, (_, i) =>
    geometricMean(figures.slice(i * SAMPLES_A_ROUND, (i + 1) * SAMPLES_A_ROUND)),
  );
}

/** Computes how many guests a sample needs to last `leastMs`, if one takes `oneMs`; at most `most`. */
export function guestsFor(oneMs: number, leastMs: number, most: number): number {
  return oneMs > 0 ? Math.min(most, Math.max(1, Math.ceil(leastMs / oneMs))) : most;
}
