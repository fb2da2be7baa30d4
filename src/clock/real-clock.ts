/** Deferred work on timers: a retry waits its real seconds, and a long run lets the event loop turn between batches. */
import { drive } from "./drive.js";
import type { Clock, DelayedWork } from "./scheduler.js";

/** setTimeout takes no more (2^31 - 1 ms, about 25 days); a later time is waited for in steps. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** What the clock knows of a work. */
interface Entry {
  timer: ReturnType<typeof setTimeout> | null;
  /** The run under way. */
  run: Promise<void> | null;
  /** The run under way is to end after its current piece. */
  stopping: boolean;
  /** It was scheduled again since it was told to end. */
  again: boolean;
  /** Wakes who waits: a run has ended, or the work is gone. */
  waiting: Set<() => void>;
}

/** What ends a run between two batches; it goes no further than this file. */
const STOPPED = new Error("stopped");

export class RealClock implements Clock {
  readonly #started = performance.now();
  readonly #entries = new Map<DelayedWork, Entry>();
  readonly #onRest: () => void;

  /** @param onRest - called whenever the last run has ended, or the last timer was disarmed. */
  constructor(onRest: () => void = () => {}) {
    this.#onRest = onRest;
  }

  /** True while no work runs or waits for its timer. */
  get resting(): boolean {
    return [...this.#entries.values()].every(({ timer, run }) => timer === null && run === null);
  }

  get now(): number {
    return performance.now() - this.#started;
  }

  add(work: DelayedWork): void {
    this.#entries.set(work, { timer: null, run: null, stopping: false, again: false, waiting: new Set() });
  }

  remove(work: DelayedWork): void {
    const entry = this.#entries.get(work);
    this.#entries.delete(work);
    this.#stop(entry);
  }

  schedule(work: DelayedWork, delaySeconds: number): void {
    work.due ??= this.now + delaySeconds * 1000;
    const entry = this.#entries.get(work);
    if (entry?.stopping) entry.again = true;
    this.#arm(work);
  }

  /**
   * Waits until the work is neither running nor due, or until `ms` have passed. An abort stops a run after its current
   * piece and is thrown on; the work stays due, and rests until it is scheduled, or waited for, again.
   */
  async idle(work: DelayedWork, ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const until = this.now + ms;
    const stop = (): void => this.#stop(this.#entries.get(work));
    signal?.addEventListener("abort", stop);
    try {
      for (let entry = this.#entries.get(work); entry !== undefined; entry = this.#entries.get(work)) {
        const idle = entry.run === null && work.due === null;
        if (idle || this.now >= until) return;
        this.#arm(work);
        await this.#wait(entry, until - this.now, signal);
        if (signal?.aborted) await entry.run;
        signal?.throwIfAborted();
      }
    } finally {
      signal?.removeEventListener("abort", stop);
    }
  }

  /** Resolves when a run of the work has ended, when it is gone, after `ms`, or as soon as the signal aborts. */
  #wait(entry: Entry, ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        entry.waiting.delete(wake);
        signal?.removeEventListener("abort", wake);
        resolve();
      };
      const timer = setTimeout(wake, Math.min(Math.max(ms, 0), LONGEST_TIMER_MS));
      entry.waiting.add(wake);
      signal?.addEventListener("abort", wake);
    });
  }

  /** Ends a run after its current piece, and disarms the timer. */
  #stop(entry: Entry | undefined): void {
    if (entry === undefined) return;
    if (entry.timer !== null) clearTimeout(entry.timer);
    entry.timer = null;
    entry.stopping = entry.run !== null;
    this.#wake(entry);
  }

  /** Wakes who waits for the entry, who may set it going again. */
  #wake(entry: Entry): void {
    for (const wake of entry.waiting) wake();
    if (this.resting) this.#onRest();
  }

  #arm(work: DelayedWork): void {
    const entry = this.#entries.get(work);
    if (entry === undefined || work.due === null || entry.timer !== null || entry.run !== null) return;
    const wait = Math.min(Math.max(work.due - this.now, 0), LONGEST_TIMER_MS);
    entry.timer = setTimeout(() => {
      entry.timer = null;
      if (work.due !== null && work.due > this.now) this.#arm(work);
      else entry.run = this.#run(work, entry);
    }, wait);
  }

  async #run(work: DelayedWork, entry: Entry): Promise<void> {
    // let the caller note the run first: what it does at once may stop it
    await Promise.resolve();
    const onPause = (): void => {
      if (entry.stopping) throw STOPPED;
    };
    try {
      onPause();
      await drive((budget) => work.start(budget), onPause);
    } catch (error) {
      if (error !== STOPPED) throw error;
    } finally {
      const rests = entry.stopping && !entry.again;
      entry.run = null;
      entry.stopping = false;
      entry.again = false;
      if (!rests) this.#arm(work);
      this.#wake(entry);
    }
  }
}
