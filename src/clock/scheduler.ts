/**
 * Deferred work: this does for balloon_worker what the kernel's schedule_delayed_work and its workqueue do
 * (kernel/workqueue.c). The virtual clock is in this file, the real one in real-clock.ts. Time is in milliseconds.
 *
 * A run is a generator that pauses between batches. Its driver decides whether to go on at once (`drain`) or to let
 * others have the thread first (drive.ts).
 */
import type { WorkerState } from "../host/backend.js";
import type { Saved } from "../host/saved.js";

/** The place of a pause: between two batches of a work, or between two works. */
export type Pause = "between batches" | "between works";

/** Returns how many batches a run makes before it pauses; it is called again after each pause. */
export type Budget = () => number;

/** The budget of a run that does not pause between batches. */
export const UNLIMITED: Budget = () => Number.POSITIVE_INFINITY;

/** The virtual or real time, in ms, that a settle waits for a worker unless it is told otherwise: an hour. */
export const SETTLE_WITHIN_MS = 3_600_000;

/** Keeps the time and the schedule of deferred work. */
export interface Clock {
  /** Milliseconds since the clock was made. */
  readonly now: number;
  /** Makes the work known to the clock. */
  add(work: DelayedWork): void;
  /** Removes the work: it does not run any more. */
  remove(work: DelayedWork): void;
  /** Makes the work due after `delaySeconds`; work that is pending keeps its time (schedule_delayed_work). */
  schedule(work: DelayedWork, delaySeconds: number): void;
  /**
   * Saves the time and the schedule. No run of a work may be paused, now or when it is put back.
   *
   * @throws BalloonError (EINVAL) on a real clock, which cannot go back.
   */
  save(): Saved;
}

/** balloon_worker of one guest (struct delayed_work). */
export class DelayedWork {
  /** The clock's time in ms at which the work is due; null while it is not pending. */
  due: number | null = null;
  readonly #run: (maxBatches: number) => WorkerState;
  #running = false;
  #waiting: (() => void)[] = [];

  /**
   * @param run - the work function: makes at most `maxBatches` batches, and returns "yielded" if there is more to do.
   */
  constructor(run: (maxBatches: number) => WorkerState) {
    this.#run = run;
  }

  /**
   * Runs the work, and pauses whenever the budget is used up. The work is not pending any more when it starts, like in
   * the kernel. If the run is given up between two batches, the work is due again, since there is more to do.
   */
  *start(budget: Budget): Generator<Pause> {
    const begun = this.due;
    let finished = false;
    this.due = null;
    this.#running = true;
    try {
      while (this.#run(budget()) === "yielded") yield "between batches";
      finished = true;
    } finally {
      if (!finished) this.due ??= begun;
      this.#running = false;
      for (const resume of this.#waiting.splice(0)) resume();
    }
  }

  /** True while a run is going on, or has paused. */
  get running(): boolean {
    return this.#running;
  }

  /** Calls `critical` when no run is going on: a run that has paused holds the balloon mutex until its end. */
  async exclusive<T>(critical: () => T): Promise<T> {
    while (this.#running) await new Promise<void>((resume) => this.#waiting.push(resume));
    return critical();
  }
}

/** A clock whose time passes only when a caller says so: the same calls always give the same run. */
export class VirtualClock implements Clock {
  now = 0;
  readonly #works: DelayedWork[] = [];

  add(work: DelayedWork): void {
    this.#works.push(work);
  }

  remove(work: DelayedWork): void {
    const at = this.#works.indexOf(work);
    if (at >= 0) this.#works.splice(at, 1);
  }

  schedule(work: DelayedWork, delaySeconds: number): void {
    work.due ??= this.now + delaySeconds * 1000;
  }

  save(): Saved {
    const { now } = this;
    const works = this.#works.map((work) => ({ work, due: work.due }));
    const restore = (): void => {
      this.now = now;
      this.#works.splice(0, this.#works.length, ...works.map(({ work }) => work));
      for (const { work, due } of works) work.due = due;
    };
    return { bytes: 0, restore };
  }

  /** Runs all work that is due now. */
  run(budget: Budget = UNLIMITED): Generator<Pause> {
    return this.#runUntil(this.now, null, budget);
  }

  /** Lets `ms` pass, and runs each work when it is due. */
  *advance(ms: number, budget: Budget = UNLIMITED): Generator<Pause> {
    const until = this.now + ms;
    yield* this.#runUntil(until, null, budget);
    this.now = until;
  }

  /**
   * Lets up to `ms` pass, and runs each work when it is due. It ends when `work` is no longer due within `ms`; the time
   * then is that of the last work that ran.
   */
  settle(work: DelayedWork, ms: number, budget: Budget = UNLIMITED): Generator<Pause> {
    return this.#runUntil(this.now + ms, work, budget);
  }

  /** Runs all work that is due until the time `until`; ends early when `only`, if given, is no longer due by then. */
  *#runUntil(until: number, only: DelayedWork | null, budget: Budget): Generator<Pause> {
    for (let work = this.#next(until); work !== null; work = this.#next(until)) {
      if (only !== null && (only.due === null || only.due > until)) return;
      this.now = Math.max(this.now, work.due as number);
      yield* work.start(budget);
      yield "between works";
    }
  }

  /** Returns the work that is due first, by `until` at the latest, or null; among equals, the one added first. */
  #next(until: number): DelayedWork | null {
    let first: DelayedWork | null = null;
    for (const work of this.#works) {
      if (work.due !== null && work.due <= until && (first?.due == null || work.due < first.due)) first = work;
    }
    return first;
  }
}

/** Drives a run to its end without a break, and returns its result. */
export function drain<T>(run: Generator<unknown, T>): T {
  let piece = run.next();
  while (!piece.done) piece = run.next();
  return piece.value;
}
