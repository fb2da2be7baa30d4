/** `study FILE`: plans a study, measures the remaining runs, and writes the report. */
import { BuildFolders } from "../study/builds.js";
import { costOf } from "../study/cost.js";
import type { ExactJob, ExactRunner } from "../study/exact-job.js";
import { runInPool } from "../study/exact-pool.js";
import type { LoadedStudy } from "../study/load.js";
import { type ExactMeasures, SCHEMA } from "../study/results.js";
import { remainingOf, runStudy } from "../study/run.js";
import { NATIVE } from "../study/study.js";
import { earlierResults, otherPlaceFor } from "./earlier-results.js";
import { Failure } from "./failure.js";
import { lockFolder } from "./folder-lock.js";
import { measure } from "./measure.js";
import { planLines } from "./plan-lines.js";
import { queueOption, queueRunner, refuseQueue } from "./queue-runner.js";
import { report } from "./report.js";
import { openResults, resultsFileOf } from "./results-folder.js";
import { commandLine, openWriter } from "./results-writer.js";
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
    const otherPlace = otherPlaceFor(loaded.study);
    const earlier = earlierResults(file, options.resume === true, loaded, openResults, otherPlace);
    const more = until === undefined ? () => null : untilShown(file, loaded, until, options.atMost * MINUTE_MS);
    const planned = remainingOf(loaded, earlier?.lines ?? []);
    const isWhole =
      planned.exact.length + planned.timed.length === 0 && earlier?.lines.some(({ kind }) => kind === "ended");
    const remaining = isWhole ? more() : planned;
    if (remaining !== null) {
      const { demand, out } = options;
      const command = commandLine("study", name, {
        demand,
        out,
        until: until === undefined ? undefined : `${until * 100}%`,
      });
      const runExact: ExactRunner = queue === undefined ? runInPool : queueRunner<ExactJob, ExactMeasures>(queue);
      const status = await measure<ExactMeasures>(
        remaining,
        openWriter(file, { kind: "study", schema: SCHEMA }, loaded, earlier, command),
        {
          folder,
          resume: `${command} --resume${queueOption(queue)}`,
          costs: new Map(loaded.cases.map((one) => [one.id, costOf(loaded.jobOf(one))])),
          run: (rest, signal, told) => runStudy(loaded, rest, runExact, signal, told),
          more,
        },
      );
      if (status !== 0) return status;
    }
    return report(file);
  } finally {
    unlock();
  }
}
