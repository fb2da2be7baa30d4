/** The types of a guest's arguments and results. Sizes are in pages of 4096 bytes, times in milliseconds. */

import type { GuestConfig, GuestState } from "../host/backend.js";
import type { Pages } from "../host/units.js";

export type { FaultAnswer, FaultLimit, Faults } from "../host/fault-types.js";
export type { BalloonStats, GuestState, Tunables } from "../host/stats-types.js";
export type { Census, CensusRange, PageState } from "../world/census.js";

/** The options of a boot. Every option but `maxPfn` has a default. */
export interface BootOptions extends Partial<Omit<GuestConfig, "maxPfn">> {
  /** End of memory at boot, in pages: 262,144 for 1 GiB. */
  readonly maxPfn: number;
}

/** A memory size, in pages or in bytes, not both. */
export type Size =
  | {
      /** Pages of 4096 bytes, 0 to 2^32 - 1. */
      readonly pages: Pages;
      /** Must be omitted. */
      readonly bytes?: never;
    }
  | {
      /** Bytes, below 2^44, rounded down to whole pages. */
      readonly bytes: number;
      /** Must be omitted. */
      readonly pages?: never;
    };

/** The state of a guest besides balloon_stats. */
export interface GuestStatus extends GuestState {
  /**
   * The time at which the worker is due, in ms on the machine's clock; null while it is not pending. The modern driver's
   * thread always has one: with nothing to do, it looks again an hour later.
   */
  readonly workDueMs: number | null;
  /** The outcome of the last turn of the thread. (Driver `modern` alone.) */
  readonly threadState?: ThreadState;
  /** Calls of takeBallooned that wait for pages. (Driver `modern` alone.) */
  readonly waitingCalls?: number;
  /** Linear memory that the guest's tables reserve, in bytes. */
  readonly memoryBytes: number;
}

/**
 * The outcome of the last turn of the modern driver's thread. `done`: it has done what it could, and looks again within an
 * hour. `wait`: memory was added, and it looks every second whether that has come online. `eagain`: it tries again after
 * `scheduleDelaySeconds`. `ecanceled`: it has given up, and looks again within an hour.
 */
export type ThreadState = "done" | "wait" | "eagain" | "ecanceled";

/** The options of takeBallooned. */
export interface TakeOptions {
  /** Accepts high pages; the modern driver lends none. Default: false. */
  readonly highmem?: boolean;
  /**
   * Ends the wait for pages that the modern driver may impose: the pages taken so far go back. A call to which pages have
   * come meanwhile goes on with them.
   */
  readonly signal?: AbortSignal;
}

/** The progress of a settle. */
export interface SettleProgress {
  /** Milliseconds on the machine's clock. */
  readonly nowMs: number;
  /** The guest's present size, in pages. */
  readonly currentPages: Pages;
  /** The guest's target size, in pages. */
  readonly targetPages: Pages;
}

/** The options of settle: how long to wait, how to stop, and whom to tell. */
export interface SettleOptions {
  /** The longest wait, in ms on the machine's clock; 0 or more. Default: 3,600,000, an hour. */
  readonly withinMs?: number;
  /**
   * Stops the settle between two batches: moved pages stay moved, and the work stays due. On a real clock the work,
   * a pending retry included, then rests until the next target or settle.
   */
  readonly signal?: AbortSignal;
  /** Called every few milliseconds while pages move. */
  readonly onProgress?: (progress: SettleProgress) => void;
}

/** The state at the end of a settle. */
export interface Settled {
  /** Pages still to move; 0 when the target is reached or, without hotplug, lies beyond what the balloon holds. */
  readonly creditPages: Pages;
  /** Milliseconds on the machine's clock. */
  readonly nowMs: number;
  /**
   * The time of the worker's next try, in ms on the machine's clock, if it lies beyond `withinMs`; null if the worker
   * has nothing to do or gave up. For the modern driver, the time of its thread's next look in any case.
   */
  readonly workDueMs: number | null;
}
