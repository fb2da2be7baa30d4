/** The thread's way in, in a browser. */
import { serveMachine } from "./serve-machine.js";
import { serveConnections } from "./transport/web-worker.js";

/**
 * Serves a machine from a worker's script of your own. The script must call it at once, and needs nothing else. esbuild
 * and rollup do not bundle the package's own script: there, pass a worker with this two-line script to `createMachine`.
 *
 * @throws Error in Node, on the main thread.
 * @example
 * import { serve } from "xen-balloon/worker";
 * serve();
 */
export function serve(): void {
  serveConnections(serveMachine);
}
