/** createMachine of the entries that run the engine in a worker: they differ in how a thread is started. */

import type { EngineOptions } from "../api/create-machine.js";
import { describe } from "../host/arguments.js";
import { completeMachineOptions } from "../host/machine-options.js";
import { compileFiles } from "../load/wasm-files.js";
import { Connection } from "./connection.js";
import { RemoteMachine } from "./remote-machine.js";
import type { Thread, ThreadHost } from "./thread-host.js";

/** What to make a machine of, of which files, and in which worker. */
export interface WorkerOptions extends EngineOptions {
  /**
   * A worker of your own whose script calls `serve` within half a minute: a Web Worker, or a Worker of
   * node:worker_threads. It takes one machine, and ends with it; where none could be made it may be given again. Default:
   * the package's own script, which bundlers that know `new Worker(new URL(…))` take along: Vite and webpack.
   */
  readonly worker?: Thread;
}

/** What a worker's script may take to be loaded and to call `serve`: nothing else tells of one that never does. */
const SERVED_WITHIN_MS = 30_000;

/** Workers of somebody's own that have a machine, or are to have one. */
const taken = new WeakSet<Thread>();

export async function createMachineIn(options: WorkerOptions, host: ThreadHost): Promise<RemoteMachine> {
  const machine = completeMachineOptions(options, ["worker", "wasm"]);
  const { worker, wasm } = options;
  const thread = worker === undefined ? host.start() : take(worker);
  const connection = new Connection(thread, () => clearTimeout(timer));
  const unwatch = host.watch(thread, (why, cause) => connection.threadEnded(threadEnded(why, cause)));
  const timer = worker && setTimeout(() => connection.lose(new Error(NOT_SERVED)), SERVED_WITHIN_MS);
  // in Node it is the thread that a process waits for, or not
  (timer as { unref?(): void } | undefined)?.unref?.();
  try {
    const modules = wasm === undefined ? undefined : await compileFiles(wasm, host);
    await connection.call(null, "create", [machine, modules]);
    return new RemoteMachine(connection, thread, machine);
  } catch (error) {
    connection.lose(new Error("the machine was not made"));
    clearTimeout(timer);
    if (worker === undefined) {
      await thread.terminate();
    } else {
      unwatch();
      taken.delete(worker);
      // a call had the process wait for it
      worker.unref?.();
    }
    throw error;
  }
}

const NOT_SERVED = `worker: expected one whose script calls serve, heard nothing of it for ${SERVED_WITHIN_MS / 1000} s`;

/** @throws TypeError when it is no worker; Error when it has a machine. */
function take(worker: Thread): Thread {
  if (typeof worker?.postMessage !== "function") {
    throw new TypeError(`worker: expected a Worker, got ${describe(worker)}`);
  }
  if (taken.has(worker)) throw new Error("worker: expected one without a machine, got one that has a machine");
  taken.add(worker);
  return worker;
}

/** @param why - what happened, as far as it is known. */
function threadEnded(why: string, cause: unknown): Error {
  return new Error(`the machine's thread has ended: ${why}`, cause === undefined ? {} : { cause });
}
