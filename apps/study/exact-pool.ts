/** Runs exact cases on all cores: counts do not depend on how busy the machine is. */
import { availableParallelism } from "node:os";
import { Piscina } from "piscina";
import { messageOf } from "xen-balloon/core";
import type { ExactCase, ExactJob, ExactOutcome, RunExact } from "./exact-job.js";

/** A pool of threads; each runs one case at a time. */
export class ExactPool {
  readonly threads: number;
  readonly #pool: Piscina;
  #closed = false;

  /** @param threads - default: one for each core. */
  constructor(threads: number = availableParallelism()) {
    this.threads = threads;
    this.#pool = new Piscina({
      filename: new URL("./exact-thread.js", import.meta.url).href,
      minThreads: 0,
      maxThreads: threads,
      execArgv: [],
    });
    // a thread that is ended may still have an answer on its way
    this.#pool.on("error", (error) => {
      if (!this.#closed) throw error;
    });
  }

  readonly run: RunExact = (job) => this.#pool.run(job);

  /** Ends the threads, even those that are running a case. */
  close(): Promise<void> {
    this.#closed = true;
    return this.#pool.destroy();
  }
}

/** Runs cases on the cores of this machine. */
export async function* runInPool(cases: readonly ExactCase[], signal: AbortSignal): AsyncGenerator<ExactOutcome> {
  const pool = new ExactPool();
  const running = new Map<string, Promise<ExactOutcome>>();
  const waiting = [...cases];
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  aborted.catch(() => {});
  try {
    signal.throwIfAborted();
    while (waiting.length > 0 || running.size > 0) {
      for (const { id, job } of waiting.splice(0, pool.threads - running.size)) running.set(id, outcome(id, job));
      const done = await Promise.race([...running.values(), aborted]);
      running.delete(done.case);
      yield done;
    }
  } finally {
    await pool.close();
  }

  async function outcome(id: string, job: ExactJob): Promise<ExactOutcome> {
    try {
      return { case: id, ...(await pool.run(job)) };
    } catch (error) {
      return { case: id, problem: `the thread that ran it has ended: ${messageOf(error)}` };
    }
  }
}
