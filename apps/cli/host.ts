/** `host PLAN`: plans the cases of a host, runs those that remain, and writes the report. */
import { messageOf } from "xen-balloon/core";
import type { HostOutcome } from "xen-balloon/toolstack";
import { hostCost } from "../host/cost.js";
import { type HostPool, runWithDeadline } from "../host/deadline.js";
import type { HostRunner, HostTask } from "../host/job.js";
import type { LoadedPlan } from "../host/load.js";
import type { HostCase } from "../host/plan.js";
import type { VectorCount } from "../host/report/cases.js";
import { HOST_SCHEMA, readHostResults } from "../host/results.js";
import { environment } from "../study/environment.js";
import type { ExactCase, ExactOutcome, Outcome } from "../study/exact-job.js";
import { ExactPool, runOn } from "../study/exact-pool.js";
import { endedNow, jobsOf, runExactCases, uncounted } from "../study/run.js";
import { earlierResults } from "./earlier-results.js";
import { Failure } from "./failure.js";
import { lockFolder } from "./folder-lock.js";
import { hostLines } from "./host-lines.js";
import { measure } from "./measure.js";
import { inFile, type OpenedPlan, openPlan, readyPlans } from "./plan-files.js";
import { queueOption, queueRunner, refuseQueue } from "./queue-runner.js";
import { report } from "./report.js";
import { openWith, resultsFileOf } from "./results-folder.js";
import { commandLine, openWriter } from "./results-writer.js";
import { vectorCounts, vectors } from "./vectors.js";

/** Options of the command. */
export interface HostCommandOptions {
  readonly dryRun?: true;
  readonly resume?: true;
  readonly out?: string;
  readonly queue?: string;
  /** The id of a case, or the beginning of one, whose policy's log is printed. */
  readonly log?: string;
  /** A folder of vectors: they are run alone, or before a plan, whose report then has their counts. */
  readonly vectors?: string;
}

/** @returns the exit status: 1 when a case could not be run or an answer differs, 130 when it was interrupted. */
export async function host(name: string | undefined, options: HostCommandOptions): Promise<number> {
  if (name === undefined && options.vectors !== undefined) {
    return vectors(options.vectors, (line) => process.stdout.write(`${line}\n`)).failed === 0 ? 0 : 1;
  }
  if (name === undefined) throw new Failure(`expected a plan: a file, or one of ${readyPlans().join(", ")}`);
  const loaded = openPlan(name);
  await loadPolicies(loaded);
  if (options.log !== undefined) return printLog(loaded, caseNamed(loaded, options.log));
  if (options.dryRun) {
    process.stdout.write(`${hostLines(loaded).join("\n")}\n`);
    return 0;
  }
  for (const doubt of loaded.doubts) process.stderr.write(`xen-balloon: warning: ${doubt}\n`);
  return runInFolder(name, options, { ...loaded, vectors: countsOf(options) });
}

/** Counts the recorded answers that the policies of a plan give; none without a folder of them. */
function countsOf(options: HostCommandOptions): readonly VectorCount[] {
  if (options.vectors === undefined) return [];
  const differ: string[] = [];
  const verdicts = vectors(options.vectors, (line) => differ.push(line));
  if (verdicts.failed > 0) process.stderr.write(`${differ.join("\n")}\n`);
  return vectorCounts(verdicts);
}

/** A plan with what its policies were compared with. */
interface ComparedPlan extends LoadedPlan {
  readonly vectors: readonly VectorCount[];
}

