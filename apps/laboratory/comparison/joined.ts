/** Two runs on one time line: the values of both at each moment of either, and the difference B − A. */
import type { Moments, SeriesName } from "./moments.js";
import { SERIES_NAMES } from "./moments.js";
import { type Both, both, SIDES } from "./side.js";

/** The values of a series at each moment. */
export interface JoinedSeries extends Both<readonly (number | null)[]> {
  readonly difference: readonly (number | null)[];
}

export interface Joined {
  /** The moments of either run, in ms of virtual time, rising. */
  readonly timeMs: readonly number[];
  readonly series: Readonly<Record<SeriesName, JoinedSeries>>;
}

/**
 * Joins two runs; a value holds until the next, and there is none before a run begins, and none after its end.
 *
 * @param runs - null: there is no run.
 */
export function join(runs: Both<Moments | null>): Joined {
  const times = SIDES.flatMap((side) => runs[side]?.timeMs ?? []);
  const timeMs = [...new Set(times)].sort((one, other) => one - other);
  const places = both((side) => placesOf(runs[side]?.timeMs ?? [], timeMs));
  const seriesOf = (name: SeriesName): JoinedSeries => {
    const held = both((side) =>
      places[side].map((at) => (at === null ? null : (runs[side]?.values[name][at] ?? null))),
    );
    const difference = held.a.map((a, i) => {
      const b = held.b[i];
      return a === null || b === null ? null : b - a;
    });
    return { ...held, difference };
  };
  const entries = SERIES_NAMES.map((name) => [name, seriesOf(name)] as const);
  return { timeMs, series: Object.fromEntries(entries) as Record<SeriesName, JoinedSeries> };
}

/** The place in a run's own times that holds at each of all times; null outside the run. */
function placesOf(own: readonly number[], all: readonly number[]): (number | null)[] {
  let at = -1;
  return all.map((time) => {
    while (at + 1 < own.length && own[at + 1] <= time) at++;
    return at < 0 || time > own[own.length - 1] ? null : at;
  });
}
