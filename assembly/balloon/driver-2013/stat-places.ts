/** The place of each field in balloon_stats, by its name, in bytes: the host asks for a field by its name. */
import { BalloonStats2013 } from "./stats";

export const stat_current_pages: usize = offsetof<BalloonStats2013>("current_pages");
export const stat_target_pages: usize = offsetof<BalloonStats2013>("target_pages");
export const stat_balloon_low: usize = offsetof<BalloonStats2013>("balloon_low");
export const stat_balloon_high: usize = offsetof<BalloonStats2013>("balloon_high");
export const stat_schedule_delay: usize = offsetof<BalloonStats2013>("schedule_delay");
export const stat_max_schedule_delay: usize = offsetof<BalloonStats2013>("max_schedule_delay");
export const stat_retry_count: usize = offsetof<BalloonStats2013>("retry_count");
export const stat_max_retry_count: usize = offsetof<BalloonStats2013>("max_retry_count");
export const stat_hotplug_pages: usize = offsetof<BalloonStats2013>("hotplug_pages");
export const stat_balloon_hotplug: usize = offsetof<BalloonStats2013>("balloon_hotplug");
