/** balloon_stats of this generation (include/xen/balloon.h). */
import { LongPages } from "../../common/types";
import { STATS } from "../layout";
import { BalloonStats } from "../stats";

/** struct balloon_stats. Both fields are used with hotplug alone, and wrap like the others. */
@unmanaged
export class BalloonStats2013 extends BalloonStats {
  hotplug_pages: LongPages;
  balloon_hotplug: LongPages;
}

export const stats: BalloonStats2013 = changetype<BalloonStats2013>(STATS);
