/** Runs exact cases on all cores: counts do not depend on how busy the machine is. */
import { availableParallelism } from "node:os";
import { Piscina } from "piscina";
import { messageOf } from "xen-balloon/core";
import type { ExactCase, ExactJob, ExactOutcome, Outcome } from "./exact-job.js";
import type { ExactMeasures } from "./results.js";

/**
 * The most MB of a thread's young objects; V8 would take 48. A host of 40 guests needed 20 MB less with it and no more time.
 */
const YOUNG_MB = 24;

/** The scripts of threads: of cases of studies, and of hosts. */
export type ThreadScript = "exact-thread" | "host-thread";

/** A pool of threads; each runs one case at a time. */
export class ExactPool<J = ExactJob, M = ExactMeasures> {
  readonly threads: number;
  readonly #pool: Piscina;
  #closed = false;

  /**
   * @param threads - default: one for each core.
   * @param script - what a thread runs. Default: exact-thread.
   */
  constructor(threads: number = availableParallelism(), script: ThreadScript = "exact-thread") {
    this.threads = threads;
    this.#pool = new Piscina({
      filename: new URL(`./${script}.js`, import.meta.url).href,
      minThreads: 0,
      maxThreads: threads,
      execArgv: [],
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    });
    // a thread that is ended may still have an answer on its way
    this.#pool.on("error", (error) => {
      if (!this.#closed) throw error;
    });
  }

  /** @param ended - ends the thread that runs the job, even in the middle of it. */
  readonly run = (job: J, ended?: AbortSignal): Promise<Outcome<M>> => this.#pool.run(job, { signal: ended ?? null });

  /** Ends the threads, even those that are running a case. */
  close(): Promise<void> {
    this.#closed = true;
    return this.#pool.destroy();
  }
}

/** Runs cases of studies on the cores of this machine. */
export function runInPool(cases: readonly ExactCase[], signal: AbortSignal): AsyncGenerator<ExactOutcome> {
  const pool = new ExactPool();
  return runOn(pool, pool.run, cases, signal);
}

/**
 * Runs cases on the threads of a pool, which it closes at the end.
 *
 * @param run - runs one case on the pool.
 */
export async function* runOn<J, M>(
  pool: ExactPool<J, M>,
  run: (job: J) => Promise<Outcome<M>>,
  cases: readonly ExactCase<J>[],
  signal: AbortSignal,
): AsyncGenerator<ExactOutcome<M>> {
  const running = new Map<string, Promise<ExactOutcome<M>>>();
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

  async function outcome(id: string, job: J): Promise<ExactOutcome<M>> {
    try {
      return { case: id, ...(await run(job)) };
    } catch (error) {
      return { case: id, problem: `the thread that ran it has ended: ${messageOf(error)}` };
    }
  }
}
