/** Two results files side by side: what changed from one to the other. */
import { noiseFloors } from "./analysis/noise.js";
import { nsPerPage, PASSES, type Pass, type Runs, runsOf } from "./analysis/runs.js";
import { holm, leastP, permutationP } from "./permutation.js";
import type { ExactMeasures, Results } from "./results.js";
import { estimateMedian, median, type Sampled } from "./statistics.js";

/** A change of time is real when its corrected p is below this, … */
export const SIGNIFICANT = 0.01;
/** … and it is greater than this, and than the noise floor of either file; and still is where the machine's own pace is divided out. */
export const LEAST_CHANGE = 0.05;

/** Of the random deals of the permutation tests: two comparisons of the same files give the same answer. */
const SEED = 20_260_101;

/** ns a page of one case and pass, out and in together. */
export interface TimeChange {
  readonly case: string;
  readonly pass: Pass;
  readonly before: Sampled;
  readonly after: Sampled;
  /** After over before. */
  readonly ratio: number;
  /** Corrected for all comparisons (Holm). */
  readonly p: number;
  readonly real: boolean;
}

/** An exact measure that is not what it was; both as text. */
export interface ExactChange {
  readonly case: string;
  readonly measure: string;
  readonly before: string;
  readonly after: string;
}

export interface Comparison {
  /** Every case and pass timed in both. */
  readonly times: readonly TimeChange[];
  /** What a change of time must be greater than, as a part of 1, by pass. */
  readonly leastChange: Readonly<Record<Pass, number>>;
  /** How long the machine took for work that is always the same, after over before; 1 where nothing was timed. */
  readonly pace: number;
  /** How many cases have exact measures in both. */
  readonly exactCases: number;
  readonly exact: readonly ExactChange[];
  /** Ids of cases that were run for one file only. */
  readonly onlyBefore: readonly string[];
  readonly onlyAfter: readonly string[];
  /** How many processes a case would show a change; null where there are enough. */
  readonly processesNeeded: number | null;
  /** Names of what the files were not measured alike on, as in `cpu`. */
  readonly otherEnvironment: readonly string[];
  /** How busy the machine was when the times had been taken, before and after; null where one study has not ended. */
  readonly loads: readonly [number, number] | null;
  /** Whether anything really changed. */
  readonly real: boolean;
}

/** Parts of the environment without which times are not those of the same machine. */
const MACHINE = ["cpu", "cores", "runtime", "compiler", "kernel"];

/**
 * Compares cases by id.
 *
 * @throws Error - no case was run for both
 */
export function compare(before: Results, after: Results): Comparison {
  const [old, now] = [runsOf(before), runsOf(after)];
  const [oldIds, nowIds] = [idsOf(old), idsOf(now)];
  const shared = before.header.cases.map(({ id }) => id).filter((id) => oldIds.has(id) && nowIds.has(id));
  if (shared.length === 0) {
    const [a, b] = [before, after].map(({ header }) => JSON.stringify(header.study.name));
    throw new Error(
      `expected two results with a case in common, got ${a} with ${oldIds.size} cases run and ${b} with ${nowIds.size}, none of them the same`,
    );
  }
  const leastChange = leastChanges([
    [before, old],
    [after, now],
  ]);
  const pairs = shared.flatMap((id) => samplesOf(id, old, now));
  const pace = pairs.length === 0 ? 1 : paceOf(now) / paceOf(old);
  const times = timeChanges(pairs, leastChange, pace);
  const exactShared = shared.filter((id) => old.exact.has(id) && now.exact.has(id));
  const exact = exactShared.flatMap((id) => exactChanges(id, old.exact.get(id), now.exact.get(id)));
  return {
    times,
    leastChange,
    pace,
    exactCases: exactShared.length,
    exact,
    onlyBefore: [...oldIds].filter((id) => !nowIds.has(id)),
    onlyAfter: [...nowIds].filter((id) => !oldIds.has(id)),
    processesNeeded: processesNeeded(pairs),
    otherEnvironment: MACHINE.filter(
      (key) => String(before.header.environment[key]) !== String(after.header.environment[key]),
    ),
    loads: loadsOf(before, after),
    real: exact.length > 0 || times.some((change) => change.real),
  };
}

