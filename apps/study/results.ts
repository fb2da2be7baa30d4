/**
 * What a study measured: one file of JSON Lines, which is only ever appended to. The first line is the header; the others
 * are in the order in which they came.
 */
import type { Case } from "./plan.js";
import type { Study } from "./study.js";

/** Of the results' lines: raised where a reader of the earlier ones would go wrong. */
export const SCHEMA = 2;

export interface Header {
  readonly kind: "study";
  readonly format: "xen-balloon results";
  readonly schema: typeof SCHEMA;
  readonly study: Study;
  /** All cases, in the order of the plan. */
  readonly cases: readonly Case[];
  /** What repeats it. */
  readonly command: string;
  readonly environment: Environment;
}

/** What was measured on: plain values by name, nested at most once. */
export type Environment = Readonly<Record<string, unknown>>;

/** Counts of one case: the same for the same case, whoever ran it. */
export interface ExactMeasures {
  readonly pagesOut: number;
  readonly pagesIn: number;
  /** Calls of memory_op. */
  readonly memoryOps: number;
  /** How many calls asked for so many extents: [extents, calls], ascending. */
  readonly extentsPerCall: readonly (readonly [number, number])[];
  readonly vaMappings: number;
  readonly tlbFlushes: number;
  readonly kmapFlushes: number;
  readonly scrubbedPages: number;
  /** Runs of the worker that ended in a wait for the next. */
  readonly retries: number;
  /** Virtual time that the worker waited before retries. */
  readonly waitedSeconds: number;
  /** Most pages that one run of the worker moved. */
  readonly longestStepPages: number;
  /** Linear memory reserved by guest and machine. */
  readonly memoryBytes: number;
  /** At the end. */
  readonly currentPages: number;
  readonly creditPages: number;
  /** Of a demand replay alone. */
  readonly replay: ReplayMeasures | null;
}

/** What a balloon did for a demand. */
export interface ReplayMeasures {
  /** The guest's size at boot. */
  readonly sizePages: number;
  /** Targets set that differ from the one before. */
  readonly targets: number;
  /** Pages that the guest wanted and had to wait for, summed over the rows. */
  readonly shortPages: number;
  /** Rows at which it had to. */
  readonly shortRows: number;
  /** Pages given back, on average over the time of the replay. */
  readonly givenBackPages: number;
  /** The guest's size: greatest and least. */
  readonly mostPages: number;
  readonly leastPages: number;
  readonly series: ReplaySeries;
}

/** Columns of as many numbers: of each slice of the replay the row with the greatest demand. */
export interface ReplaySeries {
  readonly timeMs: readonly number[];
  readonly usedPages: readonly number[];
  readonly targetPages: readonly number[];
  readonly currentPages: readonly number[];
}

export interface ExactLine {
  readonly kind: "exact";
  /** The case's id. */
  readonly case: string;
  readonly measures: ExactMeasures;
}

/** Time of one pass, in ns. */
export interface PassTime {
  readonly outNs: number;
  readonly inNs: number;
}

/** One fresh process. */
export interface TimedLine {
  readonly kind: "timed";
  readonly case: string;
  /** From 0: within a round each case runs once, in random order. */
  readonly round: number;
  /** 1: the baseline case run once more in its round, for the noise floor; 0 otherwise. */
  readonly copy: 0 | 1;
  /** Pages moved in a pass, out and in together. */
  readonly pages: number;
  /** The first pass after boot: memory that nobody has touched. */
  readonly first: PassTime;
  /** The median of passes after the compiler has settled; null where a workload has only one pass. */
  readonly warm: PassTime | null;
  /** ns that a fixed piece of work took the machine right after (pace.ts). */
  readonly paceNs: number;
}

/** A case that could not be run. */
export interface FailedLine {
  readonly kind: "failed";
  readonly case: string;
  readonly problem: string;
}

/** The study was interrupted, and went on. */
export interface ResumedLine {
  readonly kind: "resumed";
  readonly environment: Environment;
}

/** All that was planned is there. */
export interface EndedLine {
  readonly kind: "ended";
  readonly date: string;
  readonly loadAverage: readonly number[];
}

export type ResultLine = ExactLine | TimedLine | FailedLine | ResumedLine | EndedLine;

/** A results file, read. */
export interface Results {
  readonly header: Header;
  readonly lines: readonly ResultLine[];
}
