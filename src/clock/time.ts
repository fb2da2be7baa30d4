/** The two ways in which a machine's time passes, as the API drives them. */

import { BalloonError, EINVAL } from "../host/errors.js";
import { drive } from "./drive.js";
import { Mutex } from "./mutex.js";
import { RealClock } from "./real-clock.js";
import { type Clock, type DelayedWork, VirtualClock } from "./scheduler.js";

export interface Time {
  readonly clock: Clock;
  /** True while nothing happens unless somebody calls: no work runs or waits for its timer. */
  readonly resting: boolean;
  /** Called whenever work on timers has come to rest. */
  onRest: () => void;
  /** Lets work run until `work` is no longer due, `ms` at most. What the signal aborts with is thrown. */
  settle(work: DelayedWork, ms: number, signal?: AbortSignal): Promise<void>;
  /** Lets `ms` pass. */
  advance(ms: number): Promise<void>;
}

export function timeOf(clock: "virtual" | "real"): Time {
  return clock === "real" ? new RealTime() : new VirtualTime();
}

/** Time stands still until it is told to pass; one call at a time drives it. */
class VirtualTime implements Time {
  readonly clock: VirtualClock = new VirtualClock();
  readonly resting = true;
  onRest = (): void => {};
  readonly #driving = new Mutex();

  settle(work: DelayedWork, ms: number, signal?: AbortSignal): Promise<void> {
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
    // who waits for others to have driven need not wait to be told that he aborted
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
}

/** Time passes by itself, and work runs on timers. */
class RealTime implements Time {
  readonly clock: RealClock = new RealClock(() => this.onRest());
  onRest = (): void => {};

  get resting(): boolean {
    return this.clock.resting;
  }

  settle(work: DelayedWork, ms: number, signal?: AbortSignal): Promise<void> {
    return this.clock.idle(work, ms, signal);
  }

  async advance(): Promise<void> {
    throw new BalloonError(EINVAL, "a real clock cannot be advanced");
  }
}
