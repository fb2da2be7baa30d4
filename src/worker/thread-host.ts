/** What a browser and Node do each in their way to run a thread. */
import type { WasmHost } from "../load/wasm-files.js";

/** A Web Worker, or a Worker of node:worker_threads. */
export interface Thread {
  /** Sends a message, and gives away what is in `transfer`. */
  postMessage(message: unknown, transfer?: readonly unknown[]): void;
  /** Ends it at once. */
  terminate(): unknown;
  /** In Node: the process waits for it. */
  ref?(): void;
  /** In Node: the process does not. */
  unref?(): void;
}

export interface ThreadHost extends WasmHost {
  /** Starts the package's own script. */
  start(): Thread;
  /** Tells of the thread's end, whatever it came of; maybe more than once. */
  watch(thread: Thread, ended: (error: Error) => void): void;
}

/** @param why - what happened, as far as it is known. */
export function threadEnded(why: string, cause?: unknown): Error {
  return new Error(`the machine's thread has ended: ${why}`, cause === undefined ? {} : { cause });
}
