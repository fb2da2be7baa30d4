/** The places of the fields of balloon_stats of this generation (../stat-places.ts). */
import { ModernBalloonStats } from "./stats";

export * from "../stat-places";
export const stat_target_unpopulated: usize = offsetof<ModernBalloonStats>("target_unpopulated");
export const stat_total_pages: usize = offsetof<ModernBalloonStats>("total_pages");
