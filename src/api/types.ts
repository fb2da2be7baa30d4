/** The types of a guest's arguments and results. Sizes are in pages of 4096 bytes, times in milliseconds. */
import type { GuestConfig } from "../host/backend.js";

export type { BalloonStats } from "../host/stats-types.js";
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
      readonly pages: number;
      /** Must be omitted. */
      readonly bytes?: never;
    }
  | {
      /** Bytes, below 2^44, rounded down to whole pages. */
      readonly bytes: number;
      /** Must be omitted. */
      readonly pages?: never;
    };

/** The state of a guest besides balloon_stats. Counters count from its boot on. */
export interface GuestStatus {
  /** Pages still to move: positive out of the balloon, negative into it. */
  readonly creditPages: number;
  /** Free pages of the Normal zone: low memory. */
  readonly freeNormalPages: number;
  /** Free pages of the HighMem zone. */
  readonly freeHighPages: number;
  /** Pages the kernel manages (adjust_managed_page_count). */
  readonly managedPages: number;
  /** Managed pages that are high memory. */
  readonly managedHighPages: number;
  /** End of memory, in pages; hotplug raises it. */
  readonly maxPfn: number;
  /** Frames the domain holds on the machine. */
  readonly totPages: number;
  /** The time at which the worker is due, in ms on the machine's clock; null while it is not pending. */
  readonly workDueMs: number | null;
  /** Calls of memory_op: populate_physmap and decrease_reservation. */
  readonly memoryOps: number;
  /** Calls of update_va_mapping, which only a pv guest makes. */
  readonly vaMappings: number;
  /** Pages cleared before they left the guest. */
  readonly scrubbedPages: number;
  /** Calls of flush_tlb_all. */
  readonly tlbFlushes: number;
  /** Calls of kmap_flush_unused. */
  readonly kmapFlushes: number;
  /** Linear memory that the guest's tables reserve, in bytes. */
  readonly memoryBytes: number;
}

/** The progress of a settle. */
export interface SettleProgress {
  /** Milliseconds on the machine's clock. */
  readonly nowMs: number;
  /** The guest's present size, in pages. */
  readonly currentPages: number;
  /** The guest's target size, in pages. */
  readonly targetPages: number;
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
  readonly creditPages: number;
  /** Milliseconds on the machine's clock. */
  readonly nowMs: number;
  /**
   * The time of the worker's next try, in ms on the machine's clock, if it lies beyond `withinMs`; null if the worker
   * has nothing to do or gave up.
   */
  readonly workDueMs: number | null;
}

/** An answer for the next calls of a kind. */
export interface FaultAnswer {
  /** The answer of these calls: 0 for success or for nothing done, a negative number for an error. */
  readonly rc: number;
  /** The number of calls it applies to, 0 to 2^32 - 1. */
  readonly times: number;
}

/** A limit for the next calls of a kind. */
export interface FaultLimit {
  /** The most extents each call does, 0 to 2^32 - 1. */
  readonly extents: number;
  /** The number of calls it applies to, 0 to 2^32 - 1. */
  readonly times: number;
}

/** Faults to inject. Each replaces the earlier fault of its kind; an omitted kind keeps its earlier fault. */
export interface Faults {
  /** populate_physmap answers `rc`, -2^31 to 0, and does nothing. */
  readonly populate?: FaultAnswer;
  /** populate_physmap does at most `extents` extents. */
  readonly partial?: FaultLimit;
  /** decrease_reservation answers `rc`, any of 32 bits: a BUG for the driver, unless it is the count asked for. */
  readonly decrease?: FaultAnswer;
  /** update_va_mapping answers `rc`, any of 32 bits but 0: a BUG for the driver. */
  readonly vaMapping?: FaultAnswer;
  /** add_memory answers `rc`, any of 32 bits, and does nothing. */
  readonly addMemory?: FaultAnswer;
}
