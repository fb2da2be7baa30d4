/** The names and the form of cases on the queue. */
import { createHash } from "node:crypto";
import type { ExactCase } from "../exact-job.js";

/** Seconds that an outcome stays on the queue, for a study that is resumed and for other studies with the same case. */
const KEPT_SECONDS = 24 * 60 * 60;

/** The name of a build's queue: workers of another build, whose counts may differ, do not take its cases. */
export function queueName(build: string): string {
  return `xen-balloon-exact-${encodeURIComponent(build)}`;
}

/**
 * The id of a job, the same for the same case and demand of the same build, whichever study asks. It is a hash, since
 * BullMQ forbids colons and numbers.
 */
export function jobId(build: string, { id, job }: ExactCase<object>): string {
  const text = JSON.stringify([build, id, "demand" in job ? job.demand : null]);
  return `case-${createHash("sha256").update(text).digest("hex").slice(0, 32)}`;
}

/**
 * Makes the job of a case; one that is already on the queue stays as it is. A case that cannot be run is completed too:
 * BullMQ's failed jobs are the cases without an outcome, which are put on the queue again.
 */
export function bulkJob<J>(jobId: string, { id, job }: ExactCase<J>): BulkJob<J> {
  return { name: id, data: job, opts: { jobId, removeOnComplete: { age: KEPT_SECONDS }, removeOnFail: true } };
}

/** A job in the form that BullMQ's addBulk takes. */
export interface BulkJob<J> {
  readonly name: string;
  readonly data: J;
  readonly opts: {
    readonly jobId: string;
    readonly removeOnComplete: { age: number };
    readonly removeOnFail: true;
  };
}
