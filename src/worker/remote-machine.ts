/** A machine in a worker, as a user holds it. */

import type { Machine } from "../api/machine.js";
import type { BootOptions } from "../api/types.js";
import type { MachineOptions } from "../host/machine-options.js";
import type { Connection } from "./connection.js";
import type { Booted, MachineMethod } from "./protocol.js";
import type { Public } from "./public.js";
import { RemoteGuest } from "./remote-guest.js";
import type { Thread } from "./thread-host.js";

/**
 * As Machine, with the same members, in another thread. Made by `createMachine` of `xen-balloon/worker`.
 *
 * Once the thread has ended, by `terminate` or otherwise, every call on the machine and its guests rejects with an
 * Error that says so. In Node a process does not wait for a thread that has nothing to do: it ends when it would with
 * the machine in it, on a real clock when no guest has work that is due.
 *
 * What takes a machine of either kind takes `Machine | RemoteMachine`.
 *
 * @example
 * const guest = await machine.boot({ maxPfn: 4096 });
 */
export class RemoteMachine implements Omit<Public<Machine>, "boot"> {
  readonly hostPages: number;
  readonly #connection: Connection;
  readonly #thread: Thread;
  readonly #clock: MachineOptions["clock"];

  /** @internal use `createMachine` */
  constructor(connection: Connection, thread: Thread, { hostPages, clock }: MachineOptions) {
    this.#connection = connection;
    this.#thread = thread;
    this.hostPages = hostPages;
    this.#clock = clock;
  }

  #call<M extends MachineMethod>(method: M, ...args: Parameters<Machine[M]>): ReturnType<Machine[M]> {
    return this.#connection.call(null, method, args) as ReturnType<Machine[M]>;
  }

  /**
   * Boots a guest in the thread.
   *
   * @param options - as Machine's `boot` takes them.
   * @throws TypeError, RangeError, BalloonError as it does. Nothing has changed then.
   * @example
   * const guest = await machine.boot({ maxPfn: 262_144, reservedPages: 4096 });
   */
  boot(options: BootOptions): Promise<RemoteGuest> {
    return this.#connection.call(null, "boot", [options], {
      receive: (booted: Booted, id) => new RemoteGuest(this.#connection, id, booted),
    });
  }

  freeFrames(): Promise<number> {
    return this.#call("freeFrames");
  }

  takeFrames(frames: number): Promise<number> {
    return this.#call("takeFrames", frames);
  }

  giveFrames(frames: number): Promise<number> {
    return this.#call("giveFrames", frames);
  }

  /**
   * Milliseconds since the machine was made, on its clock. Virtual time is as of the last message from the thread; real
   * time is behind the thread's by what a message takes, and stands still once the thread has ended.
   *
   * @example
   * console.log(machine.nowMs);
   */
  get nowMs(): number {
    return this.#clock === "real" ? this.#connection.realMs : this.#connection.nowMs;
  }

  advance(ms: number): Promise<void> {
    return this.#call("advance", ms);
  }

  m2p(mfn: number, frames: number): Promise<Uint32Array> {
    return this.#call("m2p", mfn, frames);
  }

  /**
   * Linear memory of the machine's tables, reserved, in bytes, as of the last message from the thread.
   *
   * @example
   * console.log(machine.memoryBytes / 2 ** 20);
   */
  get memoryBytes(): number {
    return this.#connection.memoryBytes;
  }

  /**
   * Ends the thread, with the machine and its guests in it, whatever they are doing. May be called twice.
   *
   * @example
   * await machine.terminate();
   */
  async terminate(): Promise<void> {
    this.#connection.lose(new Error("the machine was terminated"));
    await this.#thread.terminate();
  }
}