function loadsOf(...results: readonly [Results, Results]): readonly [number, number] | null {
  const [before, after] = results.map(({ lines }) => lines.findLast((line) => line.kind === "ended")?.loadAverage[0]);
  return before === undefined || after === undefined ? null : [before, after];
}

interface Samples {
  readonly case: string;
  readonly pass: Pass;
  readonly before: readonly number[];
  readonly after: readonly number[];
}

function idsOf({ exact, timed }: Runs): ReadonlySet<string> {
  return new Set([...exact.keys(), ...timed.keys()]);
}

function samplesOf(id: string, old: Runs, now: Runs): readonly Samples[] {
  return PASSES.flatMap((pass) => {
    const [before, after] = [old, now].map((runs) => [...nsPerPage(runs.timed.get(id) ?? [], pass, "both").values()]);
    return before.length > 0 && after.length > 0 ? [{ case: id, pass, before, after }] : [];
  });
}

function leastChanges(files: readonly (readonly [Results, Runs])[]): Readonly<Record<Pass, number>> {
  const floors = files.map(([{ header }, runs]) => {
    const baseline = header.cases.find((one) => one.baseline);
    return noiseFloors(runs, baseline?.id, header.study.seed);
  });
  const [first, warm] = PASSES.map((pass) => Math.max(LEAST_CHANGE, ...floors.map((of) => (of[pass] ?? 1) - 1)));
  return { first, warm };
}

/** Something was timed. */
function paceOf({ timed }: Runs): number {
  return median([...timed.values()].flat().map(({ paceNs }) => paceNs));
}

function timeChanges(
  pairs: readonly Samples[],
  leastChange: Readonly<Record<Pass, number>>,
  pace: number,
): readonly TimeChange[] {
  // with fewer deals the least p would not stand the correction
  const deals = Math.max(10_000, 500 * pairs.length);
  const ps = holm(pairs.map(({ before, after }) => permutationP(before, after, SEED, deals)));
  return pairs.map((pair, i) => {
    const [before, after] = [estimateMedian(pair.before, SEED), estimateMedian(pair.after, SEED)];
    const ratio = after.value / before.value;
    const beyond = 1 + leastChange[pair.pass];
    const slower = Math.min(ratio, ratio / pace) > beyond;
    const faster = Math.max(ratio, ratio / pace) < 1 / beyond;
    const real = ps[i] < SIGNIFICANT && (slower || faster);
    return { case: pair.case, pass: pair.pass, before, after, ratio, p: ps[i], real };
  });
}

/** Null where at least one comparison could come out as a change, or none is made. */
function processesNeeded(pairs: readonly Samples[]): number | null {
  const shows = (a: number, b: number) => leastP(a, b) * pairs.length < SIGNIFICANT;
  if (pairs.length === 0 || pairs.some(({ before, after }) => shows(before.length, after.length))) return null;
  let processes = 2;
  while (!shows(processes, processes)) processes++;
  return processes;
}

function exactChanges(id: string, before?: ExactMeasures, after?: ExactMeasures): readonly ExactChange[] {
  const [old, now] = [textsOf(before), textsOf(after)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((measure) => {
    const [was, is] = [old.get(measure) ?? "none", now.get(measure) ?? "none"];
    return was === is ? [] : [{ case: id, measure, before: was, after: is }];
  });
}

/** Each measure as JSON, those of a replay one by one. */
function textsOf(measures?: ExactMeasures): ReadonlyMap<string, string> {
  const { replay, ...others } = measures ?? { replay: null };
  return new Map(Object.entries({ ...others, ...replay }).map(([name, value]) => [name, JSON.stringify(value)]));
}
