/**
 * Written by test/host/options.test.ts from the tables in stats.ts, tunables.ts and state.ts: change those, then run it
 * with -u.
 */

/** The fields of the driver's balloon_stats; each is 64 bit, read as signed. A generation that lacks one leaves it out. */
export interface DriverStats {
  /** The guest's present size, by the driver's count. */
  readonly current_pages: number;
  /** The guest's target size. */
  readonly target_pages: number;
  /** Pages in the balloon that are low memory. */
  readonly balloon_low: number;
  /** Pages in the balloon that are high memory. */
  readonly balloon_high: number;
  /** The wait after the next failure is twice this, up to the maximum. At boot: 1. */
  readonly schedule_delay: number;
  /** The longest wait. At boot: 32. */
  readonly max_schedule_delay: number;
  /** Tries so far; 1 means that none has failed. */
  readonly retry_count: number;
  /** The most tries; 0 for no limit. At boot: 0, and 4 with driver `modern`. */
  readonly max_retry_count: number;
  /** Memory hotplug: pages added to reach the target and not online yet. (Driver `2013` alone.) */
  readonly hotplug_pages?: number;
  /** Memory hotplug: the rest of the pages in the added sections. (Driver `2013` alone.) */
  readonly balloon_hotplug?: number;
  /** Pages lent out to other drivers, and asked for by them. (Driver `modern` alone.) */
  readonly target_unpopulated?: number;
  /** Pages that the guest has, in the balloon or not; memory hotplug raises it. (Driver `modern` alone.) */
  readonly total_pages?: number;
}

/**
 * balloon_stats. Counts of pages can pass below zero where the kernel's unsigned ones wrap. A generation of the driver
 * that lacks a field leaves it out.
 */
export interface BalloonStats {
  /** The guest's present size, by the driver's count. */
  readonly currentPages: number;
  /** The guest's target size. */
  readonly targetPages: number;
  /** Pages in the balloon that are low memory. */
  readonly balloonLowPages: number;
  /** Pages in the balloon that are high memory. */
  readonly balloonHighPages: number;
  /** The wait after the next failure is twice this, up to the maximum. At boot: 1. */
  readonly scheduleDelaySeconds: number;
  /** The longest wait. At boot: 32. */
  readonly maxScheduleDelaySeconds: number;
  /** Tries so far; 1 means that none has failed. */
  readonly retryCount: number;
  /** The most tries; 0 for no limit. At boot: 0, and 4 with driver `modern`. */
  readonly maxRetryCount: number;
  /** Memory hotplug: pages added to reach the target and not online yet. (Driver `2013` alone.) */
  readonly hotplugPages?: number;
  /** Memory hotplug: the rest of the pages in the added sections. (Driver `2013` alone.) */
  readonly balloonHotplugPages?: number;
  /** Pages lent out to other drivers, and asked for by them. (Driver `modern` alone.) */
  readonly targetUnpopulatedPages?: number;
  /** Pages that the guest has, in the balloon or not; memory hotplug raises it. (Driver `modern` alone.) */
  readonly totalPages?: number;
}

/** The settings that a user may change. */
export type TunableField = "max_schedule_delay" | "max_retry_count" | "scrub" | "hotplug_unpopulated";

/** The driver's tunables. Each keeps its value unless it is given. */
export interface Tunables {
  /** The longest wait. At boot: 32. Range: 1 to 2^53 - 1 seconds. */
  readonly maxScheduleDelaySeconds?: number;
  /** The most tries; 0 for no limit. At boot: 0, and 4 with driver `modern`. Range: 0 to 2^53 - 1 tries. */
  readonly maxRetryCount?: number;
  /** scrub_pages: whether a page is cleared before it leaves. At boot: the option `scrub`. (Driver `modern` alone.) */
  readonly scrub?: boolean;
  /**
   * xen.balloon.hotplug_unpopulated: whether a caller that wants ballooned pages waits for hot-added ones. Only a guest
   * with hotplug and without high memory can set it. At boot: 0. (Driver `modern` alone.)
   */
  readonly hotplugUnpopulated?: boolean;
}

/**
 * The figures of a guest besides balloon_stats. Counters count from its boot on. A generation of the driver that lacks a
 * figure leaves it out.
 */
export interface GuestState {
  /** Pages still to move (current_credit): positive out of the balloon, negative into it. */
  readonly creditPages: number;
  /** Free pages of the Normal zone: low memory. */
  readonly freeNormalPages: number;
  /** Free pages of the HighMem zone. */
  readonly freeHighPages: number;
  /**
   * The driver's estimate of the pages it may take (si_mem_available): the free ones less `totalReservePages`. (Driver
   * `modern` alone.)
   */
  readonly availablePages?: number;
  /** Pages the kernel manages (adjust_managed_page_count). */
  readonly managedPages: number;
  /** Managed pages that are high memory. */
  readonly managedHighPages: number;
  /** Pages marked offline: those in the balloon, and added memory that is not online yet. (Driver `modern` alone.) */
  readonly offlinePages?: number;
  /** End of memory, in pages; hotplug raises it. */
  readonly maxPfn: number;
  /** The first PFN of added memory that is not online yet; that memory ends at `maxPfn`. */
  readonly onlineFrom: number;
  /** Frames the domain holds on the machine. */
  readonly totPages: number;
  /** The most frames that populate lets the domain hold. */
  readonly maxPages: number;
  /** Pages cleared before they left the guest. */
  readonly scrubbedPages: number;
  /** Calls of memory_op: populate_physmap, decrease_reservation, and current_reservation. */
  readonly memoryOps: number;
  /** Calls of update_va_mapping, which only a pv guest makes. */
  readonly vaMappings: number;
  /** Calls of flush_tlb_all. */
  readonly tlbFlushes: number;
  /** Calls of kmap_flush_unused. */
  readonly kmapFlushes: number;
}
