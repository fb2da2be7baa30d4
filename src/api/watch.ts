/** Makes a guest's events from what its driver does, and keeps its kernel log. */

import type { Clock } from "../clock/scheduler.js";
import type { RunState } from "../host/backend.js";
import { callName } from "../host/hypercall.js";
import type { Saved } from "../host/saved.js";
import type { WorldGuest } from "../world/guest.js";
import type { GuestObserver } from "../world/observer.js";
import { Emitter, type GuestEvents } from "./events.js";

/** The log keeps so many lines, like a ring buffer: a guest that retries for years must not fill the host's memory. */
export const KEPT_LINES = 1000;

export class GuestWatch implements GuestObserver {
  lines: string[] = [];
  readonly events: Emitter<GuestEvents> = new Emitter<GuestEvents>();
  readonly #clock: Clock;
  #guest: WorldGuest | null = null;
  #maxPfn = 0;
  #unwatchCalls: (() => void) | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Watches this guest, whose boot it has observed. */
  booted(guest: WorldGuest): void {
    this.#guest = guest;
    this.#maxPfn = guest.state().maxPfn;
  }

  save(): Saved {
    const lines = [...this.lines];
    const maxPfn = this.#maxPfn;
    const restore = (): void => {
      this.lines = [...lines];
      this.#maxPfn = maxPfn;
    };
    return { bytes: 0, restore };
  }

  logged(line: string): void {
    this.lines.push(line);
    if (this.lines.length > KEPT_LINES) this.lines.shift();
    this.events.keep("log", { nowMs: this.#clock.now, line });
  }

  ran(state: RunState): void {
    const nowMs = this.#clock.now;
    const { backend, work, thread } = this.#guest as WorldGuest;
    const { maxPfn } = backend.state();
    if (this.events.hears("progress")) {
      const { current_pages, target_pages } = backend.stats();
      this.events.keep("progress", { nowMs, currentPages: current_pages, targetPages: target_pages });
    }
    if (maxPfn !== this.#maxPfn) this.events.keep("hotplug", { nowMs, maxPfn });
    this.#maxPfn = maxPfn;
    if (state === "ecanceled") this.events.keep("cancelled", { nowMs });
    if (state === "eagain") {
      this.events.keep("retry", { nowMs, dueMs: work.due ?? nowMs, retryCount: backend.stats().retry_count });
    }
    if (thread !== null && state !== "yielded") this.events.keep("thread", { nowMs, state, dueMs: work.due ?? nowMs });
    this.events.deliver();
  }

  ended(error: Error): void {
    this.events.tell("ended", { nowMs: this.#clock.now, error });
  }

  /** Watches hypercalls only while a listener wants them. */
  watchCalls(): void {
    if (this.events.hears("hypercall")) {
      this.#unwatchCalls ??= (this.#guest as WorldGuest).hypercalls.observe({
        afterMemoryOp: (cmd, asked, rc) => {
          this.events.keep("hypercall", { nowMs: this.#clock.now, op: callName(cmd), asked, rc });
        },
      });
    } else {
      this.#unwatchCalls?.();
      this.#unwatchCalls = null;
    }
  }
}
