/** Drives the host's worker for the page. */
import { Connection, delegate, type Methods, ROOT, watchWorker } from "xen-balloon/core";
import type { HostEngine } from "./host-engine.js";

type Awaited = "run" | "take" | "pfnLimit" | "census" | "inspect";
const AWAITED: Methods<Awaited> = { run: true, take: true, pfnLimit: true, census: true, inspect: true };

export interface HostSession extends Pick<HostEngine, Awaited> {}

/** One plan in its own worker. Another plan needs another session. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the static block defines the interface's methods
export class HostSession {
  readonly #connection: Connection<null>;

  /** @param onFailure - hears that the worker has failed: every call under way fails, too. */
  constructor(onFailure: (why: string) => void) {
    const worker = new Worker(new URL("./host-worker.ts", import.meta.url), { type: "module" });
    this.#connection = new Connection(worker, null);
    watchWorker(worker, (why) => {
      this.end();
      onFailure(`the host's worker failed: ${why}`);
    });
  }

  /** Ends the worker, even during a run. */
  end(): void {
    void this.#connection.terminate(new Error("another plan is run"));
  }

  static {
    delegate(HostSession.prototype, AWAITED, (session, method, args) => session.#connection.call(ROOT, method, args));
  }
}
