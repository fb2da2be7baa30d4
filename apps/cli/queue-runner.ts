/** Has workers of a queue run cases. */
import { buildId } from "../study/environment.js";
import type { ExactRunner } from "../study/exact-job.js";
import { queueAddress } from "../study/queue/address.js";
import { QueueError } from "../study/queue/errors.js";
import { queueModules } from "../study/queue/modules.js";
import { runOnQueue } from "../study/queue/run-on-queue.js";
import { Failure } from "./failure.js";

/** Refuses, before anything runs, a queue with a wrong URL or without its packages. */
export async function refuseQueue(queue: string): Promise<void> {
  try {
    queueAddress(queue);
    await queueModules();
  } catch (error) {
    throw error instanceof QueueError ? new Failure(error.message, { cause: error }) : error;
  }
}

/** Makes the runner that has the workers of a queue run exact cases. */
export function queueRunner<J extends object, M>(queue: string): ExactRunner<J, M> {
  const told = (line: string): boolean => process.stderr.write(`xen-balloon: ${line}\n`);
  return (cases, signal) => runOnQueue<J, M>(queue, buildId(), cases, { signal, told });
}

/** The option that names the queue again, without its secrets; empty where there is none. */
export function queueOption(queue: string | undefined): string {
  return queue === undefined ? "" : ` --queue ${queueAddress(queue).shown}`;
}
