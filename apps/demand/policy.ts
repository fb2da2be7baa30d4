/** Makes targets from demand. */
import type { DemandPoint } from "./series.js";

/**
 * `follow`: memory in use plus headroom. `peak`: the greatest use in the window that ends now, plus headroom; it grows
 * at once and shrinks late. `provisioned`: the memory that the guest is sold at each time. `none`: no balloon, for
 * comparison; the guest gets no target.
 */
export const POLICIES = ["follow", "peak", "provisioned", "none"] as const;
export type Policy = (typeof POLICIES)[number];

export interface PolicyOptions {
  /** The rule for targets. Default: follow. */
  readonly policy?: Policy;
  /** The headroom of a target above the memory in use, in percent of it. Default: 25. */
  readonly headroomPercent?: number;
  /** The smallest target, in pages. Default: 65,536, which are 256 MiB. */
  readonly floorPages?: number;
  /** The window of `peak`, in ms. Default: 3,600,000, an hour. */
  readonly windowMs?: number;
}

/**
 * @param sizePages - the guest's size at boot: no target is above it.
 * @returns a target for each point, in whole pages, rounded down; never above the memory that the guest is sold then.
 * Null at each for the policy `none`.
 */
export function targetsOf(
  points: readonly DemandPoint[],
  options: PolicyOptions,
  sizePages: number,
): readonly (number | null)[] {
  const { policy = "follow", headroomPercent = 25, floorPages = 65_536, windowMs = 3_600_000 } = options;
  if (policy === "none") return points.map(() => null);
  const used = policy === "peak" ? greatest(points, windowMs) : points.map(({ usedPages }) => usedPages);
  return points.map(({ provisionedPages }, i) => {
    const most = Math.min(sizePages, provisionedPages ?? sizePages);
    if (policy === "provisioned") return most;
    return Math.min(most, Math.max(floorPages, Math.floor((used[i] * (100 + headroomPercent)) / 100)));
  });
}

/**
 * Finds for each point the greatest use within the window before it. It keeps a queue of uses that no later one
 * exceeds.
 */
function greatest(points: readonly DemandPoint[], windowMs: number): number[] {
  const queue: number[] = [];
  let first = 0;
  return points.map(({ timeMs, usedPages }, i) => {
    while (queue.length > first && points[queue[queue.length - 1]].usedPages <= usedPages) queue.pop();
    queue.push(i);
    // a use holds until the point after it
    while (queue[first] < i && points[queue[first] + 1].timeMs <= timeMs - windowMs) first++;
    return points[queue[first]].usedPages;
  });
}
