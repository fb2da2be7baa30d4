/** `work --queue URL`: runs the exact cases of studies and plans on a queue until SIGINT or SIGTERM. */
import type { HostOutcome } from "xen-balloon/toolstack";
import type { HostJob } from "../host/job.js";
import { buildId } from "../study/environment.js";
import type { ExactJob, Outcome } from "../study/exact-job.js";
import { ExactPool } from "../study/exact-pool.js";
import { QueueError } from "../study/queue/errors.js";
import { workOnQueue } from "../study/queue/work-on-queue.js";
import type { ExactMeasures } from "../study/results.js";
import { Failure } from "./failure.js";

/** Options of the command. */
export interface WorkOptions {
  readonly queue: string;
}

/** @returns the exit status. */
export async function work({ queue }: WorkOptions): Promise<number> {
  const ended = new AbortController();
  const end = (): void => ended.abort();
  process.once("SIGINT", end);
  process.once("SIGTERM", end);
  const studies = new ExactPool();
  const hosts = new ExactPool<HostJob, HostOutcome>(studies.threads, "host-thread");
  const run = (job: ExactJob | HostJob): Promise<Outcome<ExactMeasures | HostOutcome>> =>
    "host" in job ? runOnWorker(hosts, job) : studies.run(job);
  try {
    await workOnQueue(queue, buildId(), run, {
      signal: ended.signal,
      concurrency: studies.threads,
      told: (line) => process.stdout.write(`${line}\n`),
    });
    return 0;
  } catch (error) {
    if (error instanceof QueueError) throw new Failure(error.message, { cause: error });
    throw error;
  } finally {
    await Promise.all([studies.close(), hosts.close()]);
  }
}

/** A worker loads no module that a queue names. */
async function runOnWorker(pool: ExactPool<HostJob, HostOutcome>, job: HostJob): Promise<Outcome<HostOutcome>> {
  if (typeof job.policy !== "string") return { problem: "a worker runs no policy that is a file" };
  return pool.run(job);
}
