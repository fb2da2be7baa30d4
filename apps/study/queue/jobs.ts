/** How cases and their outcomes lie on the queue. */
import { createHash } from "node:crypto";
import type { ExactCase, ExactJob } from "../exact-job.js";

/** Seconds that an outcome stays on the queue, for a study that is resumed and for others with the same case. */
const KEPT_SECONDS = 24 * 60 * 60;

/** One queue a build, so that no other takes its cases: counts are those of the build. */
export function queueName(build: string): string {
  return `xen-balloon-exact-${encodeURIComponent(build)}`;
}

/**
 * The same for the same case of the same build, whoever asks, and whatever his ids say of the demand. A hash, since
 * BullMQ forbids colons and numbers.
 */
export function jobId(build: string, { id, job }: ExactCase): string {
  const text = JSON.stringify([build, id, job.demand]);
  return `case-${createHash("sha256").update(text).digest("hex").slice(0, 32)}`;
}

/**
 * A case as BullMQ takes it; one that is already there stays as it is. A case at fault is completed as well: BullMQ's
 * failed jobs are those of which nothing is known, and they are put on the queue again.
 */
export function bulkJob(jobId: string, { id, job }: ExactCase): BulkJob {
  return { name: id, data: job, opts: { jobId, removeOnComplete: { age: KEPT_SECONDS }, removeOnFail: true } };
}

export interface BulkJob {
  readonly name: string;
  readonly data: ExactJob;
  readonly opts: {
    readonly jobId: string;
    readonly removeOnComplete: { age: number };
    readonly removeOnFail: true;
  };
}
