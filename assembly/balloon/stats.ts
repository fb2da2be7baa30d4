/**
 * The fields of struct balloon_stats (include/xen/balloon.h) that every generation of the driver has, and the counters of
 * the guest's kernel. A generation's room adds its own fields behind these.
 */
import { LongPages } from "../common/types";

/** All fields are unsigned 64-bit numbers that wrap: current_pages passes below 0 when more is lent than there was. */
@unmanaged
export class BalloonStats {
  current_pages: LongPages;
  target_pages: LongPages;
  balloon_low: LongPages;
  balloon_high: LongPages;
  /** Both delays are in seconds. */
  schedule_delay: u64;
  max_schedule_delay: u64;
  retry_count: u64;
  /** RETRY_UNLIMITED (0) is without limit. */
  max_retry_count: u64;
}

/**
 * Counters since boot. The managed pages are signed: pages that were in the balloon at boot were never managed, so that
 * the count may pass below 0.
 */
@unmanaged
export class Counters {
  managedPages: i64;
  managedHighPages: i64;
  scrubbedPages: LongPages;
  tlbFlushes: u64;
  kmapFlushes: u64;
}
