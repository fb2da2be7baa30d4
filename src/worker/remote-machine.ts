/** The machine of the public API that lives in a worker. */

import type { Machine } from "../api/machine.js";
import type { BootOptions } from "../api/types.js";
import { onAsyncDispose } from "../host/async-dispose.js";
import type { MachineOptions } from "../host/machine-options.js";
import type { Connection } from "./connection.js";
import type { Booted, MachineMethod } from "./protocol.js";
import type { Public } from "./public.js";
import { RemoteGuest } from "./remote-guest.js";
import type { Thread } from "./thread-host.js";

/**
 * A machine in another thread, with the members of Machine. Made by `createMachine` of `xen-balloon/worker`.
 *
 * Once the thread has ended, by `close`, `terminate` or otherwise, every call on the machine and its guests rejects
 * with an Error that says so. In Node a process does not wait for a thread that has nothing to do: it ends when it
 * would end with the machine in its own thread. On a real clock that is when no guest has work that is due.
 *
 * Code that takes a machine of either kind takes `Machine | RemoteMachine`.
 *
 * @example
 * const guest = await machine.boot({ maxPfn: 4096 });
 */
export class RemoteMachine implements Omit<Public<Machine>, "boot" | "guests"> {
  readonly hostPages: number;
  readonly #connection: Connection;
  readonly #thread: Thread;
  readonly #clock: MachineOptions["clock"];
  readonly #guests = new Set<RemoteGuest>();

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
   * @param options - the options of Machine's `boot`.
   * @throws TypeError, RangeError, BalloonError as Machine's `boot`. Nothing has changed then.
   * @example
   * const guest = await machine.boot({ maxPfn: 262_144, reservedPages: 4096 });
   */
  boot(options: BootOptions): Promise<RemoteGuest> {
    return this.#connection.call(null, "boot", [options], {
      receive: (booted: Booted, id) => {
        const guest = new RemoteGuest(this.#connection, id, booted, {
          nowMs: () => this.nowMs,
          closed: (closed) => this.#guests.delete(closed),
        });
        this.#guests.add(guest);
        return guest;
      },
    });
  }

  /**
   * Lists the guests in the thread, in the order of their boots. A guest stays listed until it is closed; the list is
   * empty once the thread has ended.
   *
   * @example
   * for (const guest of machine.guests) await guest.setTarget({ pages: 1024 });
   */
  get guests(): readonly RemoteGuest[] {
    return this.#connection.lost ? [] : [...this.#guests];
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
   * Tells the milliseconds since the machine was made, on its clock. Virtual time is the time of the thread's last
   * message. Real time is behind the thread's by the delay of a message, and stops once the thread has ended.
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
   * Tells how much linear memory the machine's tables reserve, in bytes, as of the thread's last message.
   *
   * @example
   * console.log(machine.memoryBytes / 2 ** 20);
   */
  get memoryBytes(): number {
    return this.#connection.memoryBytes;
  }

  /**
   * Ends the thread, with the machine and its guests in it, even while they work. A second call does nothing.
   *
   * @example
   * await machine.terminate();
   */
  async terminate(): Promise<void> {
    await this.#end("the machine was terminated");
  }

  async #end(why: string): Promise<void> {
    this.#connection.lose(new Error(why));
    await this.#thread.terminate();
  }

  /**
   * Closes the guests and the machine as Machine does, then ends the thread. A machine whose thread has ended is closed
   * already.
   *
   * @example
   * await machine.close();
   */
  async close(): Promise<void> {
    await this.#connection.unlessLost(this.#call("close"));
    await this.#end("the machine is closed");
  }

  /**
   * Closes the machine at the end of the block in which `await using` has declared it.
   *
   * @example
   * await using machine = await createMachine({ hostPages: 8192 });
   */
  declare readonly [Symbol.asyncDispose]: () => Promise<void>;

  static {
    onAsyncDispose(RemoteMachine, (machine) => machine.close());
  }
}
