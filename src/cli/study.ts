/** `study FILE`: plans it, runs what is not measured yet, and writes the report. */
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { plural } from "../scenario/quantity.js";
import { costOf } from "../study/cost.js";
import { buildId, environment } from "../study/environment.js";
import type { ExactRunner } from "../study/exact-job.js";
import { runInPool } from "../study/exact-pool.js";
import type { LoadedStudy } from "../study/load.js";
import { queueAddress } from "../study/queue/address.js";
import { QueueError, QueueLost } from "../study/queue/errors.js";
import { queueModules } from "../study/queue/modules.js";
import { runOnQueue } from "../study/queue/run-on-queue.js";
import { type Header, SCHEMA } from "../study/results.js";
import { type ReadResults, ResultsWriter } from "../study/results-file.js";
import { type Remaining, remainingOf, runStudy } from "../study/run.js";
import { Failure } from "./failure.js";
import { planLines } from "./plan-lines.js";
import { formatDuration, Progress } from "./progress.js";
import { report } from "./report.js";
import { openResults, resultsFileOf } from "./results-folder.js";
import { openStudy, readyStudies } from "./study-files.js";

export interface StudyOptions {
  readonly dryRun?: true;
  readonly resume?: true;
  readonly out?: string;
  readonly demand?: string;
  readonly queue?: string;
}

/** Of a command that was told to end, as a shell has it. */
const INTERRUPTED = 130;

/** @returns the exit status: 1 when a case could not be run, 130 when it was interrupted. */
export async function study(name: string | undefined, options: StudyOptions): Promise<number> {
  if (name === undefined) throw new Failure(`expected a study: a file, or one of ${readyStudies().join(", ")}`);
  const loaded = openStudy(name, options.demand);
  if (options.dryRun) {
    process.stdout.write(`${planLines(loaded).join("\n")}\n`);
    return 0;
  }
  if (options.queue !== undefined) await refuseQueue(options.queue);
  const folder = options.out ?? `xen-balloon-${loaded.study.name}`;
  const file = resultsFileOf(folder);
  const earlier = options.resume && existsSync(file) ? openResults(file) : null;
  if (earlier === null && existsSync(file)) {
    throw new Failure(`${file} is there already: --resume goes on with it, --out names another folder`);
  }
  if (earlier !== null) refuseOther(earlier, loaded, file);
  const remaining = remainingOf(loaded, earlier?.lines ?? []);
  const command = commandOf(name, options);
  if (earlier?.lines.some(({ kind }) => kind === "ended")) return report(folder);
  const status = await measure(
    loaded,
    remaining,
    openWriter(file, loaded, earlier, command),
    options.queue,
    folder,
    command,
  );
  return status === 0 ? report(folder) : status;
}

/** Before anything is begun: a URL that is none, packages that are not installed. */
async function refuseQueue(queue: string): Promise<void> {
  try {
    queueAddress(queue);
    await queueModules();
  } catch (error) {
    throw error instanceof QueueError ? new Failure(error.message, { cause: error }) : error;
  }
}

/** What repeats it. */
function commandOf(name: string, { demand, out }: StudyOptions): string {
  const quoted = (text: string): string =>
    /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
  const given = Object.entries({ demand, out }).filter(([, value]) => value !== undefined);
  return [
    "npx xen-balloon study",
    quoted(name),
    ...given.map(([key, value]) => `--${key} ${quoted(value ?? "")}`),
  ].join(" ");
}

function refuseOther({ header }: ReadResults, { cases }: LoadedStudy, file: string): void {
  const ids = (all: readonly { readonly id: string }[]): string => all.map(({ id }) => id).join();
  if (ids(header.cases) !== ids(cases)) {
    throw new Failure(
      `${file} has results of other cases: the study or its demand has changed; --out names another folder`,
    );
  }
}

function openWriter(
  file: string,
  { study: asked, cases }: LoadedStudy,
  earlier: ReadResults | null,
  command: string,
): ResultsWriter {
  if (earlier === null) {
    const header: Header = {
      kind: "study",
      format: "xen-balloon results",
      schema: SCHEMA,
      study: asked,
      cases,
      command,
      environment: environment(),
    };
    return ResultsWriter.create(file, header);
  }
  return ResultsWriter.resume(file, earlier, { kind: "resumed", environment: environment() });
}

async function measure(
  loaded: LoadedStudy,
  remaining: Remaining,
  writer: ResultsWriter,
  queue: string | undefined,
  folder: string,
  command: string,
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
    const told = `${kept} of ${plural(total, "run")} done and kept in ${folder}; the rest: ${command} --resume`;
    if (interrupted.signal.aborted) {
      progress.end();
      process.stderr.write(`xen-balloon: interrupted: ${told}\n`);
      return INTERRUPTED;
    }
    if (error instanceof QueueError) throw new Failure(error.message, { cause: error });
    if (error instanceof QueueLost) throw new Failure(`${error.message}: ${told}`, { cause: error });
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
