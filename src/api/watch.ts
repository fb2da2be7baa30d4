/** Makes a guest's events from its driver and its hypercalls, and keeps its kernel log. */

import type { Clock, DelayedWork } from "../clock/scheduler.js";
import type { GuestBackend, WorkerState } from "../host/backend.js";
import { type HypercallObserver, XENMEM_POPULATE_PHYSMAP } from "../host/hypercall.js";
import type { Emitter, GuestEvents } from "./events.js";

/** The log keeps so many lines, like a ring buffer: a guest that retries for years must not fill the host's memory. */
export const KEPT_LINES = 1000;

export class GuestWatch implements HypercallObserver {
  readonly lines: string[] = [];
  readonly #events: Emitter<GuestEvents>;
  readonly #clock: Clock;
  #backend: GuestBackend | null = null;
  #maxPfn = 0;

  constructor(events: Emitter<GuestEvents>, clock: Clock) {
    this.#events = events;
    this.#clock = clock;
  }

  booted(backend: GuestBackend): void {
    this.#backend = backend;
    this.#maxPfn = backend.state().maxPfn;
  }

  log(line: string): void {
    this.lines.push(line);
    if (this.lines.length > KEPT_LINES) this.lines.shift();
    this.#events.keep("log", { nowMs: this.#clock.now, line });
  }

  ran(state: WorkerState, work: DelayedWork): void {
    const nowMs = this.#clock.now;
    const backend = this.#backend as GuestBackend;
    const { maxPfn } = backend.state();
    if (this.#events.hears("progress")) {
      const { current_pages, target_pages } = backend.stats();
      this.#events.keep("progress", { nowMs, currentPages: current_pages, targetPages: target_pages });
    }
    if (maxPfn !== this.#maxPfn) this.#events.keep("hotplug", { nowMs, maxPfn });
    this.#maxPfn = maxPfn;
    if (state === "ecanceled") this.#events.keep("cancelled", { nowMs });
    if (state === "eagain") {
      this.#events.keep("retry", { nowMs, dueMs: work.due ?? nowMs, retryCount: backend.stats().retry_count });
    }
  }

  ended(error: Error): void {
    this.#events.keep("ended", { nowMs: this.#clock.now, error });
  }

  afterMemoryOp(cmd: number, asked: number, rc: number): void {
    const op = cmd === XENMEM_POPULATE_PHYSMAP ? "populate" : "decrease";
    this.#events.keep("hypercall", { nowMs: this.#clock.now, op, asked, rc });
  }
}
