/** Runs the remaining cases of a study: the exact ones first, then rounds of processes that are timed one at a time. */
import { loadavg } from "node:os";
import { messageOf } from "xen-balloon/core";
import { ShapeError } from "../shape.js";
import type { ExactCase, ExactRunner } from "./exact-job.js";
import type { LoadedStudy } from "./load.js";
import { type TimedRun, timedRuns } from "./plan.js";
import type { EndedLine, ExactLine, ExactMeasures, FailedLine, ResultLine, TimedLine } from "./results.js";
import { lineOf } from "./results-shape.js";
import { timeInProcess } from "./timed-runner.js";

/** The runs of a study that are not measured yet: ids of exact cases, and processes to time. */
export interface Remaining {
  readonly exact: readonly string[];
  readonly timed: readonly TimedRun[];
}

/** Receives the line of each run when it ends. */
export type Told<M = ExactMeasures> = (line: ResultLine<M>) => void;

/**
 * Finds the runs that the lines lack. A case that could not be run is tried again: memory may have been short.
 *
 * @param rounds - the rounds of timed processes. Default: those of the study.
 */
export function remainingOf(
  { study, cases }: LoadedStudy,
  lines: readonly ResultLine[],
  rounds: number = study.replications,
): Remaining {
  const timed = new Set<string>();
  for (const line of lines) {
    if (line.kind === "timed") timed.add(runKey(line.case, line.round, line.copy));
  }
  return {
    exact: uncounted(cases, lines),
    timed: timedRuns(study, cases, rounds).filter((run) => !timed.has(runKey(run.case.id, run.round, run.copy))),
  };
}

/** The ids of the cases that have no exact line. */
export function uncounted(
  cases: readonly { readonly id: string }[],
  lines: readonly ResultLine<unknown>[],
): readonly string[] {
  const counted = new Set(lines.flatMap((line) => (line.kind === "exact" ? [line.case] : [])));
  return cases.map(({ id }) => id).filter((id) => !counted.has(id));
}

function runKey(id: string, round: number, copy: 0 | 1): string {
  return `${id} ${round} ${copy}`;
}

/**
 * @param remaining - the runs to do.
 * @param told - receives every line when it is measured, and keeps it.
 * @throws the signal's reason; what the runner of exact cases throws. Lines received before are good.
 */
export async function runStudy(
  { cases, jobOf }: LoadedStudy,
  remaining: Remaining,
  runExact: ExactRunner,
  signal: AbortSignal,
  told: Told,
): Promise<void> {
  const failed = new Set<string>();
  await runExactCases(jobsOf(cases, remaining.exact, jobOf), runExact, signal, tell);
  for (const { case: one, round, copy } of remaining.timed) {
    if (failed.has(one.id)) continue;
    try {
      const timing = await timeInProcess(jobOf(one), signal);
      tell({ kind: "timed", case: one.id, round, copy, ...timing });
    } catch (error) {
      signal.throwIfAborted();
      tell({ kind: "failed", case: one.id, problem: messageOf(error) });
    }
  }
  told(endedNow());

  /** Tells a line; what another build answers in a format of its own is a failure. */
  function tell(line: ExactLine | TimedLine | FailedLine): void {
    const problem = line.kind === "failed" ? null : problemOf(line);
    if (line.kind === "failed" || problem !== null) failed.add(line.case);
    told(problem === null ? line : { kind: "failed", case: line.case, problem });
  }
}

/** The jobs of the cases with these ids. */
export function jobsOf<C extends { readonly id: string }, J>(
  cases: readonly C[],
  ids: readonly string[],
  jobOf: (one: C) => J,
): readonly ExactCase<J>[] {
  const wanted = new Set(ids);
  return cases.filter(({ id }) => wanted.has(id)).map((one) => ({ id: one.id, job: jobOf(one) }));
}

/** Runs exact cases, and tells the line of each. */
export async function runExactCases<J, M>(
  cases: readonly ExactCase<J>[],
  runExact: ExactRunner<J, M>,
  signal: AbortSignal,
  tell: (line: ExactLine<M> | FailedLine) => void,
): Promise<void> {
  if (cases.length === 0) return;
  for await (const outcome of runExact(cases, signal)) {
    if ("measures" in outcome) tell({ kind: "exact", case: outcome.case, measures: outcome.measures });
    else tell({ kind: "failed", case: outcome.case, problem: outcome.problem });
  }
}

/** The line of a study that ends now. */
export function endedNow(): EndedLine {
  return { kind: "ended", date: new Date().toISOString(), loadAverage: loadavg() };
}

function problemOf(line: ExactLine | TimedLine): string | null {
  try {
    lineOf(line);
    return null;
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    return `its build answers in another format, as an older one does: ${error.path}: ${error.message}`;
  }
}
