/**
 * Runs deferred work on timers: a retry waits real seconds, and a long run lets the event loop turn between batches.
 */
import { BalloonError, EINVAL } from "../host/errors.js";
import type { Saved } from "../host/saved.js";
import { drive } from "./drive.js";
import type { Clock } from "./scheduler.js";
import type { Work } from "./work.js";

/** The longest delay that setTimeout takes, in ms (about 25 days); a longer wait is made in steps. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The clock's state of one work. */
interface Entry {
  /** The timer that starts the next run; null if it is not set. */
  timer: ReturnType<typeof setTimeout> | null;
  /** The current run; null if there is none. */
  run: Promise<void> | null;
  /** True if the current run is to end after its current piece. */
  stopping: boolean;
  /** True if the work was scheduled again after it was told to stop. */
  again: boolean;
  /** Functions that wake the callers of `idle`; called when a run has ended or the work is stopped or removed. */
  waiting: Set<() => void>;
}

/** True if the work is due, or will be, with something to do. */
function hasWork(work: Work): boolean {
  return work.isBusy(Number.POSITIVE_INFINITY);
}

/** Thrown to end a run between two batches, and caught in this file. */
const STOPPED = new Error("stopped");

/** A clock whose time is the real time since it was made. */
export class RealClock implements Clock {
  readonly #started = performance.now();
  readonly #entries = new Map<Work, Entry>();
  readonly #onRest: () => void;

  /** @param onRest - called whenever the last run has ended or the last timer was cleared. */
  constructor(onRest: () => void = () => {}) {
    this.#onRest = onRest;
  }

  /** True if no work is running, and none waits for its timer with something to do then. */
  get resting(): boolean {
    return [...this.#entries].every(([work, { timer, run }]) => run === null && (timer === null || !hasWork(work)));
  }

  get now(): number {
    return performance.now() - this.#started;
  }

  add(work: Work): void {
    this.#entries.set(work, { timer: null, run: null, stopping: false, again: false, waiting: new Set() });
  }

  remove(work: Work): void {
    const entry = this.#entries.get(work);
    this.#entries.delete(work);
    this.#stop(entry);
  }

  arm(work: Work): void {
    const entry = this.#entries.get(work);
    if (entry?.stopping) entry.again = true;
    if (entry !== undefined) this.#clear(entry);
    this.#arm(work);
  }

  save(): Saved {
    throw new BalloonError(EINVAL, "a real clock cannot go back: snapshots need a virtual clock");
  }

  /**
   * Waits until the work is not running and has nothing to do, or until `ms` have passed. An abort stops the run after its
   * current piece and rejects the promise. The work stays due, and rests until it is scheduled or waited for again.
   */
  async idle(work: Work, ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const until = this.now + ms;
    const stop = (): void => this.#stop(this.#entries.get(work));
    signal?.addEventListener("abort", stop);
    try {
      for (let entry = this.#entries.get(work); entry !== undefined; entry = this.#entries.get(work)) {
        const idle = entry.run === null && !hasWork(work);
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

  /** Resolves when a run of the work has ended, when the work is removed, after `ms`, or when the signal aborts. */
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

  /** Ends the run after its current piece, and clears the timer. */
  #stop(entry: Entry | undefined): void {
    if (entry === undefined) return;
    this.#clear(entry);
    entry.stopping = entry.run !== null;
    this.#wake(entry);
  }

  #clear(entry: Entry): void {
    if (entry.timer !== null) clearTimeout(entry.timer);
    entry.timer = null;
  }

  /** Wakes all that wait for the entry; they may arm it again. Calls onRest if the clock rests after that. */
  #wake(entry: Entry): void {
    for (const wake of entry.waiting) wake();
    if (this.resting) this.#onRest();
  }

  /** Sets the timer of a work that is due, unless it is set already or the work is running. */
  #arm(work: Work): void {
    const entry = this.#entries.get(work);
    const { runsAt } = work;
    if (entry === undefined || runsAt === null || entry.timer !== null || entry.run !== null) return;
    const wait = Math.min(Math.max(runsAt - this.now, 0), LONGEST_TIMER_MS);
    entry.timer = setTimeout(() => {
      entry.timer = null;
      if (work.runsAt !== null && work.runsAt > this.now) this.#arm(work);
      else entry.run = this.#run(work, entry);
    }, wait);
    // a thread that only looks again, an hour from now, keeps no process alive
    if (!hasWork(work) && typeof entry.timer === "object") entry.timer.unref();
  }

  /** Runs the work to its end, or until it is told to stop. */
  async #run(work: Work, entry: Entry): Promise<void> {
    // let the caller store the run first: the work may stop it at once
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
