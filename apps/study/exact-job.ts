/** The job of an exact case, which a thread or a worker on another machine runs. */
import type { DemandSeries } from "../demand/series.js";
import type { ExactMeasures } from "./results.js";
import type { Settings } from "./study.js";

/** Everything that the counts depend on, apart from the build; plain JSON. */
export interface ExactJob {
  readonly settings: Settings;
  readonly seed: number;
  /** The demand of the guest that the settings name; null where they name none. */
  readonly demand: DemandSeries | null;
  /** The text of the script that is the workload, its names substituted; left out where the workload is none. */
  readonly script?: string;
  /** The words of the command that engine native is; left out for another engine. */
  readonly command?: readonly string[];
  /** The folder of the build that runs it; left out: this one. */
  readonly build?: string;
}

/** The outcome of a case: its measures, or why it cannot be run. The latter is a result too: it would be so again. */
export type Outcome<M = ExactMeasures> = { readonly measures: M } | { readonly problem: string };

/** Runs a case. It rejects where the thread that runs it ends, for want of memory or by a crash. */
export type RunExact<J = ExactJob, M = ExactMeasures> = (job: J) => Promise<Outcome<M>>;

/** A case to run: its id and its job. */
export interface ExactCase<J = ExactJob> {
  readonly id: string;
  readonly job: J;
}

export type ExactOutcome<M = ExactMeasures> = { readonly case: string } & Outcome<M>;

/** Runs cases and yields the outcome of each once, in any order. */
export type ExactRunner<J = ExactJob, M = ExactMeasures> = (
  cases: readonly ExactCase<J>[],
  signal: AbortSignal,
) => AsyncIterable<ExactOutcome<M>>;
