/** Measures what of a study is missing: with a progress line, until it is done or told to end. */
import { availableParallelism } from "node:os";
import { plural } from "xen-balloon/core";
import { costOf } from "../study/cost.js";
import { buildId } from "../study/environment.js";
import type { ExactRunner } from "../study/exact-job.js";
import { runInPool } from "../study/exact-pool.js";
import type { LoadedStudy } from "../study/load.js";
import { QueueError, QueueLost } from "../study/queue/errors.js";
import { runOnQueue } from "../study/queue/run-on-queue.js";
import { ResultsError, type ResultsWriter } from "../study/results-file.js";
import { type Remaining, runStudy } from "../study/run.js";
import { Failure } from "./failure.js";
import { formatDuration, Progress } from "./progress.js";

/** Of a command that was told to end, as a shell has it. */
const INTERRUPTED = 130;

export interface Measuring {
  readonly folder: string;
  /** The command that goes on with what is in the folder. */
  readonly resume: string;
  /** URL of a queue whose workers run what is not timed. */
  readonly queue: string | undefined;
}

/**
 * @param writer - is closed at the end.
 * @returns the exit status: 130 when it was interrupted.
 * @throws Failure: the queue cannot be used or went away, results cannot be written
 */
export async function measure(
  loaded: LoadedStudy,
  remaining: Remaining,
  writer: ResultsWriter,
  { folder, resume, queue }: Measuring,
): Promise<number> {
  const costs = new Map(loaded.cases.map((one) => [one.id, costOf(loaded.jobOf(one))]));
  const exactMs = (id: string): number => (costs.get(id)?.exactMs ?? 0) / availableParallelism();
  const timedMs = (id: string): number => costs.get(id)?.timedMs ?? 0;
  const total = remaining.exact.length + remaining.timed.length;
  const expectedMs =
    remaining.exact.reduce((sum, id) => sum + exactMs(id), 0) +
    remaining.timed.reduce((sum, run) => sum + timedMs(run.case.id), 0);
  process.stderr.write(
    `${plural(remaining.exact.length, "case")} to count, ${remaining.timed.length} processes to time: about ${formatDuration(expectedMs)}\n`,
  );
  const progress = new Progress(total, expectedMs);
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort(new Error("interrupted"));
  process.once("SIGINT", interrupt);
  process.once("SIGTERM", interrupt);
  let kept = 0;
  try {
    await runStudy(loaded, remaining, exactRunner(queue), interrupted.signal, (line) => {
      writer.append(line);
      if (!("case" in line)) return;
      kept++;
      progress.step(line.kind === "timed" ? timedMs(line.case) : exactMs(line.case));
    });
    return 0;
  } catch (error) {
    const told = `${kept} of ${plural(total, "run")} done and kept in ${folder}; the rest: ${resume}`;
    if (interrupted.signal.aborted) {
      progress.end();
      process.stderr.write(`xen-balloon: interrupted: ${told}\n`);
      return INTERRUPTED;
    }
    if (error instanceof QueueError) throw new Failure(error.message, { cause: error });
    if (error instanceof QueueLost || error instanceof ResultsError) {
      throw new Failure(`${error.message}: ${told}`, { cause: error });
    }
    throw error;
  } finally {
    progress.end();
    writer.close();
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  }
}

function exactRunner(queue: string | undefined): ExactRunner {
  if (queue === undefined) return runInPool;
  const told = (line: string): boolean => process.stderr.write(`xen-balloon: ${line}\n`);
  return (cases, signal) => runOnQueue(queue, buildId(), cases, { signal, told });
}
