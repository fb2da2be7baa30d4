/** Deferred work on timers: a retry waits its real seconds, and a long run lets the event loop turn between batches. */
import { drive } from "./drive.js";
import type { Clock, DelayedWork } from "./scheduler.js";

/** setTimeout takes no more (2^31 - 1 ms, about 25 days); a later time is waited for in steps. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

interface Entry {
  timer: ReturnType<typeof setTimeout> | null;
  run: Promise<void> | null;
  stop: unknown;
}

export class RealClock implements Clock {
  readonly #started = performance.now();
  readonly #entries = new Map<DelayedWork, Entry>();

  get now(): number {
    return performance.now() - this.#started;
  }

  add(work: DelayedWork): void {
    this.#entries.set(work, { timer: null, run: null, stop: undefined });
  }

  remove(work: DelayedWork): void {
    this.stop(work, new Error("the guest is gone"));
    this.#entries.delete(work);
  }

  schedule(work: DelayedWork, delaySeconds: number): void {
    work.due ??= this.now + delaySeconds * 1000;
    this.#arm(work);
  }

  /** Ends a run after its current piece, and disarms the timer: the work stays due until it is scheduled or resumed. */
  stop(work: DelayedWork, reason: unknown): void {
    const entry = this.#entries.get(work);
    if (entry === undefined) return;
    if (entry.timer !== null) clearTimeout(entry.timer);
    entry.timer = null;
    if (entry.run !== null) entry.stop = reason;
  }

  /**
   * Waits until the work is neither running nor due, or until `ms` have passed. An abort stops a run after its current
   * piece and is thrown on; the work stays due.
   */
  async idle(work: DelayedWork, ms: number, signal?: AbortSignal): Promise<void> {
    const until = this.now + ms;
    const stop = (): void => this.stop(work, signal?.reason);
    signal?.addEventListener("abort", stop);
    try {
      for (let entry = this.#entries.get(work); entry !== undefined; entry = this.#entries.get(work)) {
        if (entry.run !== null) await entry.run;
        signal?.throwIfAborted();
        if (entry.run === null && (work.due === null || this.now >= until)) return;
        this.#arm(work);
        if (work.due !== null) await sleep(Math.min(work.due, until) - this.now, signal);
      }
    } finally {
      signal?.removeEventListener("abort", stop);
    }
  }

  #arm(work: DelayedWork): void {
    const entry = this.#entries.get(work);
    if (entry === undefined || work.due === null || entry.timer !== null || entry.run !== null) return;
    const wait = Math.min(Math.max(work.due - this.now, 0), LONGEST_TIMER_MS);
    entry.timer = setTimeout(() => {
      entry.timer = null;
      if (work.due !== null && work.due > this.now) this.#arm(work);
      else this.#run(work, entry);
    }, wait);
  }

  #run(work: DelayedWork, entry: Entry): void {
    const onPause = (): void => {
      if (entry.stop !== undefined) throw entry.stop;
    };
    entry.run = drive((budget) => work.start(budget), onPause).then(
      () => this.#ended(work, entry),
      () => this.#ended(work, entry),
    );
  }

  #ended(work: DelayedWork, entry: Entry): void {
    const stopped = entry.stop !== undefined;
    entry.run = null;
    entry.stop = undefined;
    if (!stopped) this.#arm(work);
  }
}

/** Resolves after `ms`, or as soon as the signal aborts. */
function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, Math.min(Math.max(ms, 0), LONGEST_TIMER_MS));
    signal?.addEventListener("abort", done);
  });
}
