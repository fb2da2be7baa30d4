/** One exact case as it is handed to whoever runs it: a thread, or a worker on another machine. */
import type { DemandSeries } from "../demand/series.js";
import type { ExactMeasures } from "./results.js";
import type { Settings } from "./study.js";

/** Plain JSON: all that the counts depend on, but for the build. */
export interface ExactJob {
  readonly settings: Settings;
  readonly seed: number;
  /** The demand of the guest that the settings name; null where they name none. */
  readonly demand: DemandSeries | null;
}

/** What comes of a case: its measures, or why it cannot be run, which is a result, too: it would be so again. */
export type Outcome = { readonly measures: ExactMeasures } | { readonly problem: string };

/** Runs a case. It rejects where whoever runs it ended: for want of memory, or by a crash. */
export type RunExact = (job: ExactJob) => Promise<Outcome>;

/** A case to run, and what is to run it. */
export interface ExactCase {
  readonly id: string;
  readonly job: ExactJob;
}

export type ExactOutcome = { readonly case: string } & Outcome;

/** Runs cases and yields what comes of each, once, in any order. */
export type ExactRunner = (cases: readonly ExactCase[], signal: AbortSignal) => AsyncIterable<ExactOutcome>;
