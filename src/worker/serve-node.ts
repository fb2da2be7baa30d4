/** The thread's way in, in Node. */
import { type MessagePort as NodePort, parentPort } from "node:worker_threads";
import { MachineServer } from "./machine-server.js";
import type { Message, Opening } from "./protocol.js";

/** As serve.ts. Besides, it says when nothing is left to do, for the process to end then. */
export function serve(): void {
  const parent = parentPort;
  if (parent === null) throw new Error("serve: expected to be called in a worker thread");
  let port: MessagePort | undefined;
  parent.on("message", (message: Opening | null) => {
    if (!(message?.xenBalloon instanceof MessagePort)) return;
    port = message.xenBalloon;
    new MachineServer(port);
    // no port holds the thread while there is something to do: Node sees, by its timers and calls, when that is over
    port.addEventListener("message", () => parent.unref());
    (port as unknown as NodePort).unref();
    parent.unref();
  });
  process.on("beforeExit", () => {
    parent.ref();
    port?.postMessage("idle" satisfies Message);
  });
}
