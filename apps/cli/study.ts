/** `study FILE`: plans a study, measures the remaining runs, and writes the report. */
import { BuildFolders } from "../study/builds.js";
import { environment } from "../study/environment.js";
import type { LoadedStudy } from "../study/load.js";
import { queueAddress } from "../study/queue/address.js";
import { QueueError } from "../study/queue/errors.js";
import { queueModules } from "../study/queue/modules.js";
import { SCHEMA } from "../study/results.js";
import { type ReadResults, ResultsWriter } from "../study/results-file.js";
import { remainingOf } from "../study/run.js";
import { NATIVE } from "../study/study.js";
import { earlierResults } from "./earlier-results.js";
import { Failure } from "./failure.js";
import { lockFolder } from "./folder-lock.js";
import { measure } from "./measure.js";
import { planLines } from "./plan-lines.js";
import { report } from "./report.js";
import { resultsFileOf } from "./results-folder.js";
import { openStudy, readyStudies } from "./study-files.js";
import { untilShown } from "./until.js";

const MINUTE_MS = 60_000;

/** Options of the command. */
export interface StudyOptions {
  readonly dryRun?: true;
  readonly resume?: true;
  readonly out?: string;
  readonly demand?: string;
  readonly queue?: string;
  /** The difference that is to be shown, as a part of 1. */
  readonly until?: number;
  /** For how many minutes it goes on for that. */
  readonly atMost: number;
}

/** @returns the exit status: 1 when a case could not be run, 130 when it was interrupted. */
export async function study(name: string | undefined, options: StudyOptions): Promise<number> {
  if (name === undefined) throw new Failure(`expected a study: a file, or one of ${readyStudies().join(", ")}`);
  const builds = new BuildFolders();
  try {
    return await runOrTell(name, options, openStudy(name, options.demand, builds));
  } finally {
    builds.remove();
  }
}

async function runOrTell(name: string, options: StudyOptions, loaded: LoadedStudy): Promise<number> {
  const { until } = options;
  if (until !== undefined && !loaded.study.measures.includes("time")) {
    throw new Failure(`--until: expected a study that measures time, got ${loaded.study.measures.join(", ")}`);
  }
  if (options.dryRun) {
    process.stdout.write(`${planLines(loaded).join("\n")}\n`);
    return 0;
  }
  for (const doubt of loaded.doubts) process.stderr.write(`xen-balloon: warning: ${doubt}\n`);
  const { queue } = options;
  if (queue !== undefined) {
    await refuseQueue(queue);
    if (loaded.cases.some(({ settings }) => settings.build !== undefined || settings.engine === NATIVE)) {
      throw new Failure(
        "--queue: expected a study of this build alone: its workers have no other build and no native command",
      );
    }
  }
  const folder = options.out ?? `xen-balloon-${loaded.study.name}`;
  const file = resultsFileOf(folder);
  const unlock = lockFolder(folder);
  try {
    const earlier = earlierResults(file, options.resume === true, loaded);
    const more = until === undefined ? () => null : untilShown(file, loaded, until, options.atMost * MINUTE_MS);
    const planned = remainingOf(loaded, earlier?.lines ?? []);
    const isWhole =
      planned.exact.length + planned.timed.length === 0 && earlier?.lines.some(({ kind }) => kind === "ended");
    const remaining = isWhole ? more() : planned;
    if (remaining !== null) {
      const command = commandOf(name, options);
      const writer = openWriter(file, loaded, earlier, command);
      const status = await measure(loaded, remaining, writer, {
        folder,
        resume: `${command} --resume${queue === undefined ? "" : ` --queue ${queueAddress(queue).shown}`}`,
        queue,
        more,
      });
      if (status !== 0) return status;
    }
    return report(file);
  } finally {
    unlock();
  }
}

/** Refuses, before anything runs, a queue with a wrong URL or without its packages. */
async function refuseQueue(queue: string): Promise<void> {
  try {
    queueAddress(queue);
    await queueModules();
  } catch (error) {
    throw error instanceof QueueError ? new Failure(error.message, { cause: error }) : error;
  }
}

/** The command line that repeats the study. */
function commandOf(name: string, { demand, out, until }: StudyOptions): string {
  const quoted = (text: string): string =>
    /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
  const given = Object.entries({ demand, out, until: until === undefined ? undefined : `${until * 100}%` }).filter(
    ([, value]) => value !== undefined,
  );
  return [
    "npx xen-balloon study",
    quoted(name),
    ...given.map(([key, value]) => `--${key} ${quoted(value ?? "")}`),
  ].join(" ");
}

function openWriter(
  file: string,
  { study: asked, cases, demands, doubts, contents }: LoadedStudy,
  earlier: ReadResults | null,
  command: string,
): ResultsWriter {
  if (earlier !== null) {
    return ResultsWriter.resume(file, earlier, { kind: "resumed", environment: environment() });
  }
  return ResultsWriter.create(file, {
    kind: "study",
    format: "xen-balloon results",
    schema: SCHEMA,
    study: asked,
    cases,
    command,
    environment: environment(),
    demands,
    doubts,
    contents,
  });
}