async function runInFolder(name: string, options: HostCommandOptions, loaded: ComparedPlan): Promise<number> {
  const { queue, out } = options;
  if (queue !== undefined) {
    await refuseQueue(queue);
    if (loaded.ownPolicies.length > 0) {
      const [{ one }] = loaded.ownPolicies;
      throw new Failure(`--queue: its workers load no policy of yours, such as ${one.settings.policy}`);
    }
  }
  const folder = out ?? `xen-balloon-${loaded.study.name}`;
  const file = resultsFileOf(folder);
  const unlock = lockFolder(folder);
  try {
    const open = (path: string): ReturnType<typeof readHostResults> => openWith(path, readHostResults);
    const earlier = earlierResults(file, options.resume === true, loaded, open, otherBuild);
    const exact = uncounted(loaded.cases, earlier?.lines ?? []);
    if (exact.length > 0 || !earlier?.lines.some(({ kind }) => kind === "ended")) {
      const command = commandLine("host", name, { out });
      const status = await measure<HostOutcome>(
        { exact, timed: [] },
        openWriter(file, { kind: "host", schema: HOST_SCHEMA }, loaded, earlier, command),
        {
          folder,
          resume: `${command} --resume${queueOption(queue)}`,
          costs: new Map(
            loaded.cases.map((one) => [one.id, { exactMs: hostCost(loaded.jobOf(one)).exactMs, timedMs: 0 }]),
          ),
          run: async (rest, signal, told) => {
            const jobs = jobsOf(loaded.cases, rest.exact, loaded.jobOf);
            await runExactCases(jobs, queue === undefined ? runHere : queueRunner(queue), signal, told);
            told(endedNow());
          },
          more: () => null,
        },
      );
      if (status !== 0) return status;
    }
    return report(file);
  } finally {
    unlock();
  }
}

/** The policies are code of the build, so that all of it has to be the same. */
function otherBuild(measured: Readonly<Record<string, unknown>>): string | null {
  const { build } = environment();
  return measured.build === build ? null : "another build of xen-balloon";
}

function hostPool(threads?: number): HostPool {
  return new ExactPool<HostTask, HostOutcome | null>(threads, "host-thread");
}

/** Runs a case in a thread of its own, so that its policy finds nothing that another case left in a module. */
async function runAlone(job: HostTask, signal: AbortSignal): Promise<Outcome<HostOutcome | null>> {
  const pool = hostPool(1);
  const close = (): void => void pool.close();
  signal.addEventListener("abort", close, { once: true });
  try {
    return await runWithDeadline(pool, job);
  } finally {
    signal.removeEventListener("abort", close);
    await pool.close();
  }
}

/** Runs cases on the cores of this machine. */
const runHere: HostRunner = (cases, signal) => {
  const pool = hostPool();
  const run = (job: HostTask): Promise<Outcome<HostOutcome | null>> =>
    typeof job.policy === "string" ? pool.run(job) : runAlone(job, signal);
  return runOn(pool, run, cases as readonly ExactCase<HostTask>[], signal) as AsyncGenerator<ExactOutcome<HostOutcome>>;
};

/** Loads each policy that is a file once, in a thread that can be ended. */
async function loadPolicies({ file, ownPolicies, jobOf }: OpenedPlan): Promise<void> {
  if (ownPolicies.length === 0) return;
  const pool = hostPool(1);
  try {
    for (const { one, refused } of ownPolicies) {
      const answer = await runWithDeadline(pool, { ...jobOf(one), only: "load" });
      if (!("problem" in answer)) continue;
      inFile(file, () => {
        throw refused(answer.problem);
      });
    }
  } finally {
    await pool.close();
  }
}

function caseNamed({ cases }: LoadedPlan, id: string): HostCase {
  const found = cases.filter((one) => one.id.startsWith(id));
  if (found.length === 1) return found[0];
  const what = found.length === 0 ? "none of the plan's cases begins" : `${found.length} cases begin`;
  throw new Failure(`--log: ${what} with ${id}; --dry-run lists them`);
}

/** Runs a case anew and prints its policy's log as it comes. */
async function printLog({ jobOf }: LoadedPlan, one: HostCase): Promise<number> {
  const pool = hostPool(1);
  try {
    const answer = await runWithDeadline(pool, { ...jobOf(one), only: "log" });
    if (!("problem" in answer)) return 0;
    process.stderr.write(`xen-balloon: ${answer.problem}\n`);
    return 1;
  } catch (error) {
    throw new Failure(`the thread that ran the case has ended: ${messageOf(error)}`, { cause: error });
  } finally {
    await pool.close();
  }
}
