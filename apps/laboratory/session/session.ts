/** Drives the engine's worker for the page. */
import { type CensusRange, Connection, delegate, type Methods, ROOT, watchWorker } from "xen-balloon/core";
import type { Engine } from "./engine.js";
import { ERRORS, type PageDetail, type Snapshot, type Standing } from "./messages.js";

/** The callbacks to the page. */
export interface SessionListener {
  onSnapshot(snapshot: Snapshot): void;
  onPage(detail: PageDetail): void;
  /** Hears that the worker has failed. */
  onFailure(error: Error): void;
}

/** The methods that the page awaits. The answers of the others go to its callbacks. */
type Awaited =
  | "load"
  | "configure"
  | "perform"
  | "hold"
  | "play"
  | "pace"
  | "step"
  | "breakAt"
  | "goTo"
  | "script"
  | "branch";
const AWAITED: Methods<Awaited> = {
  load: true,
  configure: true,
  perform: true,
  hold: true,
  play: true,
  pace: true,
  step: true,
  breakAt: true,
  goTo: true,
  script: true,
  branch: true,
};

export interface Session extends Pick<Engine, Awaited> {}

/** One machine with one guest in its own worker. Another guest needs another session. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the static block defines the interface's methods
export class Session {
  readonly #listener: SessionListener;
  readonly #connection: Connection<Standing>;
  #looking = false;
  #ended = false;

  constructor(listener: SessionListener) {
    const worker = new Worker(new URL("./engine-worker.ts", import.meta.url), { type: "module" });
    const before: Standing = { nowMs: 0, workDueMs: null, bug: null };
    const connection = new Connection(worker, before, { errors: ERRORS });
    watchWorker(worker, (why) => this.#fail(new Error(`the engine's worker failed: ${why}`)));
    this.#listener = listener;
    this.#connection = connection;
  }

  /** The guest's standing as of the worker's last message. */
  get standing(): Standing {
    return this.#connection.state;
  }

  /** Asks for a snapshot, if none is on its way: the worker must not fall behind the page. */
  look(range: CensusRange | null, overview: CensusRange | null = null): void {
    if (this.#looking) return;
    this.#looking = true;
    this.#ask<Snapshot>("look", [range, overview], (snapshot) => {
      this.#looking = false;
      this.#listener.onSnapshot(snapshot);
    });
  }

  inspect(pfn: number): void {
    this.#ask<PageDetail | null>("inspect", [pfn], (detail) => {
      if (detail !== null) this.#listener.onPage(detail);
    });
  }

  /** Asks for something to show. A worker that cannot answer is ended. */
  #ask<T>(method: "look" | "inspect", args: readonly unknown[], show: (answer: T) => void): void {
    void this.#connection.call<T>(ROOT, method, args).then(show, (error) => this.#fail(error));
  }

  #fail(error: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    void this.#connection.terminate(error);
    this.#listener.onFailure(error);
  }

  /** Ends the worker, even during an operation. */
  end(): void {
    this.#ended = true;
    void this.#connection.terminate(new Error("another guest has been booted"));
  }

  static {
    delegate(Session.prototype, AWAITED, (session, method, args) => session.#connection.call(ROOT, method, args));
  }
}
