/** Work of a guest's kernel that a clock runs when its time has come. */
import type { Saved } from "../host/saved.js";

/** The place of a pause: between two batches of a work, or between two works. */
export type Pause = "between batches" | "between works";

/** Returns how many batches a run makes before it pauses; it is called again after each pause. */
export type Budget = () => number;

/** The work of one guest's driver. Time is in ms on the clock. A run is a generator that pauses between batches. */
export abstract class Work {
  #running = false;
  #waiting: (() => void)[] = [];

  /** The time at which the work is due; null while it is not pending. */
  abstract readonly due: number | null;

  /** The time at which the clock has to run it next: `due`, or earlier where it was woken. */
  get runsAt(): number | null {
    return this.due;
  }

  /** True if a settle that ends at `until` waits for it. */
  isBusy(until: number): boolean {
    return this.runsAt !== null && this.runsAt <= until;
  }

  /** Ends the work for good, unless an earlier state of it is put back. */
  abstract stop(): void;

  /** Saves when the work is due, and what it keeps from run to run. No run of it may be paused, now or when it is put back. */
  abstract save(): Saved;

  /** The run itself; the balloon mutex is held from its begin to its end. */
  protected abstract run(budget: Budget): Generator<Pause>;

  /**
   * Runs the work, and pauses whenever the budget is used up. If the run is given up between two batches, the work is due
   * again, since there is more to do.
   */
  *start(budget: Budget): Generator<Pause> {
    this.#running = true;
    try {
      yield* this.run(budget);
    } finally {
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
