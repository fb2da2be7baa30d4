/** The types of a study: its factors and their levels, its measures, its replications. parse.ts reads it. */
import { SETTLE_WITHIN_MS, type WorldOptions } from "xen-balloon/core";
import type { DemandColumns } from "../demand/columns.js";
import type { PolicyOptions } from "../demand/policy.js";
import type { EngineName } from "../engine-names.js";
import type { Conditions } from "./conditions.js";

/** The engine that runs the driver of a case whose settings name none. */
export const DEFAULT_ENGINE: EngineName = "wasm";

/** The engine of a case that another command runs. */
export const NATIVE = "native";

/** The workload of a case that neither names one nor replays a demand. */
export const DEFAULT_WORKLOAD = "bulk";

/** The virtual time in ms that a settle waits at most, where settings name none: an hour. */
export const DEFAULT_SETTLE_LIMIT_MS: number = SETTLE_WITHIN_MS;

/** The settings of a case; each is left out or set once, by the study's base or by a level. */
export interface Settings extends WorldOptions, PolicyOptions, Conditions {
  /** Default: DEFAULT_ENGINE. */
  readonly engine?: EngineName | typeof NATIVE;
  /** With engine native: the command that takes `--time SCRIPT`; files in it are named relative to the study. */
  readonly native?: string;
  /** Name of a workload (workloads.ts), a script file (script.ts), relative to the study, or a script of two lines or more, for a case without a demand alone. Default: DEFAULT_WORKLOAD. */
  readonly workload?: string;
  /** A demand file, relative to the study. */
  readonly demand?: string;
  /** The name of a guest in the demand file. */
  readonly vm?: string;
  /** The folder or tarball of another build of the package, relative to the study. Default: the one that runs the study. */
  readonly build?: string;
  /** The virtual time in ms that a guest has to reach each target of a workload. Default: DEFAULT_SETTLE_LIMIT_MS. */
  readonly settleLimitMs?: number;
}

/** A level of a factor: the settings that it stands for. */
export interface Level<S = Settings> {
  readonly label: string;
  readonly settings: S;
}

/** A factor: settings that are varied. */
export interface Factor<S = Settings> {
  readonly name: string;
  /** Two or more; one or more where they are guests of a demand. */
  readonly levels: readonly Level<S>[];
  /** The label of the level that the others are compared with. */
  readonly baseline: string;
}

/** The measures that a report can show. All but `time` are exact: the same on every machine. */
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
  "missedPages",
  "longestStepPages",
  "memoryBytes",
  "shortPages",
  "givenBackPages",
] as const;
export type MeasureName = (typeof MEASURES)[number];

/** A study, with its defaults filled in. */
export interface Study {
  /** One word: names files. */
  readonly name: string;
  readonly title: string;
  /** The question that it answers, in a sentence or two. */
  readonly question: string;
  /** Conclusions that it does not support, for its readers. */
  readonly doesNotShow: readonly string[];
  /** The author's reading of the figures, paragraph by paragraph. Default: none. */
  readonly reading?: readonly string[];
  /** False where cases stand for themselves: levels are not compared, and nothing is averaged. Default: true. */
  readonly comparesLevels?: boolean;
  /** The settings that all cases share. */
  readonly base: Settings;
  /** The columns of the demand, where it is a table whose headings do not tell. */
  readonly columns: DemandColumns;
  readonly factors: readonly Factor[];
  /** k, where one case in k is run: 1 is the full grid. */
  readonly fraction: number;
  readonly measures: readonly MeasureName[];
  /** The number of fresh processes in which a case is timed. */
  readonly replications: number;
  /** The seeds of the workloads' random choices; each case is run with every one. */
  readonly seeds: readonly number[];
  /** The seed of the order of runs and of the resampling. */
  readonly seed: number;
}
