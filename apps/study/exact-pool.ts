/** Exact cases run on all cores: they need no quiet machine. */
import { availableParallelism } from "node:os";
import { Piscina } from "piscina";
import { messageOf } from "xen-balloon/core";
import type { ExactCase, ExactJob, ExactOutcome, RunExact } from "./exact-job.js";

/** Threads that run cases, one each at a time. */
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
    // what a thread had answered when it was ended
    this.#pool.on("error", (error) => {
      if (!this.#closed) throw error;
    });
  }

  readonly run: RunExact = (job) => this.#pool.run(job);

  /** Ends the threads, whatever they are doing. */
  close(): Promise<void> {
    this.#closed = true;
    return this.#pool.destroy();
  }
}

/** On the cores of this machine. */
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
