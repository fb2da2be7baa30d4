/**
 * The same API for Node, with the machine and its guests in a worker thread, where they do not block the caller.
 *
 * @module xen-balloon/worker
 */
import "./host/supported.js";
import { Worker } from "node:worker_threads";
import { node } from "./load/node.js";
import { createMachineIn, type WorkerOptions } from "./worker/create-machine.js";
import type { RemoteMachine } from "./worker/remote-machine.js";
import type { ThreadHost } from "./worker/thread-host.js";

export type { EngineOptions } from "./api/create-machine.js";
export * from "./api/exports.js";
export type { WasmFiles, WasmSource } from "./load/wasm-files.js";
export type { WorkerOptions } from "./worker/create-machine.js";
export type { Public } from "./worker/public.js";
export type { RemoteGuest } from "./worker/remote-guest.js";
export type { RemoteMachine } from "./worker/remote-machine.js";
export { serve } from "./worker/serve-node.js";
export type { Thread } from "./worker/transport/thread.js";

const host: ThreadHost = {
  ...node,
  // the program's own Node flags, such as --input-type and --import, do not apply to this script
  start: () => new Worker(new URL("./worker/thread-node.js", import.meta.url), { execArgv: [] }),
  watch(thread, ended) {
    const worker = thread as Worker;
    const failed = (error: Error): void => ended(error.message, error);
    const exited = (status: number): void => ended(`exit status ${status}`);
    worker.on("error", failed).on("exit", exited);
    // no event reports an end in the past
    if (worker.threadId === -1) ended("it had ended before");
    return () => worker.off("error", failed).off("exit", exited);
  },
};

/**
 * Starts a worker and makes a machine in it, on which guests boot.
 *
 * @param options - see WorkerOptions.
 * @throws TypeError, RangeError: an option out of range or one that cannot be sent to a thread, more frames than linear
 * memory has room for, a Wasm file that is not of this build. Error: a file that cannot be read, a worker that does not
 * start, does not serve or has a machine already.
 * @example
 * const machine = await createMachine({ hostPages: 8192 });
 */
export async function createMachine(options: WorkerOptions): Promise<RemoteMachine> {
  return createMachineIn(options, host);
}
