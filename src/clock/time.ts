/** The two ways in which a machine's time passes, for the API to drive. */
import { BalloonError, EINVAL } from "../host/errors.js";
import { drive } from "./drive.js";
import { Mutex } from "./mutex.js";
import { RealClock } from "./real-clock.js";
import { type Clock, VirtualClock } from "./scheduler.js";
import type { Work } from "./work.js";

/** A machine's time. */
export interface Time {
  readonly clock: Clock;
  /** True while no work is running or waits for its timer: nothing happens until there is a call. */
  readonly resting: boolean;
  /** Called whenever the work on timers has come to rest. */
  onRest: () => void;
  /** Lets work run until `work` is no longer due, for `ms` at most. An abort rejects with the signal's reason. */
  settle(work: Work, ms: number, signal?: AbortSignal): Promise<void>;
  /**
   * Lets `ms` pass.
   *
   * @throws BalloonError (EINVAL) on a real clock.
   */
  advance(ms: number): Promise<void>;
  /** Lets the ms of each sleep pass. An error of the sleeper rejects. */
  pass(sleeps: Iterable<number>): Promise<void>;
  /** Calls `critical` after the calls before it that let time pass, and while none of them runs. */
  alone<T>(critical: () => T): Promise<T>;
}

/** Makes the time of a machine. */
export function timeOf(clock: "virtual" | "real"): Time {
  return clock === "real" ? new RealTime() : new VirtualTime();
}

/** Time that stands still until a call lets it pass; one call at a time drives it. */
class VirtualTime implements Time {
  readonly clock: VirtualClock = new VirtualClock();
  readonly resting = true;
  onRest = (): void => {};
  readonly #driving = new Mutex();

  settle(work: Work, ms: number, signal?: AbortSignal): Promise<void> {
    let queued = true;
    const settle = (): Promise<void> =>
      this.#driving.run(() => {
        signal?.throwIfAborted();
        queued = false;
        return drive(
          (budget) => this.clock.settle(work, ms, budget),
          () => signal?.throwIfAborted(),
        );
      });
    if (signal === undefined) return settle();
    // an abort rejects at once a call that still waits for the calls before it
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        if (queued) reject(signal.reason);
      };
      signal.addEventListener("abort", abort);
      settle()
        .then(resolve, reject)
        .finally(() => signal.removeEventListener("abort", abort));
    });
  }

  advance(ms: number): Promise<void> {
    return this.#driving.run(() => drive((budget) => this.clock.advance(ms, budget)));
  }

  pass(sleeps: Iterable<number>): Promise<void> {
    return this.#driving.run(() => drive((budget) => this.clock.pass(sleeps, budget)));
  }

  alone<T>(critical: () => T): Promise<T> {
    return this.#driving.run(critical);
  }
}

/** Time that passes by itself; work runs on timers. */
class RealTime implements Time {
  readonly clock: RealClock = new RealClock(() => this.onRest());
  onRest = (): void => {};

  get resting(): boolean {
    return this.clock.resting;
  }

  settle(work: Work, ms: number, signal?: AbortSignal): Promise<void> {
    return this.clock.idle(work, ms, signal);
  }

  async advance(): Promise<void> {
    throw new BalloonError(EINVAL, "a real clock cannot be advanced");
  }

  async pass(sleeps: Iterable<number>): Promise<void> {
    for (const ms of sleeps) await new Promise((resolve) => setTimeout(resolve, ms));
  }

  async alone<T>(critical: () => T): Promise<T> {
    return critical();
  }
}
