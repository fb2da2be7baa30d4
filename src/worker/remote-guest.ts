/** The guest of the public API whose machine lives in a worker. */

import { Emitter, EVENTS, type GuestEvents } from "../api/events.js";
import type { Guest } from "../api/guest.js";
import { completeSettleOptions } from "../api/settle-options.js";
import type {
  BalloonStats,
  Census,
  CensusRange,
  Faults,
  GuestStatus,
  Settled,
  SettleOptions,
  Size,
} from "../api/types.js";
import { KEPT_LINES } from "../api/watch.js";
import { onAsyncDispose } from "../host/async-dispose.js";
import type { GuestConfig } from "../host/backend.js";
import type { Connection } from "./connection.js";
import { type Booted, type GuestMethod, type Told, unpack } from "./protocol.js";
import type { Public } from "./public.js";
import type { SentError } from "./sent-error.js";

/** The machine of a guest. */
interface Home {
  nowMs(): number;
  closed(guest: RemoteGuest): void;
}

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
export class RemoteGuest implements Public<Guest> {
  readonly config: GuestConfig;
  readonly #connection: Connection;
  readonly #id: number;
  readonly #events = new Emitter<GuestEvents>();
  readonly #lines: string[];

  readonly #home: Home;
  #ended = false;

  /** @internal use `boot` of a RemoteMachine */
  constructor(connection: Connection, id: number, { config, kernelLog }: Booted, home: Home) {
    this.#connection = connection;
    this.#id = id;
    this.config = Object.freeze(config);
    this.#lines = [...kernelLog];
    this.#home = home;
    // the thread sends these two without a request
    this.#events.on("log", ({ line }) => this.#keep(line));
    this.#events.on("ended", () => {
      this.#ended = true;
    });
    connection.attach(id, {
      hear: (told) => this.#hear(told),
      threadEnded: (error) => {
        if (!this.#ended) this.#tell("ended", { nowMs: this.#home.nowMs(), error });
      },
    });
  }

  #keep(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length > KEPT_LINES) this.#lines.shift();
  }

  #hear(told: Told): void {
    if ("hypercalls" in told) {
      for (const call of unpack(told.hypercalls)) {
        // a listener may have ended the thread
        if (this.#connection.lost) return;
        this.#tell("hypercall", call);
      }
    } else {
      const event =
        "error" in told.event
          ? { ...told.event, error: this.#connection.errorOf(told.event.error as SentError) }
          : told.event;
      this.#tell(told.name, event as never);
    }
  }

  #tell<K extends keyof GuestEvents>(name: K, event: GuestEvents[K]): void {
    this.#events.keep(name, event);
    this.#events.deliver();
  }

  #call<M extends GuestMethod>(method: M, ...args: Parameters<Guest[M]>): ReturnType<Guest[M]> {
    return this.#connection.call(this.#id, method, args) as ReturnType<Guest[M]>;
  }

  setTarget(target: Size): Promise<void> {
    return this.#call("setTarget", target);
  }

  async settle(options: SettleOptions = {}): Promise<Settled> {
    const { withinMs, signal, onProgress } = completeSettleOptions(options);
    const stop = onProgress && this.on("progress", onProgress);
    try {
      return await this.#connection.call(this.#id, "settle", [{ withinMs }], { signal });
    } finally {
      stop?.();
    }
  }

  stats(): Promise<BalloonStats> {
    return this.#call("stats");
  }

  status(): Promise<GuestStatus> {
    return this.#call("status");
  }

  takeBallooned(pages: number, options?: { readonly highmem?: boolean }): Promise<Uint32Array> {
    return this.#call("takeBallooned", pages, options);
  }

  giveBallooned(pfns: Uint32Array): Promise<void> {
    return this.#call("giveBallooned", pfns);
  }

  takePages(pages: number, options?: { readonly highmem?: boolean }): Promise<Uint32Array> {
    return this.#call("takePages", pages, options);
  }

  givePages(pfns: Uint32Array): Promise<void> {
    return this.#call("givePages", pfns);
  }

  fillPages(pfns: Uint32Array, byte: number): Promise<void> {
    return this.#call("fillPages", pfns, byte);
  }

  readWord(pfn: number, word: number): Promise<number> {
    return this.#call("readWord", pfn, word);
  }

  tune(tunables: { readonly maxRetryCount?: number; readonly maxScheduleDelaySeconds?: number }): Promise<void> {
    return this.#call("tune", tunables);
  }

  cpuUp(cpu: number): Promise<void> {
    return this.#call("cpuUp", cpu);
  }

  onCpu(cpu: number): Promise<void> {
    return this.#call("onCpu", cpu);
  }

  online(options?: { readonly sections?: number }): Promise<void> {
    return this.#call("online", options);
  }

  setMaxPages(pages: number): Promise<void> {
    return this.#call("setMaxPages", pages);
  }

  inject(faults: Faults): Promise<void> {
    return this.#call("inject", faults);
  }

  p2m(pfn: number, pages: number): Promise<Uint32Array> {
    return this.#call("p2m", pfn, pages);
  }

  balloonedPages(limit: number): Promise<Uint32Array> {
    return this.#call("balloonedPages", limit);
  }

  census(range: CensusRange): Promise<Census> {
    return this.#call("census", range);
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
    if (!EVENTS.includes(name)) throw new TypeError(`name: no event ${name}; there are ${EVENTS.join(", ")}`);
    if (typeof listener !== "function") throw new TypeError(`listener: expected a function, got ${typeof listener}`);
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
    this.#connection.post({ kind: "listen", guest: this.#id, name, heard });
  }

  close(): Promise<void> {
    const receive = (): void => {
      this.#connection.detach(this.#id);
      this.#home.closed(this);
    };
    return this.#connection.call(this.#id, "close", [], { receive });
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
    onAsyncDispose(RemoteGuest, (guest) => guest.#connection.unlessLost(guest.close()));
  }
}
