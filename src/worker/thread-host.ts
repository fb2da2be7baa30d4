/** What a browser and Node do each in their way to run a thread. */
import type { WasmHost } from "../load/wasm-files.js";

/** A Web Worker, or a Worker of node:worker_threads. */
export interface Thread {
  /**
   * Sends a message.
   *
   * @param message - is copied, as by structuredClone.
   * @param transfer - what of it is given away: a port, the buffers of arrays.
   */
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
  /**
   * Tells of the thread's end, whatever it came of; maybe more than once.
   *
   * @param ended - is told why, as far as it is known, and of the error that it came of.
   * @returns a function that ends the watching.
   */
  watch(thread: Thread, ended: (why: string, cause?: unknown) => void): () => void;
}
