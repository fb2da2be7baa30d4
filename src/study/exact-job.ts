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

/** Runs a case. It rejects where the case itself is at fault, and would be again: the message is a result, too. */
export type RunExact = (job: ExactJob) => Promise<ExactMeasures>;

/** A case to run, and what is to run it. */
export interface ExactCase {
  readonly id: string;
  readonly job: ExactJob;
}

/** What came of a case: its measures, or why it cannot be run. */
export type ExactOutcome =
  | { readonly case: string; readonly measures: ExactMeasures }
  | { readonly case: string; readonly problem: string };

/** Runs cases and yields what comes of each, once, in any order. */
export type ExactRunner = (cases: readonly ExactCase[], signal: AbortSignal) => AsyncIterable<ExactOutcome>;
