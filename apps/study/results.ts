/**
 * The results of a study: a file of JSON Lines, which is only appended to. The first line is the header; the others are
 * in the order in which they were measured.
 */
import type { Content } from "./named-contents.js";
import type { Case } from "./plan.js";
import type { Study } from "./study.js";

/** The version of the lines: raised where a reader of earlier versions would misread them. */
export const SCHEMA = 3;

/** The first line. */
export interface Header {
  readonly kind: "study";
  readonly format: "xen-balloon results";
  readonly schema: typeof SCHEMA;
  readonly study: Study;
  /** All cases, in the order of the plan. */
  readonly cases: readonly Case[];
  /** The command line that repeats the study. */
  readonly command: string;
  readonly environment: Environment;
  /** How each demand file was read; absent in results from before it was told. */
  readonly demands?: readonly string[];
  /** Statements that the study hardly means (doubts.ts); absent in results from before it was told. */
  readonly doubts?: readonly string[];
  /** The files that the study names, hashed; absent in results from before it was told. */
  readonly contents?: readonly Content[];
}

/** The machine, runtime and build of a measurement: plain values by name, nested at most once. */
export type Environment = Readonly<Record<string, unknown>>;

/** The counts of a case: the same on every machine. */
export interface ExactMeasures {
  readonly pagesOut: number;
  readonly pagesIn: number;
  /** Calls of memory_op. */
  readonly memoryOps: number;
  /** The calls of memory_op by how many extents they asked for: [extents, calls], ascending. */
  readonly extentsPerCall: readonly (readonly [number, number])[];
  readonly vaMappings: number;
  readonly tlbFlushes: number;
  readonly kmapFlushes: number;
  readonly scrubbedPages: number;
  /** Runs of the worker that ended in a wait for the next. */
  readonly retries: number;
  /** Virtual time that the worker waited before retries, and after it had given up before it ran again. */
  readonly waitedSeconds: number;
  /**
   * How many pages were still to go a way when it ended, the most of any target of that way: 0 where each was reached.
   * Both are 0 for a replay: its rows are counted (missedRows).
   */
  readonly outMissedPages: number;
  readonly inMissedPages: number;
  /** Most pages that one run of the worker moved. */
  readonly longestStepPages: number;
  /** Linear memory reserved by guest and machine. */
  readonly memoryBytes: number;
  /** The guest's size and credit at the end. */
  readonly currentPages: number;
  readonly creditPages: number;
  /** Null for a workload. */
  readonly replay: ReplayMeasures | null;
}

/** The measures of a demand replay alone. */
export interface ReplayMeasures {
  /** The guest's size at boot. */
  readonly sizePages: number;
  /** How many targets differed from the one before. */
  readonly targets: number;
  /** Pages that the guest had to wait for, summed over the rows. */
  readonly shortPages: number;
  /** Rows at which it had to wait for a page. */
  readonly shortRows: number;
  /** Rows whose target was not reached before the next row. */
  readonly missedRows: number;
  /** The memory that the guest was sold, and what of it the balloon held, both on average over the time of the replay. */
  readonly soldPages: number;
  readonly givenBackPages: number;
  /** The greatest and the least size of the guest. */
  readonly mostPages: number;
  readonly leastPages: number;
  readonly series: ReplaySeries;
}

/** Columns of equal length: for each slice of the replay the row with the greatest demand. */
export interface ReplaySeries {
  /** The times of the demand, which guests share. */
  readonly timeMs: readonly number[];
  readonly usedPages: readonly number[];
  readonly targetPages: readonly number[];
  readonly currentPages: readonly number[];
}

/** A case that was counted. */
export interface ExactLine<M = ExactMeasures> {
  readonly kind: "exact";
  /** The case's id. */
  readonly case: string;
  readonly measures: M;
}

/** The time of one pass, in ns, and the pages that it moved each way, counted as it ran. */
export interface PassTime {
  readonly outNs: number;
  readonly inNs: number;
  readonly outPages: number;
  readonly inPages: number;
}

/** A case that was timed in a fresh process. */
export interface TimedLine {
  readonly kind: "timed";
  readonly case: string;
  /** From 0: within a round each case runs once, in random order. */
  readonly round: number;
  /** 1: the baseline case run once more in its round, for the noise floor; 0 otherwise. */
  readonly copy: 0 | 1;
  /** The first pass after boot, in memory that was never touched. */
  readonly first: PassTime;
  /**
   * The medians of passes after the compiler has settled. Null for a replay, which has one pass, and where a later pass
   * did not move the pages of the first.
   */
  readonly warm: PassTime | null;
  /** ns that a fixed piece of work (pace.ts) took right after. */
  readonly paceNs: number;
}

/** A case that could not be run. */
export interface FailedLine {
  readonly kind: "failed";
  readonly case: string;
  readonly problem: string;
}

/** The study was interrupted and is resumed here. */
export interface ResumedLine {
  readonly kind: "resumed";
  readonly environment: Environment;
}

/** The study ended: everything that was planned has run. */
export interface EndedLine {
  readonly kind: "ended";
  readonly date: string;
  readonly loadAverage: readonly number[];
}

export type ResultLine<M = ExactMeasures> = ExactLine<M> | TimedLine | FailedLine | ResumedLine | EndedLine;

/** The content of a results file. */
export interface Results<H = Header, M = ExactMeasures> {
  readonly header: H;
  readonly lines: readonly ResultLine<M>[];
}
