/** Drives the engine's worker for the page. */
import type { CensusRange } from "xen-balloon/core";
import type { Answer, Done, PageDetail, Request, Snapshot } from "./messages.js";

/** The callbacks to the page. */
export interface SessionListener {
  onSnapshot(snapshot: Snapshot): void;
  onPage(detail: PageDetail): void;
}

/** One machine with one guest in its own worker. Another guest needs another session. */
export class Session {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, (done: Done) => void>();
  /** Virtual time, and when the guest's worker is due, as of the last answer; null while it is not pending. */
  nowMs = 0;
  workDueMs: number | null = null;
  /** The BUG_ON that ended the guest. */
  bug: string | null = null;
  #nextId = 0;
  #looking = false;
  #ended = false;

  constructor(listener: SessionListener) {
    this.#worker = new Worker(new URL("./engine-worker.ts", import.meta.url), { type: "module" });
    this.#worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      if (data.kind === "done") {
        this.#answered(data);
      } else if (data.kind === "page") {
        listener.onPage(data);
      } else {
        this.#looking = false;
        listener.onSnapshot(data);
      }
    };
    this.#worker.onerror = (event) => {
      this.#fail(`the engine's worker failed: ${event.message || "its script could not be loaded"}`);
    };
  }

  /**
   * Makes the machine, by the config lines of a script.
   *
   * @throws Error: invalid config lines; its message has one line
   */
  async configure(config: string): Promise<void> {
    await this.#ask((id) => ({ kind: "configure", id, config }));
  }

  /**
   * Performs one operation, after the earlier ones.
   *
   * @param line - a line of a script.
   * @returns its result as in a script: 0, a count, or a negative error number.
   * @throws Error: an invalid operation; its message has one line
   */
  async perform(line: string): Promise<number> {
    return (await this.#ask((id) => ({ kind: "perform", id, line }))).ret;
  }

  /** Asks for a snapshot, if none is on its way: the worker must not fall behind the page. */
  look(range: CensusRange | null): void {
    if (this.#looking || this.#ended) return;
    this.#looking = true;
    this.#send({ kind: "look", range });
  }

  inspect(pfn: number): void {
    if (!this.#ended) this.#send({ kind: "inspect", pfn });
  }

  /** Ends the worker, even during an operation. */
  end(): void {
    this.#fail("another guest has been booted");
  }

  async #ask(request: (id: number) => Request): Promise<Done> {
    if (this.#ended) throw new Error("the engine's worker has ended: boot a guest");
    const id = this.#nextId++;
    const answered = new Promise<Done>((resolve) => this.#waiting.set(id, resolve));
    this.#send(request(id));
    const done = await answered;
    if (done.problem !== null) throw new Error(done.problem);
    return done;
  }

  #send(request: Request): void {
    this.#worker.postMessage(request);
  }

  #answered(done: Done): void {
    this.nowMs = done.nowMs;
    this.workDueMs = done.workDueMs;
    this.bug = done.bug;
    this.#waiting.get(done.id)?.(done);
    this.#waiting.delete(done.id);
  }

  #fail(problem: string): void {
    this.#ended = true;
    this.#worker.terminate();
    for (const id of [...this.#waiting.keys()]) {
      this.#answered({ kind: "done", id, problem, ret: 0, nowMs: this.nowMs, workDueMs: null, bug: this.bug });
    }
  }
}
