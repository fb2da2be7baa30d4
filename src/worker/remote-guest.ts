/** The guest of the public API whose machine lives in a worker. */

import { checkListener, Emitter, type GuestEvents } from "../api/events.js";
import type { Guest } from "../api/guest.js";
import { completeSettleOptions } from "../api/settle-options.js";
import { readTakeOptions } from "../api/take-options.js";
import type { Settled, SettleOptions, TakeOptions } from "../api/types.js";
import { KEPT_LINES } from "../api/watch.js";
import { onAsyncDispose } from "../host/async-dispose.js";
import type { GuestConfig } from "../host/backend.js";
import type { Pages } from "../host/units.js";
import type { Booted, MachineState, Restored } from "./machine-protocol.js";
import type { Public } from "./public.js";
import type { Connection } from "./transport/connection.js";
import { type Asynchronous, delegate, type Methods } from "./transport/delegate.js";

/** Every method but three: two have a signal or a callback to keep here, and `close` ends the listening. */
type GuestMethod = Exclude<Asynchronous<Guest>, "settle" | "takeBallooned" | "close">;
const GUEST_METHODS: Methods<GuestMethod> = {
  setTarget: true,
  stats: true,
  status: true,
  giveBallooned: true,
  takePages: true,
  givePages: true,
  fillPages: true,
  readWord: true,
  tune: true,
  cpuUp: true,
  onCpu: true,
  online: true,
  lateInit: true,
  setMaxPages: true,
  inject: true,
  p2m: true,
  balloonedPages: true,
  census: true,
};

export interface RemoteGuest extends Pick<Guest, GuestMethod> {}

/**
 * A guest in another thread, with the members of Guest. Made by `boot` of a RemoteMachine. Its events arrive in the
 * order in which they happened, in batches of a few milliseconds, and before the answer of the call that made them; the
 * guest has gone on meanwhile. Arrays of PFNs are copied on their way in.
 *
 * A guest ends with its thread. If the thread ends by itself (an uncaught error, an exit, the termination of a worker
 * of your own), `ended` carries the error with which every later call rejects. No browser reports a worker of your own
 * whose script closes itself. No event reports the end that `terminate` or `close` of the machine makes. `ended` comes
 * once, and no event follows it.
 *
 * Code that takes a guest of either kind takes `Guest | RemoteGuest`.
 *
 * @example
 * guest.on("retry", ({ dueMs }) => console.log(`tries again at ${dueMs} ms`));
 * await guest.setTarget({ pages: 4096 });
 * await guest.settle();
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the static block defines the interface's methods
export class RemoteGuest implements Public<Guest> {
  readonly config: GuestConfig;
  readonly #connection: Connection<MachineState>;
  readonly #machine: { readonly nowMs: number };
  #target: number;
  readonly #events = new Emitter<GuestEvents>();
  #lines: string[];
  readonly #onClose: (guest: RemoteGuest) => void;
  #ended = false;

  /** @internal use `boot` of a RemoteMachine */
  constructor(
    connection: Connection<MachineState>,
    { target, config, kernelLog }: Booted,
    machine: { readonly nowMs: number },
    onClose: (guest: RemoteGuest) => void,
  ) {
    this.#connection = connection;
    this.#machine = machine;
    this.#target = target;
    this.config = Object.freeze(config);
    this.#lines = [...kernelLog];
    this.#onClose = onClose;
    // the thread sends these two without a request
    this.#events.on("log", ({ line }) => this.#keep(line));
    this.#events.on("ended", () => {
      this.#ended = true;
    });
    this.#attach();
  }

  #attach(): void {
    this.#connection.attach(this.#target, {
      hear: (name, event) => this.#events.tell(name as keyof GuestEvents, event as never),
      threadEnded: (error) => {
        if (!this.#ended) this.#events.tell("ended", { nowMs: this.#machine.nowMs, error });
      },
    });
  }

  /**
   * Keeps what is known of the guest here for a restore.
   *
   * @internal use `snapshot` of a RemoteMachine
   */
  save(): (restored: Restored) => void {
    const ended = this.#ended;
    return ({ target, kernelLog }) => {
      // the error of a life that has not been is not that of the next one
      if (!ended || target !== this.#target) this.#connection.detach(this.#target);
      const moved = target !== this.#target;
      this.#target = target;
      this.#lines = [...kernelLog];
      this.#ended = ended;
      this.#attach();
      if (moved) for (const name of this.#events.heard) this.#listen(name, true);
    };
  }

  #keep(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length > KEPT_LINES) this.#lines.shift();
  }

  async settle(options: SettleOptions = {}): Promise<Settled> {
    const { withinMs, signal, onProgress } = completeSettleOptions(options);
    const stop = onProgress && this.on("progress", onProgress);
    try {
      return await this.#connection.call(this.#target, "settle", [{ withinMs }], { signal });
    } finally {
      stop?.();
    }
  }

  async takeBallooned(pages: Pages, options: TakeOptions = {}): Promise<Uint32Array> {
    const { highmem, signal } = readTakeOptions(options, this.config);
    return this.#connection.call(this.#target, "takeBallooned", [pages, { highmem }], { signal });
  }

  /**
   * Holds the last lines of the kernel log, at most 1000, as of the last message from the thread.
   *
   * @example
   * console.log(guest.kernelLog.join("\n"));
   */
  get kernelLog(): readonly string[] {
    return [...this.#lines];
  }

  on<K extends keyof GuestEvents>(name: K, listener: (event: GuestEvents[K]) => void): () => void {
    checkListener(name, listener);
    const first = !this.#events.hears(name);
    const stop = this.#events.on(name, listener);
    if (first) this.#listen(name, true);
    return () => {
      const heard = this.#events.hears(name);
      stop();
      if (heard && !this.#events.hears(name)) this.#listen(name, false);
    };
  }

  #listen(name: keyof GuestEvents, heard: boolean): void {
    this.#connection.post({ kind: "listen", target: this.#target, name, heard });
  }

  close(): Promise<void> {
    const receive = (): void => {
      this.#connection.detach(this.#target);
      this.#onClose(this);
    };
    return this.#connection.call(this.#target, "close", [], { receive });
  }

  /**
   * Closes the guest at the end of the block in which `await using` has declared it. A guest whose thread has ended is
   * closed already.
   *
   * @example
   * await using guest = await machine.boot({ maxPfn: 4096 });
   */
  declare readonly [Symbol.asyncDispose]: () => Promise<void>;

  static {
    delegate(RemoteGuest.prototype, GUEST_METHODS, (guest, method, args) =>
      guest.#connection.call(guest.#target, method, args),
    );
    onAsyncDispose(RemoteGuest, (guest) => guest.#connection.unlessLost(guest.close()));
  }
}
