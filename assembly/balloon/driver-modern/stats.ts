/** balloon_stats of this generation (include/xen/balloon.h). */
import { LongPages } from "../../common/types";
import { STATS } from "../layout";
import { BalloonStats } from "../stats";

/** struct balloon_stats. Both fields wrap like the others. */
@unmanaged
export class ModernBalloonStats extends BalloonStats {
  /** Pages lent to other drivers, or wanted by them. */
  target_unpopulated: LongPages;
  /** Pages of the guest, in the balloon or not. */
  total_pages: LongPages;
}

export const stats: ModernBalloonStats = changetype<ModernBalloonStats>(STATS);
