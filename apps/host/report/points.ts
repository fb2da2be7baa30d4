/** Puts the cases of a plan together: a curve for each policy, a point for each size, a run for each speed of moving pages. */
import type { GuestOutcome, HostOutcome } from "xen-balloon/toolstack";
import type { Estimate } from "../../study/statistics.js";
import { failureOf, type RanCase } from "./cases.js";

const PAGE_KIB = 4;

/** A case that was run to its end by its policy. */
export interface HostRun {
  readonly case: RanCase;
  readonly outcome: HostOutcome;
}

/** The runs of one policy on one size of host. */
export interface Point {
  readonly curve: string;
  readonly totalKib: number;
  /** One or more, ascending in µs a page. */
  readonly runs: readonly HostRun[];
}

/** The points of one policy. */
export interface Curve {
  readonly label: string;
  /** Ascending in size. */
  readonly points: readonly Point[];
}

/** A figure of a run. */
export type Measure = (outcome: HostOutcome) => number;

/**
 * Lists the curves in the order of the plan; a curve of which nothing could be run has no points.
 *
 * @throws RangeError: two cases of a curve that differ neither in size nor in speed
 */
export function curvesOf(cases: readonly RanCase[]): readonly Curve[] {
  const labels = [...new Set(cases.map(({ curve }) => curve))];
  return labels.map((label) => {
    const runs = cases.flatMap((one): HostRun[] =>
      one.curve === label && one.outcome !== null && failureOf(one) === null
        ? [{ case: one, outcome: one.outcome }]
        : [],
    );
    const sizes = [...new Set(runs.map(({ outcome }) => outcome.totalKib))].sort((a, b) => a - b);
    return {
      label,
      points: sizes.map((totalKib) => ({ curve: label, totalKib, runs: speedsOf(label, totalKib, runs) })),
    };
  });
}

function speedsOf(label: string, totalKib: number, all: readonly HostRun[]): readonly HostRun[] {
  const runs = all
    .filter(({ outcome }) => outcome.totalKib === totalKib)
    .sort((a, b) => a.outcome.usPerPage - b.outcome.usPerPage);
  for (const [at, { outcome, case: one }] of runs.entries()) {
    if (at === 0 || outcome.usPerPage > runs[at - 1].outcome.usPerPage) continue;
    throw new RangeError(
      `curve ${JSON.stringify(label)}: expected one case with ${totalKib} KiB and ${outcome.usPerPage} µs a page, got ${runs[at - 1].case.id} and ${one.id}`,
    );
  }
  return runs;
}

/** A figure of a point: of the fastest run, between the least and the greatest of all. */
export function rangeOf({ runs }: Point, measure: Measure): Estimate {
  const values = runs.map(({ outcome }) => measure(outcome));
  return { value: values[0], low: Math.min(...values), high: Math.max(...values) };
}

/** The shortage of all guests of a run, in KiB × ms. */
export const shortKibMs: Measure = ({ guests }) => guests.reduce((sum, guest) => sum + guest.shortKibMs, 0);

/** The times in which guests were short, added up. */
export const shortMs: Measure = ({ guests }) => guests.reduce((sum, guest) => sum + guest.shortMs, 0);

/** The greatest shortage of one guest, in KiB × ms. */
export const worstKibMs: Measure = ({ guests }) => Math.max(0, ...guests.map((guest) => guest.shortKibMs));

/** Guests that were short of memory at any time. */
export const shortGuests: Measure = ({ guests }) => guests.filter((guest) => guest.shortKibMs > 0).length;

/** Requests to start a guest that were refused. */
export const refusals: Measure = ({ starts }) => starts.filter(({ grantedKib }) => grantedKib === null).length;

/** Memory that balloons took and gave, both ways, in KiB. */
export const movedKib: Measure = ({ pagesMoved }) => pagesMoved * PAGE_KIB;

/** False of a guest that never started, or whose start was granted when its time was over. */
export function hasRun({ domid, ranMs }: GuestOutcome): boolean {
  return domid !== null && ranMs > 0;
}

/** Guests that were short, or never ran. */
export const unservedGuests: Measure = ({ guests }) =>
  guests.filter((guest) => guest.shortKibMs > 0 || !hasRun(guest)).length;

/** True where every guest started, lived and was never short, whatever the speed. */
export function isEnough({ runs }: Point): boolean {
  return runs.every(
    ({ outcome }) =>
      unservedGuests(outcome) === 0 && refusals(outcome) === 0 && outcome.guests.every(({ ended }) => ended === null),
  );
}

/** The size from which on every size that was run is enough; null where the largest is not. */
export function enoughFrom(points: readonly Point[]): number | null {
  const last = points.findLastIndex((point) => !isEnough(point));
  return points[last + 1]?.totalKib ?? null;
}

/**
 * The size at which the policies differ most: in what guests are short of, else in refusals; the least of equal ones.
 * With one policy, the size at which that is most. Null where nothing was run.
 */
export function tellingSize(curves: readonly Curve[]): number | null {
  const points = curves.flatMap((curve) => curve.points);
  const sizes = [...new Set(points.map(({ totalKib }) => totalKib))].sort((a, b) => a - b);
  const spread = (size: number, measure: Measure): number => {
    const values = points.filter(({ totalKib }) => totalKib === size).map((point) => rangeOf(point, measure).high);
    return Math.max(...values) - (curves.length > 1 ? Math.min(...values) : 0);
  };
  const ranked = sizes
    .map((size) => ({ size, short: spread(size, shortKibMs), refused: spread(size, refusals) }))
    .sort((a, b) => b.short - a.short || b.refused - a.refused || a.size - b.size);
  return ranked[0]?.size ?? null;
}

/** The point of each curve at a size; a curve that was not run there has none. */
export function pointsAt(curves: readonly Curve[], size: number): readonly Point[] {
  return curves.flatMap(({ points }) => points.filter(({ totalKib }) => totalKib === size));
}
