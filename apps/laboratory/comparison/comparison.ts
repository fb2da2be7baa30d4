/** Declares the cases of the comparison of engine and reference, and computes figures from their samples. */
import { bootstrapMedian, geometricMean, type SampleEstimate } from "../../study/statistics.js";

export type EngineName = "engine" | "reference";

export type Direction = "inflate" | "deflate";

/** The measured move: half of a contiguous guest goes out in one settle (inflate), or comes in again (deflate). */
export interface ComparisonCase {
  readonly domain: "pv" | "hvm";
  readonly guestPages: number;
  readonly direction: Direction;
  /** A guest just booted, which moves these pages for the first time, or one that has moved them over and over. */
  readonly touch: "first" | "warm";
  /** The engines of the case. It omits the reference if that would take too long. */
  readonly engines: readonly EngineName[];
}

/** The result of one engine in one case. */
export interface ComparisonResult {
  readonly case: ComparisonCase;
  readonly engine: EngineName;
  /** The number of guests that move in a sample, enough to make it long beside the timer's grain. */
  readonly guests: number;
  readonly pagesPerSample: number;
  /** memory_op calls of a sample, counted. */
  readonly callsPerSample: number;
  /** Every sample, round by round. */
  readonly samplesNs: readonly number[];
}

/** The events of a comparison under way. */
export interface ComparisonEvents {
  readonly begun: { readonly timerGrainNs: number; readonly crossOriginIsolated: boolean };
  readonly measuring: { readonly done: number; readonly of: number; readonly case: ComparisonCase };
  readonly results: { readonly results: readonly ComparisonResult[] };
}

/** A row of the table. The reference's figures are null if it was not measured. */
export interface ComparisonRow {
  readonly case: ComparisonCase;
  /** ns a page: medians of the samples. */
  readonly engine: SampleEstimate;
  readonly reference: SampleEstimate | null;
  /** The reference's time divided by the engine's time: the median of the rounds. */
  readonly ratio: SampleEstimate | null;
}

/** Each round takes the engines in turn, so that a slow period of the machine slows both. */
export const SAMPLES_A_ROUND = 4;
/** The seed of the resamples behind the intervals. */
const SEED = 1;
/** Pages of a batch: frame_list of the driver. */
const BATCH_PAGES = 512;
const SMALL_PAGES = 2 ** 16;
const LARGE_PAGES = 2 ** 20;

/** Every case, in the order of measuring. */
export function comparisonCases(): readonly ComparisonCase[] {
  const cases: ComparisonCase[] = [];
  for (const guestPages of [SMALL_PAGES, LARGE_PAGES]) {
    for (const domain of ["pv", "hvm"] as const) {
      for (const touch of ["first", "warm"] as const) {
        // the reference would boot large guests for half a minute
        const both = guestPages === SMALL_PAGES || touch === "warm";
        const engines: readonly EngineName[] = both ? ["engine", "reference"] : ["engine"];
        for (const direction of ["inflate", "deflate"] as const) {
          cases.push({ domain, guestPages, direction, touch, engines });
        }
      }
    }
  }
  return cases;
}

/** Computes the work of each guest of a case on either engine: pages that move, and memory_op calls. */
export function expectedOf({ guestPages }: ComparisonCase): { readonly pages: number; readonly calls: number } {
  const pages = guestPages / 2;
  return { pages, calls: Math.ceil(pages / BATCH_PAGES) };
}

/**
 * Computes the ns a page of one engine's samples, with a 95 % interval.
 *
 * @throws RangeError: no samples
 */
export function figuresOf({ samplesNs, pagesPerSample }: ComparisonResult): SampleEstimate {
  return bootstrapMedian(nsPerPage({ samplesNs, pagesPerSample }), SEED);
}

function nsPerPage({ samplesNs, pagesPerSample }: Pick<ComparisonResult, "samplesNs" | "pagesPerSample">): number[] {
  if (samplesNs.length === 0) throw new RangeError("expected samples, got none");
  return samplesNs.map((ns) => ns / pagesPerSample);
}

/** Makes the row of one case's results. */
export function rowOf(results: readonly ComparisonResult[]): ComparisonRow {
  const ours = results.find(({ engine }) => engine === "engine");
  const theirs = results.find(({ engine }) => engine === "reference");
  if (ours === undefined) throw new RangeError("expected the engine's result, got none");
  const reference = theirs === undefined ? null : figuresOf(theirs);
  const ratio = theirs === undefined ? null : ratioOf(theirs, ours);
  return { case: ours.case, engine: figuresOf(ours), reference, ratio };
}

/** Computed within each round, since a machine may run at half its speed for a while. */
function ratioOf(treated: ComparisonResult, control: ComparisonResult): SampleEstimate {
  const rounds = (result: ComparisonResult): number[] => {
    const figures = nsPerPage(result);
    const count = Math.ceil(figures.length / SAMPLES_A_ROUND);
    return Array.from({ length: count }, (_, i) => {
      return geometricMean(figures.slice(i * SAMPLES_A_ROUND, (i + 1) * SAMPLES_A_ROUND));
    });
  };
  const controls = rounds(control);
  return bootstrapMedian(
    rounds(treated).map((figure, i) => figure / controls[i]),
    SEED,
  );
}

/** Computes how many guests a sample needs to last `leastMs`, if one takes `oneMs`; at most `most`. */
export function guestsFor(oneMs: number, leastMs: number, most: number): number {
  return oneMs > 0 ? Math.min(most, Math.max(1, Math.ceil(leastMs / oneMs))) : most;
}
