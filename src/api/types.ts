/** The shapes in which a guest is asked and answers. Sizes are in pages of 4096 bytes, times in milliseconds. */
import type { GuestConfig } from "../host/backend.js";

export type { BalloonStats } from "../host/stats-types.js";

/** What to boot. Everything but `maxPfn` has a default. */
export interface BootOptions extends Partial<Omit<GuestConfig, "maxPfn">> {
  /** End of memory at boot, in pages: 262,144 for 1 GiB. */
  readonly maxPfn: number;
}

/** A memory size: one of the two, and not both. */
export type Size =
  | {
      /** Pages of 4096 bytes, 0 to 2^32 - 1. */
      readonly pages: number;
      /** Left out. */
      readonly bytes?: never;
    }
  | {
      /** Bytes, below 2^44; a page only partly there does not count. */
      readonly bytes: number;
      /** Left out. */
      readonly pages?: never;
    };

/** What else can be seen of a guest. Counters run from its boot on. */
export interface GuestStatus {
  /** Pages still to move: positive out of the balloon, negative into it. */
  readonly creditPages: number;
  /** Free pages of the Normal zone: low memory. */
  readonly freeNormalPages: number;
  /** Free pages of the HighMem zone. */
  readonly freeHighPages: number;
  /** Pages the kernel manages (adjust_managed_page_count). */
  readonly managedPages: number;
  /** Those of them that are high memory. */
  readonly managedHighPages: number;
  /** End of memory, in pages; hotplug raises it. */
  readonly maxPfn: number;
  /** Frames the domain holds on the machine. */
  readonly totPages: number;
  /** When the worker is due, in ms on the machine's clock; null while it is not pending. */
  readonly workDueMs: number | null;
  /** Calls of memory_op: populate_physmap and decrease_reservation. */
  readonly memoryOps: number;
  /** Calls of update_va_mapping; a pv guest's alone. */
  readonly vaMappings: number;
  /** Pages cleared before they left. */
  readonly scrubbedPages: number;
  /** Calls of flush_tlb_all. */
  readonly tlbFlushes: number;
  /** Calls of kmap_flush_unused. */
  readonly kmapFlushes: number;
  /** Linear memory of the guest's tables, reserved, in bytes. */
  readonly memoryBytes: number;
}

/** How far a settle has come. */
export interface SettleProgress {
  /** Milliseconds on the machine's clock. */
  readonly nowMs: number;
  /** The guest's present size. */
  readonly currentPages: number;
  /** What it is to become. */
  readonly targetPages: number;
}

/** How long to wait for a guest, and who is told meanwhile. */
export interface SettleOptions {
  /** Milliseconds, on the machine's clock, after which it is given up; 0 or more. Default: 3,600,000, an hour. */
  readonly withinMs?: number;
  /**
   * Stops between two batches: what moved stays moved, and the work stays due. On a real clock it rests then, a retry
   * that was waited for included, until the next target or settle.
   */
  readonly signal?: AbortSignal;
  /** Called every few milliseconds while pages move. */
  readonly onProgress?: (progress: SettleProgress) => void;
}

/** How a settle ended. */
export interface Settled {
  /** Pages still to move; 0 when the target is reached or, without hotplug, lies beyond what the balloon holds. */
  readonly creditPages: number;
  /** Milliseconds on the machine's clock. */
  readonly nowMs: number;
  /**
   * When the worker tries again, in ms on the machine's clock, where that lies beyond `withinMs`; null when it has nothing
   * to do or gave up.
   */
  readonly workDueMs: number | null;
}

/** An answer for the next calls of a kind. */
export interface FaultAnswer {
  /** What they answer: 0 for success or for nothing done, a negative number for an error. */
  readonly rc: number;
  /** How many calls are hit, 0 to 2^32 - 1. */
  readonly times: number;
}

/** A limit for the next calls of a kind. */
export interface FaultLimit {
  /** Extents each does at most, 0 to 2^32 - 1. */
  readonly extents: number;
  /** How many calls are hit, 0 to 2^32 - 1. */
  readonly times: number;
}

/** Faults to inject; each replaces the one of its kind before it. Left out, that one stays. */
export interface Faults {
  /** populate_physmap answers `rc`, -2^31 to 0, and does nothing. */
  readonly populate?: FaultAnswer;
  /** populate_physmap does at most so many extents. */
  readonly partial?: FaultLimit;
  /** decrease_reservation answers `rc`, any of 32 bits: a BUG for the driver, unless it is the count asked for. */
  readonly decrease?: FaultAnswer;
  /** update_va_mapping answers `rc`, any of 32 bits but 0: a BUG for the driver. */
  readonly vaMapping?: FaultAnswer;
  /** add_memory answers `rc`, any of 32 bits, and does nothing. */
  readonly addMemory?: FaultAnswer;
}

/**
 * What a page is. `lent`: taken out of the balloon for foreign mappings. `scratch`: what a CPU's ballooned pages are
 * mapped to. `hole`: no memory. `offline`: not added yet, or not online yet. `inUse`: all others, which are the kernel's
 * or somebody's in the guest.
 */
export type PageState = "inUse" | "free" | "ballooned" | "lent" | "scratch" | "hole" | "offline";

/** Which pages to count, and how many of them make a cell. */
export interface CensusRange {
  /** The first page. `pfnLimit`, behind the last, is allowed: no pages follow it. */
  readonly pfn: number;
  /** How many pages, 0 to `pfnLimit - pfn`. Of none the counts are empty arrays. */
  readonly pages: number;
  /** Pages of a cell, 1 to 2^30. */
  readonly cellPages: number;
}

/** Pages by state and cell: cell `i` is the pages from `pfn + i * cellPages` on; the last one may be shorter. */
export interface Census extends CensusRange {
  /** Pages of each cell in each state; of a cell they add up to its size. */
  readonly counts: Readonly<Record<PageState, Uint32Array>>;
}
