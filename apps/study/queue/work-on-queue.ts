/** The worker's side of the queue: takes cases and runs them. */
import { once } from "node:events";
import type { ExactJob, Outcome, RunExact } from "../exact-job.js";
import type { ExactMeasures } from "../results.js";
import { queueAddress } from "./address.js";
import { connect } from "./connection.js";
import { queueName } from "./jobs.js";
import { queueModules } from "./modules.js";

/** Options of workOnQueue. */
export interface WorkOnQueueOptions {
  /** Ends the work; cases that were taken are finished first. */
  readonly signal: AbortSignal;
  /** Cases that are run at the same time, 1 or more. */
  readonly concurrency: number;
  /** Receives lines for the user. */
  readonly told: (line: string) => void;
}

/**
 * A worker that is gone no longer renews the locks of its cases. They expire after LOCK_MS, and another worker finds
 * the cases when it looks for such, every LOOK_MS.
 */
const LOCK_MS = 5000;
const LOOK_MS = 1000;
/** Practically no limit: that a worker is killed is no fault of the case. */
const LOSSES = 1_000_000;

/**
 * Takes cases of the build and runs them until the signal. In an outage it waits for the server.
 *
 * @param run - runs a case; it must leave the event loop free, which renews the locks meanwhile.
 * @throws QueueError: at once, where the queue cannot be used.
 */
export async function workOnQueue<J = ExactJob, M = ExactMeasures>(
  url: string,
  build: string,
  run: RunExact<J, M>,
  { signal, concurrency, told }: WorkOnQueueOptions,
): Promise<void> {
  const address = queueAddress(url);
  const modules = await queueModules();
  if (signal.aborted) return;
  const { redis } = await connect(modules, address, { told, giveUp: () => signal.aborted });
  const worker = new modules.Worker<J | null, Outcome<M>>(
    queueName(build),
    ({ data }) => {
      if (data === null) throw new Error("the case was taken for one that is done"); // the study queues it again
      return run(data);
    },
    {
      connection: redis,
      skipVersionCheck: true,
      concurrency,
      lockDuration: LOCK_MS,
      stalledInterval: LOOK_MS,
      maxStalledCount: LOSSES,
      runRetryDelay: LOOK_MS,
    },
  );

  // drops the demand, which is large, of a case that is done; where this fails it expires after a day
  worker.on("completed", (job) => void job.updateData(null).catch(() => {}));

  worker.on("failed", (job, error) => {
    if (job?.data !== null) told(`a case was lost: what ran it has ended: ${error.message}`);
  });

  let gone = false;
  redis.on("reconnecting", () => {
    if (!gone) told(`lost the queue at ${address.host}: waiting for it`);
    gone = true;
  });
  redis.on("ready", () => {
    if (gone) told(`the queue at ${address.host} is back`);
    gone = false;
  });
  let last = "";
  worker.on("error", (error) => {
    if (isOutage(error) || error.message === last) return;
    last = error.message;
    told(`the queue at ${address.host}: ${error.message}`);
  });

  told(`takes cases of build ${build} from ${address.shown}`);
  if (!signal.aborted) await once(signal, "abort");
  // takes no more from now on
  await worker.pause(true);
  // a connection that waits for its next attempt to connect would not close
  const blocking = await worker.getBackend().blockingClient;
  await Promise.all([redis, blocking].map((client) => client && settled(client)));
  await worker.close();
  redis.disconnect();
}

/** Returns true for errors of a lost connection, which the user is told of only once. */
function isOutage(error: Error): boolean {
  return typeof (error as NodeJS.ErrnoException).code === "string" || error.message.startsWith("Connection is closed");
}

function settled(client: { status: string; once(event: string, listener: () => void): unknown }): Promise<void> {
  return new Promise((resolve) => {
    if (client.status === "ready" || client.status === "end") resolve();
    client.once("ready", resolve);
    client.once("end", resolve);
  });
}
