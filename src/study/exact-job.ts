/** One case as whoever runs it gets it, another thread or another machine included: plain data. */
import type { DemandSeries } from "../demand/series.js";
import type { ExactMeasures } from "./results.js";
import type { Settings } from "./study.js";

export interface ExactJob {
  readonly settings: Settings;
  readonly seed: number;
  /** What is replayed; null for a workload. */
  readonly demand: DemandSeries | null;
}

/** Runs a case for its exact measures. Its rejection says why the case cannot be run. */
export type RunExact = (job: ExactJob) => Promise<ExactMeasures>;
