/** The life of a thread in a browser, seen from either side. */
import type { Opening } from "./protocol.js";
import type { Thread, ThreadEnded } from "./thread.js";

/**
 * Reports a worker's failure, which ends it.
 *
 * @returns a function that ends the watching.
 */
export function watchWorker(thread: Thread, ended: ThreadEnded): () => void {
  const failed = ({ message }: ErrorEvent): void => {
    // in Node the thread would have ended by itself
    thread.terminate();
    // the browser says nothing more about a script that did not load
    ended(message || "its script cannot be loaded");
  };
  (thread as Worker).addEventListener("error", failed);
  return () => (thread as Worker).removeEventListener("error", failed);
}

/** Serves every connection to this worker. Its script must call it at once. */
export function serveConnections(serve: (port: MessagePort) => void): void {
  addEventListener("message", ({ data }: MessageEvent<Opening>) => {
    if (data?.xenBalloon instanceof MessagePort) serve(data.xenBalloon);
  });
}
