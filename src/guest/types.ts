/** The shapes in which a guest is asked and answers. Sizes are in pages of 4096 bytes, times in milliseconds. */
import type { GuestConfig } from "../backend.js";

/** What to boot. Everything but `maxPfn` has a default. */
export interface BootOptions extends Partial<Omit<GuestConfig, "maxPfn">> {
  /** End of memory at boot, in pages: 262,144 for 1 GiB. */
  readonly maxPfn: number;
}

/** A memory size: one of the two. */
export type Size = { readonly pages: number } | { readonly bytes: number };

/** balloon_stats. Counts of pages can pass below zero where the kernel's unsigned ones wrap. */
export interface BalloonStats {
  /** What the driver takes as the guest's present size, and what it is to become. */
  readonly currentPages: number;
  readonly targetPages: number;
  /** Pages in the balloon, in low and in high memory. */
  readonly balloonLowPages: number;
  readonly balloonHighPages: number;
  /** The wait after the next failure is twice this, up to the maximum. */
  readonly scheduleDelaySeconds: number;
  readonly maxScheduleDelaySeconds: number;
  /** Tries so far (1: none failed), and how many there may be; 0 for no limit. */
  readonly retryCount: number;
  readonly maxRetryCount: number;
  /** Memory hotplug: pages added to reach the target and not online yet, and what sections had more than that. */
  readonly hotplugPages: number;
  readonly balloonHotplugPages: number;
}

/** What else can be seen of a guest. Counters run from its boot on. */
export interface GuestStatus {
  /** Pages still to move: positive out of the balloon, negative into it. */
  readonly creditPages: number;
  readonly freeNormalPages: number;
  readonly freeHighPages: number;
  /** Pages the kernel manages, all and high ones (adjust_managed_page_count). */
  readonly managedPages: number;
  readonly managedHighPages: number;
  readonly maxPfn: number;
  /** Frames the domain holds on the machine. */
  readonly totPages: number;
  /** When the worker is due; null while it is not pending. */
  readonly workDueMs: number | null;
  readonly memoryOps: number;
  readonly vaMappings: number;
  readonly scrubbedPages: number;
  readonly tlbFlushes: number;
  readonly kmapFlushes: number;
  /** Linear memory of the guest's tables, reserved. */
  readonly memoryBytes: number;
}

/** How far a settle has come. */
export interface SettleProgress {
  readonly nowMs: number;
  readonly currentPages: number;
  readonly targetPages: number;
}

export interface SettleOptions {
  /** Time, on the machine's clock, after which it is given up. Default: an hour. */
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
  readonly nowMs: number;
  /** When the worker tries again, where that lies beyond `withinMs`; null when it has nothing to do or gave up. */
  readonly workDueMs: number | null;
}

/** Faults to inject; each replaces the one of its kind before it. `times` calls are hit. */
export interface Faults {
  /** populate_physmap answers `rc`, 0 or a negative number, and does nothing. */
  readonly populate?: { readonly rc: number; readonly times: number };
  /** populate_physmap does at most so many extents. */
  readonly partial?: { readonly extents: number; readonly times: number };
  /** decrease_reservation answers `rc`: a BUG for the driver, unless it is the count asked for. */
  readonly decrease?: { readonly rc: number; readonly times: number };
  /** update_va_mapping answers `rc`, not 0: a BUG for the driver. */
  readonly vaMapping?: { readonly rc: number; readonly times: number };
  /** add_memory answers `rc`. */
  readonly addMemory?: { readonly rc: number; readonly times: number };
}

/**
 * What a page is. `lent`: taken out of the balloon for foreign mappings. `scratch`: what a CPU's ballooned pages are
 * mapped to. `hole`: no memory. `offline`: not added yet, or not online yet. `inUse`: all others, which are the kernel's
 * or somebody's in the guest.
 */
export type PageState = "inUse" | "free" | "ballooned" | "lent" | "scratch" | "hole" | "offline";

/** Which pages to count, and how many of them make a cell. */
export interface CensusRange {
  readonly pfn: number;
  readonly pages: number;
  readonly cellPages: number;
}

/** Pages by state and cell: cell `i` is the pages from `pfn + i * cellPages` on; the last one may be shorter. */
export interface Census extends CensusRange {
  /** Pages of each cell in each state; of a cell they add up to its size. */
  readonly counts: Readonly<Record<PageState, Uint32Array>>;
}
