/** `work --queue URL`: runs the exact cases of studies on a queue until SIGINT or SIGTERM. */
import { buildId } from "../study/environment.js";
import { ExactPool } from "../study/exact-pool.js";
import { QueueError } from "../study/queue/errors.js";
import { workOnQueue } from "../study/queue/work-on-queue.js";
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
  const pool = new ExactPool();
  try {
    await workOnQueue(queue, buildId(), pool.run, {
      signal: ended.signal,
      concurrency: pool.threads,
      told: (line) => process.stdout.write(`${line}\n`),
    });
    return 0;
  } catch (error) {
    if (error instanceof QueueError) throw new Failure(error.message, { cause: error });
    throw error;
  } finally {
    await pool.close();
  }
}
