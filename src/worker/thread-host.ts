/** The operations on threads that a browser and Node do differently. */
import type { WasmHost } from "../load/wasm-files.js";
import type { Thread, ThreadEnded } from "./transport/thread.js";

export interface ThreadHost extends WasmHost {
  /** Starts the package's own script. */
  start(): Thread;
  /**
   * Reports the thread's end, whatever its cause, perhaps more than once.
   *
   * @returns a function that ends the watching.
   */
  watch(thread: Thread, ended: ThreadEnded): () => void;
}
