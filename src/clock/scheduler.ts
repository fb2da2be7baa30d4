/**
 * Deferred work: what the kernel's schedule_delayed_work and its workqueue do for balloon_worker. Here is the virtual
 * clock; the real one is in real-clock.ts. Time is counted in milliseconds.
 *
 * Runs are generators that pause between batches: whoever drives one decides whether to go straight through (`drain`)
 * or to let others have the thread in between (drive.ts).
 */
import type { WorkerState } from "../host/backend.js";

/** Where a run pauses: between two batches of a work, or between two works. */
export type Pause = "between batches" | "between works";

/** How many batches a run makes before it pauses; asked anew each time. */
export type Budget = () => number;

/** A run does not pause between batches. */
export const UNLIMITED: Budget = () => Number.POSITIVE_INFINITY;

/** Who keeps time for deferred work. */
export interface Clock {
  /** Milliseconds since the clock was made. */
  readonly now: number;
  add(work: DelayedWork): void;
  remove(work: DelayedWork): void;
  /** schedule_delayed_work: pending work keeps its time. */
  schedule(work: DelayedWork, delaySeconds: number): void;
}

/** balloon_worker of one guest (struct delayed_work). */
export class DelayedWork {
  /** The time in ms at which it is due; null while it is not pending. */
  due: number | null = null;
  readonly #run: (maxBatches: number) => WorkerState;
  #running = false;
  #waiting: (() => void)[] = [];

  /** @param run - the work function: at most `maxBatches` batches of it, "yielded" when there are more to come. */
  constructor(run: (maxBatches: number) => WorkerState) {
    this.#run = run;
  }

  /**
   * Runs the work, pausing when the budget is used up. It is no longer pending from here on, as in the kernel; a run
   * that is given up between two batches leaves it due, since there is more to do.
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

  /** Does `critical` while no run is under way: a run that has paused holds the balloon mutex until its end. */
  async exclusive<T>(critical: () => T): Promise<T> {
    while (this.#running) await new Promise<void>((resume) => this.#waiting.push(resume));
    return critical();
  }
}

/** Time passes only where it is told so, hence the same calls give the same run. */
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

  /** Runs what is due now. */
  run(budget: Budget = UNLIMITED): Generator<Pause> {
    return this.#runUntil(this.now, null, budget);
  }

  /** Lets `ms` pass; work runs when it is due. */
  *advance(ms: number, budget: Budget = UNLIMITED): Generator<Pause> {
    const until = this.now + ms;
    yield* this.#runUntil(until, null, budget);
    this.now = until;
  }

  /** As advance, but ends when `work` is no longer due within `ms`: time stops at the last work that ran. */
  settle(work: DelayedWork, ms: number, budget: Budget = UNLIMITED): Generator<Pause> {
    return this.#runUntil(this.now + ms, work, budget);
  }

  *#runUntil(until: number, only: DelayedWork | null, budget: Budget): Generator<Pause> {
    for (let work = this.#next(until); work !== null; work = this.#next(until)) {
      if (only !== null && (only.due === null || only.due > until)) return;
      this.now = Math.max(this.now, work.due as number);
      yield* work.start(budget);
      yield "between works";
    }
  }

  /** The work due first, in the order of adding where several are. */
  #next(until: number): DelayedWork | null {
    let first: DelayedWork | null = null;
    for (const work of this.#works) {
      if (work.due !== null && work.due <= until && (first?.due == null || work.due < first.due)) first = work;
    }
    return first;
  }
}

/** Drives a run straight to its end: what it answers. */
export function drain<T>(run: Generator<unknown, T>): T {
  let piece = run.next();
  while (!piece.done) piece = run.next();
  return piece.value;
}
