/** The thread's way in, in Node, Bun and Deno. */
import { type MessagePort as NodePort, parentPort } from "node:worker_threads";
import { MachineServer } from "./machine-server.js";
import type { Message, Opening } from "./protocol.js";

/** A process waits for its thread until the thread says that nothing is left to do. */
export function serve(): void {
  const parent = parentPort;
  if (parent === null) throw new Error("serve: expected to be called in a worker thread");
  // Deno ends a thread that no port holds, and tells it nothing before: there the machine says when it has nothing to do
  const isDeno = process.versions.deno !== undefined;
  let port: MessagePort | undefined;
  const tellIdle = (): void => port?.postMessage("idle" satisfies Message);
  parent.on("message", (message: Opening | null) => {
    if (!(message?.xenBalloon instanceof MessagePort)) return;
    port = message.xenBalloon;
    new MachineServer(port, isDeno ? tellIdle : undefined);
    if (isDeno) return;
    // no port holds the thread while there is something to do: its runtime sees, by timers and calls, when that is over
    port.addEventListener("message", () => parent.unref());
    (port as unknown as NodePort).unref();
    parent.unref();
  });
  process.on("beforeExit", () => {
    parent.ref();
    tellIdle();
  });
}
