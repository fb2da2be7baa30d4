/** createMachine of the entries that run the engine in a worker: they differ in how a thread is started. */
import { describe } from "../arguments.js";
import type { EngineOptions } from "../create-machine.js";
import { compileFiles } from "../load/wasm-files.js";
import { completeMachineOptions } from "../machine-options.js";
import { Connection } from "./connection.js";
import { RemoteMachine } from "./remote-machine.js";
import type { Thread, ThreadHost } from "./thread-host.js";

/** What to make a machine of, of which files, and in which worker. */
export interface WorkerOptions extends EngineOptions {
  /**
   * A worker of your own whose script calls `serve`: a Web Worker, or a Worker of node:worker_threads. It takes one
   * machine, and ends with it. Default: the package's own script, which bundlers that know
   * `new Worker(new URL(…))` take along: Vite and webpack.
   */
  readonly worker?: Thread;
}

/** Those that have a machine. */
const taken = new WeakSet<Thread>();

export async function createMachineIn(options: WorkerOptions, host: ThreadHost): Promise<RemoteMachine> {
  const isObject = typeof options === "object" && options !== null;
  const { worker, wasm, ...others } = isObject ? options : ({} as WorkerOptions);
  const machine = completeMachineOptions(isObject ? others : options);
  const modules = wasm === undefined ? undefined : await compileFiles(wasm, host);
  const thread = worker === undefined ? host.start() : untaken(worker);
  taken.add(thread);
  const connection = new Connection(thread);
  host.watch(thread, (error) => connection.lose(error));
  try {
    await connection.call(null, "create", [machine, modules]);
    return new RemoteMachine(connection, thread, machine);
  } catch (error) {
    connection.lose(new Error("the machine was not made"));
    taken.delete(thread);
    if (worker === undefined) await thread.terminate();
    throw error;
  }
}

/** @throws TypeError when it is no worker; Error when it has a machine. */
function untaken(worker: Thread): Thread {
  if (typeof worker?.postMessage !== "function") {
    throw new TypeError(`worker: expected a Worker, got ${describe(worker)}`);
  }
  if (taken.has(worker)) throw new Error("worker: expected one without a machine, got one that has a machine");
  return worker;
}
