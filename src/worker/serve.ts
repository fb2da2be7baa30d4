/** The thread's way in, in a browser. */
import { MachineServer } from "./machine-server.js";
import type { Opening } from "./protocol.js";

/**
 * Serves a machine from a worker's script of your own: all it needs to do, at once. Where bundlers leave the package's
 * own script behind, as esbuild and rollup do, a worker of two lines is handed to `createMachine`.
 *
 * @throws Error in Node, on the main thread.
 * @example
 * import { serve } from "xen-balloon/worker";
 * serve();
 */
export function serve(): void {
  addEventListener("message", ({ data }: MessageEvent<Opening>) => {
    if (data?.xenBalloon instanceof MessagePort) new MachineServer(data.xenBalloon);
  });
}
