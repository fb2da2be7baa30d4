/** Written by test/host/options.test.ts from the table in stats.ts: change that, then run it with -u. */

/** The fields of the driver's balloon_stats; each is 64 bit, read as signed. */
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
  /** The most tries; 0 for no limit. At boot: 0. */
  readonly max_retry_count: number;
  /** Memory hotplug: pages added to reach the target and not online yet. */
  readonly hotplug_pages: number;
  /** Memory hotplug: the rest of the pages in the added sections. */
  readonly balloon_hotplug: number;
}

/** balloon_stats. Counts of pages can pass below zero where the kernel's unsigned ones wrap. */
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
  /** The most tries; 0 for no limit. At boot: 0. */
  readonly maxRetryCount: number;
  /** Memory hotplug: pages added to reach the target and not online yet. */
  readonly hotplugPages: number;
  /** Memory hotplug: the rest of the pages in the added sections. */
  readonly balloonHotplugPages: number;
}
