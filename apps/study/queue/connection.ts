/** Connects to the Redis server of a queue; the connection outlives short outages. */
import type { Redis as RedisClient } from "ioredis";
import type { QueueAddress } from "./address.js";
import { QueueError } from "./errors.js";
import type { QueueModules } from "./modules.js";

/** The longest outage of the server that is no error, in ms. */
export const OUTAGE_MS = 10_000;

const START_MS = 5000;
const RETRY_MS = 1000;
/** The first major version of Redis that has the commands BullMQ needs. */
const OLDEST_VERSION = 5;

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection reset",
  ENOTFOUND: "no such host",
  EAI_AGAIN: "the host's name cannot be looked up",
  ETIMEDOUT: "no answer",
};

/** A connection that is checked. */
export interface Connection {
  readonly redis: RedisClient;
  /** The reason why the server cannot be reached; null where none is known. */
  problem(): string | null;
}

/**
 * Connects, and checks that the server can hold a queue.
 *
 * @param giveUp - asked in an outage that has lasted for OUTAGE_MS or more: whether to end the connection.
 * @throws QueueError: it cannot, told within START_MS.
 */
export async function connect(
  { Redis }: QueueModules,
  { url, host }: QueueAddress,
  { told, giveUp }: { told: (line: string) => void; giveUp: () => boolean },
): Promise<Connection> {
  let connected = false;
  let problem: string | null = null;
  const redis = new Redis(url, {
    maxRetriesPerRequest: null,
    connectTimeout: START_MS,
    socketTimeout: OUTAGE_MS,
    retryStrategy: (times) => (!connected || (times * RETRY_MS >= OUTAGE_MS && giveUp()) ? null : RETRY_MS),
  });
  redis.on("error", (error) => {
    problem = reasonOf(error);
  });
  redis.on("ready", () => {
    problem = null;
  });
  try {
    const info = await started(redis);
    connected = true;
    checkServer(info, host, told);
    return { redis, problem: () => problem };
  } catch (error) {
    redis.disconnect();
    if (error instanceof QueueError) throw error;
    // ioredis' errors hold the command's arguments, the password among them: none is a cause
    throw new QueueError(`cannot use the queue at ${host}: ${problem ?? reasonOf(error as Error)}`);
  }
}

/** Waits for the connection, and returns the server's INFO. */
function started(redis: RedisClient): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${START_MS / 1000} s`)), START_MS);
    redis.once("end", () => reject(new Error("the connection was closed")));
    redis
      .info()
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}

function checkServer(info: string, host: string, told: (line: string) => void): void {
  const version = /^redis_version:(.*?)\r?$/m.exec(info)?.[1] ?? "";
  if (Number.parseInt(version, 10) < OLDEST_VERSION) {
    throw new QueueError(`cannot use the queue at ${host}: expected Redis ${OLDEST_VERSION} or later, got ${version}`);
  }
  const policy = /^maxmemory_policy:(.*?)\r?$/m.exec(info)?.[1] ?? "noeviction";
  if (policy !== "noeviction") {
    told(
      `Redis at ${host} may drop cases, which are then run again: its maxmemory-policy is ${policy}, not noeviction`,
    );
  }
}

function reasonOf(error: Error): string {
  const { code = "", message } = error as NodeJS.ErrnoException;
  return REASONS[code] ?? (message || code);
}
