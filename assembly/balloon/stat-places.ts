/**
 * The places of the fields of balloon_stats that every generation has, by name, in bytes: the host asks for a field by its
 * name. A room adds its own.
 */
import { BalloonStats } from "./stats";

export const stat_current_pages: usize = offsetof<BalloonStats>("current_pages");
export const stat_target_pages: usize = offsetof<BalloonStats>("target_pages");
export const stat_balloon_low: usize = offsetof<BalloonStats>("balloon_low");
export const stat_balloon_high: usize = offsetof<BalloonStats>("balloon_high");
export const stat_schedule_delay: usize = offsetof<BalloonStats>("schedule_delay");
export const stat_max_schedule_delay: usize = offsetof<BalloonStats>("max_schedule_delay");
export const stat_retry_count: usize = offsetof<BalloonStats>("retry_count");
export const stat_max_retry_count: usize = offsetof<BalloonStats>("max_retry_count");
