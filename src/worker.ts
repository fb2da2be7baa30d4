/**
 * The same API for a browser, with the machine and its guests in a worker, where they do not block the caller.
 *
 * @module xen-balloon/worker
 */
import { anywhere } from "./load/wasm-files.js";
import { createMachineIn, type WorkerOptions } from "./worker/create-machine.js";
import type { RemoteMachine } from "./worker/remote-machine.js";
import type { ThreadHost } from "./worker/thread-host.js";
import { watchWorker } from "./worker/transport/web-worker.js";

export type { EngineOptions } from "./api/create-machine.js";
export * from "./api/exports.js";
export type { WasmFiles, WasmSource } from "./load/wasm-files.js";
export type { WorkerOptions } from "./worker/create-machine.js";
export type { Public } from "./worker/public.js";
export type { RemoteGuest } from "./worker/remote-guest.js";
export type { RemoteMachine } from "./worker/remote-machine.js";
export { serve } from "./worker/serve.js";
export type { Thread } from "./worker/transport/thread.js";

const host: ThreadHost = {
  ...anywhere,
  // the URL is one literal expression, because bundlers look for that
  start: () => new Worker(new URL("./worker/thread.js", import.meta.url), { type: "module" }),
  watch: watchWorker,
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
