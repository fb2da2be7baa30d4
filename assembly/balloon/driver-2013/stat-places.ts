/** The places of the fields of balloon_stats of this generation (../stat-places.ts). */
import { BalloonStats2013 } from "./stats";

export * from "../stat-places";
export const stat_hotplug_pages: usize = offsetof<BalloonStats2013>("hotplug_pages");
export const stat_balloon_hotplug: usize = offsetof<BalloonStats2013>("balloon_hotplug");
