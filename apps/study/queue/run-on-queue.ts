/** The study's side of the queue: puts cases on it and takes their outcomes. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Queue } from "bullmq";
import type { ExactCase, ExactJob, ExactOutcome, Outcome } from "../exact-job.js";
import type { ExactMeasures } from "../results.js";
import { type QueueAddress, queueAddress } from "./address.js";
import { type Connection, connect, OUTAGE_MS } from "./connection.js";
import { QueueLost } from "./errors.js";
import { bulkJob, jobId, queueName } from "./jobs.js";
import { queueModules } from "./modules.js";

/** Options of runOnQueue. */
export interface RunOnQueueOptions {
  /** Ends the study with the signal's reason; the cases on the queue stay there. */
  readonly signal: AbortSignal;
  /** Receives lines for the user. */
  readonly told: (line: string) => void;
}

/** The number of cases on the queue at once: enough for many workers, and little memory of the server. */
const WINDOW = 256;
const POLL_MS = { least: 20, most: 500 } as const;
const SILENCE_MS = 30_000;
/** A case that is lost so often is reported: it ends every worker that runs it. */
const MOST_LOSSES = 5;
/** The states that BullMQ's isFinished returns. */
const COMPLETED = 1;
const NOT_FINISHED = 0;

/**
 * Has workers of the same build run the cases: yields the result of each once, in the order in which they come. A case
 * whose result is still on the queue is not run again, whichever study had asked for it; a case that the queue has lost
 * is put on it again.
 *
 * @param cases - one with the id of another is left out.
 * @throws QueueError: at once, where the queue cannot be used.
 * @throws QueueLost: the server did not answer for OUTAGE_MS, or refused.
 */
export async function* runOnQueue<J extends object = ExactJob, M = ExactMeasures>(
  url: string,
  build: string,
  cases: readonly ExactCase<J>[],
  { signal, told }: RunOnQueueOptions,
): AsyncGenerator<ExactOutcome<M>, void> {
  const address = queueAddress(url);
  const modules = await queueModules();
  signal.throwIfAborted();
  const connection = await connect(modules, address, { told, giveUp: () => false });
  const queue = new modules.Queue<object, Outcome<M>>(queueName(build), {
    connection: connection.redis,
    skipVersionCheck: true,
  });
  // an error rejects the command that met it
  queue.on("error", () => {});
  try {
    const unasked = new Map(cases.map((asked) => [jobId(build, asked), asked]));
    const silence = new Silence(queue, () =>
      told(
        `no worker of this build (${build}) has taken a case for ${SILENCE_MS / 1000} s: ` +
          `start one with xen-balloon work --queue ${address.shown}`,
      ),
    );
    yield* results(queue, unasked, silence, (command) => answer(command, address, connection, signal), signal);
  } finally {
    await queue.close();
    connection.redis.disconnect();
  }
}

type Answered = <T>(command: Promise<T>) => Promise<T>;

/** @param unasked - cases by the id of their job. */
async function* results<J extends object, M>(
  queue: Queue<object, Outcome<M>>,
  unasked: Map<string, ExactCase<J>>,
  silence: Silence,
  answered: Answered,
  signal: AbortSignal,
): AsyncGenerator<ExactOutcome<M>, void> {
  const asked = new Map<string, ExactCase<J>>();
  const losses = new Map<string, number>();
  let pollMs: number = POLL_MS.least;
  for (;;) {
    const batch = [...unasked].slice(0, WINDOW - asked.size);
    if (batch.length > 0) await answered(queue.addBulk(batch.map(([id, added]) => bulkJob(id, added))));
    for (const [id, added] of batch) {
      unasked.delete(id);
      asked.set(id, added);
    }
    if (asked.size === 0) return;

    let came = false;
    const states = await answered(
      Promise.all([...asked].map(async ([id, { id: name }]) => ({ id, name, ...(await finished(queue, id)) }))),
    );
    for (const { id, name, state, text } of states) {
      if (state === COMPLETED) {
        asked.delete(id);
        came = true;
        yield { case: name, ...(JSON.parse(text) as Outcome<M>) };
      } else if (state !== NOT_FINISHED) {
        // gone: the server was restarted without its data, or a worker could not hand over its outcome
        const lost = (losses.get(id) ?? 0) + 1;
        losses.set(id, lost);
        if (lost < MOST_LOSSES) unasked.set(id, asked.get(id) as ExactCase<J>);
        else yield { case: name, problem: `it was lost ${lost} times: see what workers say` };
        asked.delete(id);
      }
    }
    if (came) {
      pollMs = POLL_MS.least;
      silence.broken();
    } else {
      await answered(silence.check());
      await sleep(pollMs, undefined, { signal }).catch(() => signal.throwIfAborted());
      pollMs = Math.min(2 * pollMs, POLL_MS.most);
    }
  }
}

async function finished(queue: Queue, id: string): Promise<{ state: number; text: string }> {
  const answer = await queue.getBackend().isFinished(id, true);
  return typeof answer === "number" ? { state: answer, text: "" } : { state: answer[0], text: answer[1] };
}

/** Awaits a command, for OUTAGE_MS at most: while the server is gone, ioredis keeps it and sends it later. */
async function answer<T>(
  command: Promise<T>,
  { host }: QueueAddress,
  { problem }: Connection,
  signal: AbortSignal,
): Promise<T> {
  const ended = new AbortController();
  const late = sleep(OUTAGE_MS, undefined, { signal: AbortSignal.any([signal, ended.signal]) }).then(() => {
    throw new QueueLost(`lost the queue at ${host}: ${problem() ?? "no answer"} for ${OUTAGE_MS / 1000} s`);
  });
  try {
    return await Promise.race([command, late]);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof QueueLost) throw error;
    throw new QueueLost(`lost the queue at ${host}: ${(error as Error).message}`);
  } finally {
    ended.abort();
  }
}

/** Tells the user once when no outcome comes because no worker is there; again after an outcome came. */
class Silence {
  readonly #queue: Queue;
  readonly #tell: () => void;
  #since = performance.now();
  #told = false;

  constructor(queue: Queue, tell: () => void) {
    this.#queue = queue;
    this.#tell = tell;
  }

  broken(): void {
    this.#since = performance.now();
    this.#told = false;
  }

  async check(): Promise<void> {
    if (this.#told || performance.now() - this.#since < SILENCE_MS) return;
    this.#since = performance.now();
    // a server that does not list its clients may have some
    const workers = await this.#queue.getWorkersCount().catch(() => 1);
    if (workers > 0) return;
    this.#told = true;
    this.#tell();
  }
}
