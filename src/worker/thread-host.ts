/** The operations on threads that a browser and Node do differently. */
import type { WasmHost } from "../load/wasm-files.js";

/** A Web Worker, or a Worker of node:worker_threads. */
export interface Thread {
  /**
   * Sends a message.
   *
   * @param message - the message, which is copied as by structuredClone.
   * @param transfer - the parts that are transferred: a port, the buffers of arrays.
   */
  postMessage(message: unknown, transfer?: readonly unknown[]): void;
  /** Ends the thread at once. */
  terminate(): unknown;
  /** In Node: makes the process wait for the thread. */
  ref?(): void;
  /** In Node: lets the process end without the thread. */
  unref?(): void;
}

export interface ThreadHost extends WasmHost {
  /** Starts the package's own script. */
  start(): Thread;
  /**
   * Reports the thread's end, whatever its cause, perhaps more than once.
   *
   * @param ended - receives the reason, as far as it is known, and the error that caused it.
   * @returns a function that ends the watching.
   */
  watch(thread: Thread, ended: (why: string, cause?: unknown) => void): () => void;
}
