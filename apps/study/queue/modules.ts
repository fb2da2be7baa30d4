/** Loads BullMQ and ioredis, peer dependencies that the users of a queue install. */
import { QueueError } from "./errors.js";

/** The classes of BullMQ and ioredis that are used. */
export interface QueueModules {
  readonly Queue: typeof import("bullmq").Queue;
  readonly Worker: typeof import("bullmq").Worker;
  readonly Redis: typeof import("ioredis").Redis;
}

/** @throws QueueError: one of them is not installed. */
export async function queueModules(load: () => Promise<QueueModules> = imported): Promise<QueueModules> {
  try {
    return await load();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new QueueError("the queue needs bullmq and ioredis: npm install bullmq@6.7.0 ioredis@6.0.0");
  }
}

async function imported(): Promise<QueueModules> {
  const [{ Queue, Worker }, { Redis }] = await Promise.all([import("bullmq"), import("ioredis")]);
  return { Queue, Worker, Redis };
}
