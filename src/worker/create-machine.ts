/** Makes machines for the entries that run the engine in a worker. The entries differ in how they start a thread. */

import type { EngineOptions } from "../api/create-machine.js";
import { ArgumentTypeError } from "../host/argument-error.js";
import { describe } from "../host/arguments.js";
import { completeMachineOptions } from "../host/machine-options.js";
import { compileFiles } from "../load/wasm-files.js";
import { ERRORS, type MachineState, unpack } from "./machine-protocol.js";
import { RemoteMachine } from "./remote-machine.js";
import type { ThreadHost } from "./thread-host.js";
import { Connection } from "./transport/connection.js";
import { ROOT } from "./transport/protocol.js";
import type { Thread } from "./transport/thread.js";

/** The options of a machine in a worker, with its Wasm files and its worker. */
export interface WorkerOptions extends EngineOptions {
  /**
   * A worker of your own whose script calls `serve` within half a minute: a Web Worker, or a Worker of
   * node:worker_threads. It takes one machine and ends with it. You may pass it again if no machine could be made.
   * Default: the package's own script. Vite and webpack, which know `new Worker(new URL(…))`, bundle it.
   */
  readonly worker?: Thread;
}

/** The longest time for a worker's script to load and call `serve`, in ms. Only this reveals one that never does. */
const SERVED_WITHIN_MS = 30_000;

/** The caller's own workers that have a machine, or will have one. */
const taken = new WeakSet<Thread>();

export async function createMachineIn(options: WorkerOptions, host: ThreadHost): Promise<RemoteMachine> {
  const machine = completeMachineOptions(options, ["worker", "wasm"]);
  const { worker, wasm } = options;
  const thread = worker === undefined ? host.start() : take(worker);
  const before: MachineState = { nowMs: 0, memoryBytes: 0 };
  const connection = new Connection(thread, before, {
    errors: ERRORS,
    unpackers: { hypercall: unpack },
    served: () => clearTimeout(timer),
  });
  const unwatch = host.watch(thread, (why, cause) => connection.threadEnded(threadEnded(why, cause)));
  const timer = worker && setTimeout(() => connection.lose(new Error(NOT_SERVED)), SERVED_WITHIN_MS);
  // in Node the thread, not the timer, decides whether the process waits
  (timer as { unref?(): void } | undefined)?.unref?.();
  try {
    const modules = wasm === undefined ? undefined : await compileFiles(wasm, host);
    const receive = (target: number): RemoteMachine => new RemoteMachine(connection, target, machine);
    return await connection.call(ROOT, "create", [machine, modules], { receive });
  } catch (error) {
    connection.lose(new Error("the machine was not made"));
    clearTimeout(timer);
    if (worker === undefined) {
      await thread.terminate();
    } else {
      unwatch();
      taken.delete(worker);
      // the call made the process wait for the thread
      worker.unref?.();
    }
    throw error;
  }
}

const NOT_SERVED = `worker: expected one whose script calls serve, heard nothing of it for ${SERVED_WITHIN_MS / 1000} s`;

/** @throws TypeError: it is no worker. Error: it has a machine already. */
function take(worker: Thread): Thread {
  if (typeof worker?.postMessage !== "function") {
    throw new ArgumentTypeError("worker", "a Worker", describe(worker));
  }
  if (taken.has(worker)) throw new Error("worker: expected one without a machine, got one that has a machine");
  taken.add(worker);
  return worker;
}

/** @param why - the reason, as far as it is known. */
function threadEnded(why: string, cause: unknown): Error {
  return new Error(`the machine's thread has ended: ${why}`, cause === undefined ? {} : { cause });
}
