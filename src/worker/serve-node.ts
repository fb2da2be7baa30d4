/** The thread's way in, in Node, Bun and Deno. */
import { type MessagePort as NodePort, parentPort } from "node:worker_threads";
import { serveMachine } from "./serve-machine.js";
import type { Message, Opening } from "./transport/protocol.js";

/** Serves a machine. The process waits for the thread until the thread says that it has nothing left to do. */
export function serve(): void {
  const parent = parentPort;
  if (parent === null) throw new Error("serve: expected to be called in a worker thread");
  // Deno ends a thread that no port holds, without notice: there the machine says when it has nothing to do
  const isDeno = process.versions.deno !== undefined;
  let port: MessagePort | undefined;
  const tellIdle = (): void => port?.postMessage("idle" satisfies Message);
  parent.on("message", (message: Opening | null) => {
    if (!(message?.xenBalloon instanceof MessagePort)) return;
    port = message.xenBalloon;
    serveMachine(port, isDeno ? tellIdle : undefined);
    if (isDeno) return;
    // no port holds the thread while it has work: the runtime sees by timers and calls when the work is over
    port.addEventListener("message", () => parent.unref());
    (port as unknown as NodePort).unref();
    parent.unref();
  });
  process.on("beforeExit", () => {
    parent.ref();
    tellIdle();
  });
}
