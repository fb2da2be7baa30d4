/** struct balloon_stats (include/xen/balloon.h) and what else is counted. */
import { LongPages } from "../common/types";

/** Unsigned 64 bit, and they wrap: current_pages passes below zero when more is lent than there was. */
@unmanaged
export class BalloonStats {
  current_pages: LongPages;
  target_pages: LongPages;
  balloon_low: LongPages;
  balloon_high: LongPages;
  /** Seconds. */
  schedule_delay: u64;
  max_schedule_delay: u64;
  retry_count: u64;
  /** RETRY_UNLIMITED (0): for ever. */
  max_retry_count: u64;
  /** Used with hotplug alone. */
  hotplug_pages: LongPages;
  balloon_hotplug: LongPages;
}

/** Since boot. Managed pages may pass below zero: pages that were in the balloon at boot were never managed. */
@unmanaged
export class Counters {
  managedPages: i64;
  managedHighPages: i64;
  scrubbedPages: LongPages;
  tlbFlushes: u64;
  kmapFlushes: u64;
}
