/** Groups the lines of a results file by case, and computes the time of a pass. */
import type { ExactMeasures, FailedLine, PassTime, Results, TimedLine } from "../results.js";
import type { Rounds } from "../statistics.js";

/** The first pass after boot, and the later ones. */
export const PASSES = ["first", "warm"] as const;
export type Pass = (typeof PASSES)[number];

/** Pages out, pages in, and both together. */
export const WAYS = ["out", "in", "both"] as const;
export type Way = (typeof WAYS)[number];

/** The measurements by the id of their case; a case without any is left out. */
export interface Runs {
  readonly exact: ReadonlyMap<string, ExactMeasures>;
  /** One line a round. */
  readonly timed: ReadonlyMap<string, readonly TimedLine[]>;
  /** The second run of the baseline case in each round. */
  readonly copies: readonly TimedLine[];
  readonly failures: readonly FailedLine[];
}

/** Groups the lines: the first of a run that is there twice, and a failure only where it came last. */
export function runsOf(results: Results): Runs {
  const exact = new Map<string, ExactMeasures>();
  const timed = new Map<string, TimedLine[]>();
  const copies: TimedLine[] = [];
  const failures = new Map<string, FailedLine>();
  for (const line of results.lines) {
    if ("case" in line) failures.delete(line.case);
    if (line.kind === "exact") {
      if (!exact.has(line.case)) exact.set(line.case, line.measures);
    } else if (line.kind === "failed") {
      failures.set(line.case, line);
    } else if (line.kind === "timed") {
      const rounds = line.copy === 1 ? copies : (timed.get(line.case) ?? []);
      if (line.copy === 0) timed.set(line.case, rounds);
      if (!rounds.some(({ round }) => round === line.round)) rounds.push(line);
    }
  }
  return { exact, timed, copies, failures: [...failures.values()] };
}

/** Computes ns a page that was moved in that very run, by round. A round in which none moved so is left out. */
export function nsPerPage(lines: readonly TimedLine[], pass: Pass, way: Way): Rounds {
  return positive(lines, (line) => {
    const time = line[pass];
    return time === null ? 0 : nsOf(time, way) / pagesOf(time, way);
  });
}

/** Computes ns of a whole pass, by round. */
export function nsPerPass(lines: readonly TimedLine[], pass: Pass): Rounds {
  return positive(lines, (line) => {
    const time = line[pass];
    return time === null ? 0 : nsOf(time, "both");
  });
}

function nsOf({ outNs, inNs }: PassTime, way: Way): number {
  return (way === "in" ? 0 : outNs) + (way === "out" ? 0 : inNs);
}

/** Counts the pages that a pass moved. */
export function pagesOf({ outPages, inPages }: PassTime, way: Way): number {
  return (way === "in" ? 0 : outPages) + (way === "out" ? 0 : inPages);
}

function positive(lines: readonly TimedLine[], figure: (line: TimedLine) => number): Rounds {
  const rounds = new Map<number, number>();
  for (const line of lines) {
    const value = figure(line);
    if (value > 0 && Number.isFinite(value)) rounds.set(line.round, value);
  }
  return rounds;
}
