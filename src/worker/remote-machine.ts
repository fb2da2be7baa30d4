/** The machine of the public API that lives in a worker. */

import type { Machine } from "../api/machine.js";
import type { Snapshot } from "../api/snapshot.js";
import { Snapshots } from "../api/snapshots.js";
import type { BootOptions } from "../api/types.js";
import { onAsyncDispose } from "../host/async-dispose.js";
import type { MachineOptions } from "../host/machine-options.js";
import type { Pages } from "../host/units.js";
import type { Booted, MachineState, Restored, Taken } from "./machine-protocol.js";
import type { Public } from "./public.js";
import { RemoteGuest } from "./remote-guest.js";
import type { Connection } from "./transport/connection.js";
import { type Asynchronous, delegate, type Methods } from "./transport/delegate.js";
import { ROOT } from "./transport/protocol.js";

/** A snapshot in the thread, and the guests that it has. */
interface Way {
  readonly id: number;
  readonly guests: ReadonlyMap<RemoteGuest, (restored: Restored) => void>;
}

/** Every method that makes no guest or snapshot here, needs none, and does not end the thread. */
type MachineMethod = Exclude<Asynchronous<Machine>, "boot" | "snapshot" | "restore" | "close">;
const MACHINE_METHODS: Methods<MachineMethod> = {
  freeFrames: true,
  takeFrames: true,
  giveFrames: true,
  advance: true,
  m2p: true,
};

export interface RemoteMachine extends Pick<Machine, MachineMethod> {}

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
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the static block defines the interface's methods
export class RemoteMachine implements Omit<Public<Machine>, "boot" | "guests"> {
  readonly hostPages: Pages;
  readonly #connection: Connection<MachineState>;
  readonly #target: number;
  readonly #clock: MachineOptions["clock"];
  readonly #guests = new Set<RemoteGuest>();
  readonly #snapshots = new Snapshots<Way>();
  /** The lead of nowMs over performance.now() on a real clock. It is the maximum of all messages: some are late. */
  #aheadMs: number = Number.NEGATIVE_INFINITY;

  /** @internal use `createMachine` */
  constructor(connection: Connection<MachineState>, target: number, { hostPages, clock }: MachineOptions) {
    this.#connection = connection;
    this.#target = target;
    this.hostPages = hostPages;
    this.#clock = clock;
    connection.onState = () => {
      this.#aheadMs = Math.max(this.#aheadMs, connection.state.nowMs - performance.now());
    };
    connection.onState();
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
    return this.#connection.call(ROOT, "boot", [options], {
      receive: (booted: Booted) => {
        const guest = new RemoteGuest(this.#connection, booted, this, (closed) => this.#guests.delete(closed));
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
    return this.#connection.lostMs === null ? [...this.#guests] : [];
  }

  /**
   * Takes a snapshot of the machine in the thread. It stays there, until it is closed or the thread ends.
   *
   * @returns the snapshot, as Machine's `snapshot`.
   * @throws BalloonError EINVAL, EBUSY as Machine's `snapshot`.
   * @example
   * const before = await machine.snapshot();
   */
  snapshot(): Promise<Snapshot> {
    return this.#connection.call(ROOT, "snapshot", [], {
      receive: ({ id, ...facts }: Taken) => {
        const guests = new Map([...this.#guests].map((guest) => [guest, guest.save()]));
        const free = (): void => void this.#connection.unlessLost(this.#connection.call(ROOT, "closeSnapshot", [id]));
        return this.#snapshots.add(facts, { id, guests }, free);
      },
    });
  }

  /**
   * Goes back, or forward, to a snapshot of this machine, as Machine's `restore`.
   *
   * @param snapshot - a snapshot of this machine, taken at any time.
   * @throws TypeError, RangeError, Error as Machine's `restore`. Nothing has changed then.
   * @example
   * const before = await machine.snapshot();
   * await machine.advance(60_000);
   * await machine.restore(before);
   */
  async restore(snapshot: Snapshot): Promise<void> {
    const { id, guests } = this.#snapshots.get(snapshot);
    await this.#connection.call(ROOT, "restore", [id], {
      receive: (restored: readonly Restored[]) => {
        for (const guest of this.#guests) if (!guests.has(guest)) void this.#connection.unlessLost(guest.close());
        this.#guests.clear();
        for (const [i, [guest, goBack]] of [...guests].entries()) {
          goBack(restored[i]);
          this.#guests.add(guest);
        }
      },
    });
  }

  /**
   * Tells the milliseconds since the machine was made, on its clock. Virtual time is the time of the thread's last
   * message. Real time is behind the thread's by the delay of a message, and stops once the thread has ended.
   *
   * @example
   * console.log(machine.nowMs);
   */
  get nowMs(): number {
    const { state, lostMs } = this.#connection;
    return this.#clock === "real" ? (lostMs ?? performance.now()) + this.#aheadMs : state.nowMs;
  }

  /**
   * Tells how much linear memory the machine's tables reserve, in bytes, as of the thread's last message.
   *
   * @example
   * console.log(machine.memoryBytes / 2 ** 20);
   */
  get memoryBytes(): number {
    return this.#connection.state.memoryBytes;
  }

  /**
   * Ends the thread, with the machine and its guests in it, even while they work. A second call does nothing.
   *
   * @example
   * await machine.terminate();
   */
  async terminate(): Promise<void> {
    await this.#connection.terminate(new Error("the machine was terminated"));
  }

  /**
   * Closes the guests and the machine as Machine does, then ends the thread. A machine whose thread has ended is closed
   * already.
   *
   * @example
   * await machine.close();
   */
  async close(): Promise<void> {
    await this.#connection.unlessLost(this.#connection.call(this.#target, "close", []));
    await this.#connection.terminate(new Error("the machine is closed"));
  }

  /**
   * Closes the machine at the end of the block in which `await using` has declared it.
   *
   * @example
   * await using machine = await createMachine({ hostPages: 8192 });
   */
  declare readonly [Symbol.asyncDispose]: () => Promise<void>;

  static {
    delegate(RemoteMachine.prototype, MACHINE_METHODS, (machine, method, args) =>
      machine.#connection.call(machine.#target, method, args),
    );
    onAsyncDispose(RemoteMachine, (machine) => machine.close());
  }
}
