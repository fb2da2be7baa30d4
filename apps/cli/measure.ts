/** Measures the remaining runs of a study or a plan, with a progress line, until it is done or interrupted. */
import { availableParallelism } from "node:os";
import { plural } from "xen-balloon/core";
import type { Cost } from "../study/cost.js";
import { QueueError, QueueLost } from "../study/queue/errors.js";
import { ResultsError, type ResultsWriter } from "../study/results-file.js";
import type { Remaining, Told } from "../study/run.js";
import { Failure } from "./failure.js";
import { formatEstimatedDuration, Progress } from "./progress.js";

/** The exit status of a command that was interrupted, by the convention of shells. */
const INTERRUPTED = 130;

/** The surroundings of a measurement. */
export interface Measuring<M> {
  readonly folder: string;
  /** The command that resumes the study in the folder. */
  readonly resume: string;
  /** Estimates the cost of each case, by its id. */
  readonly costs: ReadonlyMap<string, Pick<Cost, "exactMs" | "timedMs">>;
  /** Runs what remains; tells each line when it is measured. */
  readonly run: (remaining: Remaining, signal: AbortSignal, told: Told<M>) => Promise<void>;
  /** Tells, each time that all was run, what to run more; null for nothing. */
  readonly more: () => Remaining | null;
}

/**
 * @param writer - receives the lines; it is closed at the end.
 * @returns the exit status: 130 when it was interrupted.
 * @throws Failure: the queue cannot be used or was lost, or results cannot be written
 */
export async function measure<M>(
  first: Remaining,
  writer: ResultsWriter,
  { folder, resume, costs, run, more }: Measuring<M>,
): Promise<number> {
  const exactMs = (id: string): number => (costs.get(id)?.exactMs ?? 0) / availableParallelism();
  const timedMs = (id: string): number => costs.get(id)?.timedMs ?? 0;
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort(new Error("interrupted"));
  process.once("SIGINT", interrupt);
  process.once("SIGTERM", interrupt);
  const begin = (remaining: Remaining): Progress => {
    const { exact, timed } = remaining;
    const steps = { exact: exact.reduce((sum, id) => sum + exactMs(id), 0), timed: 0 };
    steps.timed = timed.reduce((sum, run) => sum + timedMs(run.case.id), 0);
    process.stderr.write(
      `${plural(exact.length, "case")} to count${timed.length > 0 ? `, ${timed.length} processes to time` : ""}: about ${formatEstimatedDuration(steps.exact + steps.timed)}\n`,
    );
    total += exact.length + timed.length;
    return new Progress(exact.length + timed.length, steps);
  };
  let [kept, total] = [0, 0];
  let progress = begin(first);
  try {
    for (let remaining: Remaining | null = first; remaining !== null; ) {
      await run(remaining, interrupted.signal, (line) => {
        writer.append(line);
        if (!("case" in line)) return;
        kept++;
        if (line.kind === "timed") progress.step("timed", timedMs(line.case));
        else progress.step("exact", exactMs(line.case));
      });
      remaining = more();
      if (remaining !== null) progress = begin(remaining);
    }
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
