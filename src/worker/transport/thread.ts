/** A thread as its caller sees it, in Node and in a browser. */

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

/** Receives the reason for a thread's end, as far as it is known, and the error that caused it. */
export type ThreadEnded = (why: string, cause?: unknown) => void;
