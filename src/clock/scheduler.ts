/**
 * Deferred work: this does for balloon_worker what the kernel's schedule_delayed_work and its workqueue do
 * (kernel/workqueue.c). The virtual clock is in this file, the real one in real-clock.ts. Time is in milliseconds.
 *
 * A run is a generator that pauses between batches. Its driver decides whether to go on at once (`drain`) or to let
 * others have the thread first (drive.ts).
 */
import type { WorkerState } from "../host/backend.js";
import { type Saved, saveFields } from "../host/saved.js";
import { type Budget, type Pause, Work } from "./work.js";

export type { Budget, Pause, Work } from "./work.js";

/** The budget of a run that does not pause between batches. */
export const UNLIMITED: Budget = () => Number.POSITIVE_INFINITY;

/** The virtual or real time, in ms, that a settle waits for a worker unless it is told otherwise: an hour. */
export const SETTLE_WITHIN_MS = 3_600_000;

/** Keeps the time, and runs work when its time has come. */
export interface Clock {
  /** Milliseconds since the clock was made. */
  readonly now: number;
  /** Makes the work known to the clock. */
  add(work: Work): void;
  /** Removes the work: it does not run any more. */
  remove(work: Work): void;
  /** Looks at the work's time anew: it has come nearer. */
  arm(work: Work): void;
  /**
   * Saves the time and which works there are; each work saves itself. No run of a work may be paused, now or when it is put
   * back.
   *
   * @throws BalloonError (EINVAL) on a real clock, which cannot go back.
   */
  save(): Saved;
}

/** balloon_worker of one guest (struct delayed_work). */
export class DelayedWork extends Work {
  due: number | null = null;
  readonly #clock: Clock;
  readonly #run: (maxBatches: number) => WorkerState;

  /**
   * @param run - the work function: makes at most `maxBatches` batches, and returns "yielded" if there is more to do.
   */
  constructor(clock: Clock, run: (maxBatches: number) => WorkerState) {
    super();
    this.#clock = clock;
    this.#run = run;
  }

  /** Makes the work due after `delaySeconds`; work that is pending keeps its time (schedule_delayed_work). */
  schedule(delaySeconds: number): void {
    this.due ??= this.#clock.now + delaySeconds * 1000;
    this.#clock.arm(this);
  }

  stop(): void {
    this.due = null;
  }

  save(): Saved {
    return saveFields(this);
  }

  /** The work is not pending any more when it starts, like in the kernel. */
  protected *run(budget: Budget): Generator<Pause> {
    const begun = this.due;
    let finished = false;
    this.due = null;
    try {
      while (this.#run(budget()) === "yielded") yield "between batches";
      finished = true;
    } finally {
      if (!finished) this.due ??= begun;
    }
  }
}

/** A clock whose time passes only when a caller says so: the same calls always give the same run. */
export class VirtualClock implements Clock {
  now = 0;
  readonly #works: Work[] = [];

  add(work: Work): void {
    this.#works.push(work);
  }

  remove(work: Work): void {
    const at = this.#works.indexOf(work);
    if (at >= 0) this.#works.splice(at, 1);
  }

  arm(): void {}

  save(): Saved {
    const { now } = this;
    const works = [...this.#works];
    const restore = (): void => {
      this.now = now;
      this.#works.splice(0, this.#works.length, ...works);
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

  /** Lets the ms of each sleep pass, as `advance` does. */
  *pass(sleeps: Iterable<number>, budget: Budget = UNLIMITED): Generator<Pause> {
    for (const ms of sleeps) yield* this.advance(ms, budget);
  }

  /**
   * Lets up to `ms` pass, and runs each work when it is due. It ends when `work` is no longer busy within `ms`; the time
   * then is that of the last work that ran.
   */
  settle(work: Work, ms: number, budget: Budget = UNLIMITED): Generator<Pause> {
    return this.#runUntil(this.now + ms, work, budget);
  }

  /** Runs all work that is due until the time `until`; ends early when `only`, if given, is no longer busy by then. */
  *#runUntil(until: number, only: Work | null, budget: Budget): Generator<Pause> {
    for (let work = this.#next(until); work !== null; work = this.#next(until)) {
      if (only !== null && !only.isBusy(until)) return;
      this.now = Math.max(this.now, work.runsAt as number);
      yield* work.start(budget);
      yield "between works";
    }
  }

  /** Returns the work that is due first, by `until` at the latest, or null; among equals, the one added first. */
  #next(until: number): Work | null {
    let first: Work | null = null;
    let firstAt = Number.POSITIVE_INFINITY;
    for (const work of this.#works) {
      const at = work.runsAt;
      if (at === null || at > until || at >= firstAt) continue;
      first = work;
      firstAt = at;
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
