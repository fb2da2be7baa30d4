/**
 * Replays a demand on a guest. At each row the guest frees or allocates pages until it uses as many as the row says,
 * its balloon gets a target, and the worker runs. Short are the pages that the guest gets only after the balloon has
 * deflated, or not at all.
 */

import { NumberStack } from "xen-balloon/core";
import type { DemandPoint } from "../demand/series.js";
import type { ReplayMeasures, ReplaySeries } from "./results.js";
import type { Stand } from "./stand.js";

/** The most points of a chart. */
const SLICES = 512;

/** A row that was replayed. */
interface Row {
  readonly timeMs: number;
  readonly usedPages: number;
  readonly targetPages: number;
  readonly currentPages: number;
}

/**
 * @param points - one or more.
 * @param targets - pages, one for each point; null at a point at which the guest gets none.
 * @param move - calls `act`, the balloon's part of a row, and may time it.
 */
export function replay(
  stand: Stand,
  points: readonly DemandPoint[],
  targets: readonly (number | null)[],
  move: (direction: "out" | "in", act: () => void) => void,
): ReplayMeasures {
  const { guest } = stand;
  const size = stand.config.guest.maxPfn;
  // without the pages that the guest keeps for itself, such as a scratch page a CPU
  const { freeNormalPages, freeHighPages } = guest.state();
  const most = freeNormalPages + freeHighPages;
  const held = new NumberStack();
  const rows: Row[] = [];
  let [shortPages, shortRows, missedRows, changes] = [0, 0, 0, 0];
  let [soldPageMs, givenBackPageMs] = [0, 0];
  let [mostPages, leastPages] = [0, size];
  const begun = points[0].timeMs;
  for (const [i, { timeMs, usedPages }] of points.entries()) {
    stand.advance(timeMs - begun - stand.nowMs);
    if (i > 0 && isMissed()) missedRows++;
    const used = Math.min(usedPages, most);
    if (used < held.held.length) guest.freePages(held.pop(held.held.length - used));
    take(used);
    const short = used - held.held.length;
    if (short > 0) {
      shortPages += short;
      shortRows++;
    }
    const target = targets[i] ?? guest.stats().target_pages;
    if (target !== guest.stats().target_pages) changes++;
    move(target < guest.stats().current_pages ? "out" : "in", () => {
      if (targets[i] !== null) guest.setTarget(target);
      stand.advance(0);
    });
    take(used);
    const current = guest.stats().current_pages;
    mostPages = Math.max(mostPages, current);
    leastPages = Math.min(leastPages, current);
    rows.push({ timeMs, usedPages, targetPages: target, currentPages: current });
    const sold = Math.min(size, points[i].provisionedPages ?? size);
    soldPageMs += sold * durationMs(points, i);
    givenBackPageMs += Math.max(0, sold - current) * durationMs(points, i);
  }
  const last = points.length - 1;
  stand.advance(durationMs(points, last));
  if (isMissed()) missedRows++;
  const totalMs = points[last].timeMs - begun + durationMs(points, last);
  return {
    sizePages: size,
    targets: changes,
    shortPages,
    shortRows,
    missedRows,
    soldPages: totalMs === 0 ? size : Math.round(soldPageMs / totalMs),
    givenBackPages: Math.round(givenBackPageMs / Math.max(1, totalMs)),
    mostPages,
    leastPages,
    series: seriesOf(rows),
  };

  function isMissed(): boolean {
    const { current_pages, target_pages } = guest.stats();
    return current_pages !== target_pages;
  }

  function take(used: number): void {
    if (used > held.held.length) held.push(guest.allocPages(used - held.held.length, true));
  }
}

/** The duration of a row; the last one takes as long as the one before it. */
function durationMs(points: readonly DemandPoint[], i: number): number {
  const from = Math.max(0, Math.min(i, points.length - 2));
  return points.length < 2 ? 0 : points[from + 1].timeMs - points[from].timeMs;
}

/** Reduces the rows to SLICES at most: each slice keeps the row with the greatest use. */
function seriesOf(rows: readonly Row[]): ReplaySeries {
  const sliceRows = Math.max(1, Math.ceil(rows.length / SLICES));
  const shown: Row[] = [];
  for (let from = 0; from < rows.length; from += sliceRows) {
    const slice = rows.slice(from, from + sliceRows);
    shown.push(slice.reduce((most, row) => (row.usedPages > most.usedPages ? row : most)));
  }
  return {
    timeMs: shown.map(({ timeMs }) => timeMs),
    usedPages: shown.map(({ usedPages }) => usedPages),
    targetPages: shown.map(({ targetPages }) => targetPages),
    currentPages: shown.map(({ currentPages }) => currentPages),
  };
}
