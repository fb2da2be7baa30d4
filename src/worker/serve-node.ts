/** The thread's way in, in Node. */
import { parentPort } from "node:worker_threads";
import { MachineServer } from "./machine-server.js";
import type { Opening } from "./protocol.js";

/** As serve.ts. The thread goes on until its process ends, which waits for it only while there is something to do. */
export function serve(): void {
  if (parentPort === null) throw new Error("serve: expected to be called in a worker thread");
  parentPort.on("message", (message: Opening | null) => {
    if (message?.xenBalloon instanceof MessagePort) new MachineServer(message.xenBalloon);
  });
}
