/** struct balloon_stats (include/xen/balloon.h) and what else is counted. */

/** Unsigned 64 bit, and they wrap: current_pages passes below zero when more is lent than there was. */
@unmanaged
export class BalloonStats {
  current_pages: u64;
  target_pages: u64;
  balloon_low: u64;
  balloon_high: u64;
  /** Seconds. */
  schedule_delay: u64;
  max_schedule_delay: u64;
  retry_count: u64;
  /** RETRY_UNLIMITED (0): for ever. */
  max_retry_count: u64;
  /** Used with hotplug alone. */
  hotplug_pages: u64;
  balloon_hotplug: u64;
}

/** Since boot. Managed pages may pass below zero: pages that were in the balloon at boot were never managed. */
@unmanaged
export class Counters {
  managedPages: i64;
  managedHighPages: i64;
  scrubbedPages: u64;
  tlbFlushes: u64;
  kmapFlushes: u64;
}
