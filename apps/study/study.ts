/** What a study asks: its factors and their levels, what is measured, how often. Read by parse.ts. */
import type { WorldOptions } from "xen-balloon/core";
import type { DemandColumns } from "../demand/columns.js";
import type { Policy } from "../demand/policy.js";
import type { EngineName } from "../engines.js";

/** What a case runs with; each is left out or set once, by the study's base or by a level. */
export interface Settings extends WorldOptions {
  /** Default: wasm. */
  readonly engine?: EngineName;
  /** Name of a workload (workloads.ts). Default: bulk, or replay where there is a demand. */
  readonly workload?: string;
  /** A demand file, relative to the study. */
  readonly demand?: string;
  /** Which guest of the demand file. */
  readonly vm?: string;
  /** How demand becomes targets (demand/policy.ts). */
  readonly policy?: Policy;
  /** What a target has above the memory in use, in percent of it. */
  readonly headroomPercent?: number;
  /** The least a target is, in pages. */
  readonly floorPages?: number;
  /** Of policy `peak`: the time that it looks back, in ms. */
  readonly windowMs?: number;
}

export interface Level {
  readonly label: string;
  readonly settings: Settings;
}

export interface Factor {
  readonly name: string;
  /** Two or more, but for a factor that lists guests of a demand. */
  readonly levels: readonly Level[];
  /** The label of the level that others are compared with. */
  readonly baseline: string;
}

/** What a report shows. All but `time` are exact: the same on every machine. */
export const MEASURES = [
  "time",
  "pagesMoved",
  "memoryOps",
  "extentsPerCall",
  "vaMappings",
  "tlbFlushes",
  "kmapFlushes",
  "scrubbedPages",
  "retries",
  "waitedSeconds",
  "longestStepPages",
  "memoryBytes",
  "shortPages",
  "givenBackPages",
] as const;
export type MeasureName = (typeof MEASURES)[number];

export interface Study {
  /** One word: names files. */
  readonly name: string;
  readonly title: string;
  /** What it asks, in a sentence or two. */
  readonly question: string;
  /** What readers might take from it that it does not say. */
  readonly doesNotShow: readonly string[];
  /** What all cases have in common. */
  readonly base: Settings;
  /** Columns of the demand, where it is a table whose names do not give them away. */
  readonly columns: DemandColumns;
  readonly factors: readonly Factor[];
  /** One case in so many is run: 1 is the full grid. */
  readonly fraction: number;
  readonly measures: readonly MeasureName[];
  /** Fresh processes a timed case. */
  readonly replications: number;
  /** A case is run for each: of what a workload does at random. */
  readonly seeds: readonly number[];
  /** Of the order of runs, and of resampling. */
  readonly seed: number;
}
