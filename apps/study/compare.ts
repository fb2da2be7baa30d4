/** Compares two results files: which measures changed from one to the other. */
import { contrastsOf } from "./analysis/contrasts.js";
import { showsBetween } from "./analysis/noise.js";
import { nsPerPage, PASSES, type Pass, type Runs, runsOf } from "./analysis/runs.js";
import { timeEffects } from "./analysis/time-effects.js";
import { holm, minimumP, permutationTest } from "./permutation.js";
import type { ExactMeasures, Results } from "./results.js";
import { bootstrapMedian, median, type SampleEstimate } from "./statistics.js";

/** The significance level: a change of time is real only if its adjusted p-value is below this. */
export const SIGNIFICANT = 0.01;
/**
 * The least change of time that is real, as a part of 1. It must also exceed the noise floor of either file, and all of
 * this must still hold where the pace of the machine is divided out.
 */
export const LEAST_CHANGE = 0.05;

/** The seed of the tests and intervals, fixed so that two comparisons of the same files give the same answer. */
const SEED = 20_260_101;

/** The change of one case and pass, in ns a page, out and in together. */
export interface TimeChange {
  readonly case: string;
  readonly pass: Pass;
  readonly before: SampleEstimate;
  readonly after: SampleEstimate;
  /** After over before. */
  readonly ratio: number;
  /** The p-value of a permutation test, adjusted for all comparisons by Holm's method. */
  readonly p: number;
  readonly real: boolean;
}

/** An exact measure that differs between the files; both values as text. */
export interface ExactChange {
  readonly case: string;
  readonly measure: string;
  readonly before: string;
  readonly after: string;
}

/** All differences between two results files. */
export interface Comparison {
  /** Every case and pass that was timed in both. */
  readonly times: readonly TimeChange[];
  /** The change that a real change of time must exceed, as a part of 1, by pass. */
  readonly leastChange: Readonly<Record<Pass, number>>;
  /** The pace of the machine (pace.ts), after over before; 1 where nothing was timed. */
  readonly pace: number;
  /** How many cases have exact measures in both. */
  readonly exactCases: number;
  readonly exact: readonly ExactChange[];
  /** Ids of cases that were run for one file only. */
  readonly onlyBefore: readonly string[];
  readonly onlyAfter: readonly string[];
  /**
   * The least change of time that would have been shown in 4 of 5 such comparisons, as a part of 1, by pass; null where
   * none could be, or none was timed.
   */
  readonly shows: Readonly<Record<Pass, number | null>>;
  /** The number of processes a case from which a change can be significant; null where there are enough. */
  readonly processesNeeded: number | null;
  /** The keys of the environment in which the files differ, such as `cpu`. */
  readonly otherEnvironment: readonly string[];
  /** The load average at the end of each study, before and after; null where one has not ended. */
  readonly loads: readonly [number, number] | null;
  /** Whether an exact measure differs or a change of time is real; `blind` where no change of time could be shown. */
  readonly verdict: "changed" | "unchanged" | "blind";
}

/** A comparison that would not show times that doubled is blind. */
const BLIND = 1;

/** The keys of the environment that must agree for times to be comparable. */
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
  const otherEnvironment = MACHINE.filter((key) => differs(key, before, after));
  // another runtime does the work that tells the pace at a pace of its own
  const isOtherRuntime = otherEnvironment.includes("runtime") || otherEnvironment.includes("compiler");
  const pace = pairs.length === 0 || isOtherRuntime ? 1 : paceOf(now) / paceOf(old);
  const times = timeChanges(pairs, leastChange, pace);
  const exactShared = shared.filter((id) => old.exact.has(id) && now.exact.has(id));
  const exact = exactShared.flatMap((id) => exactChanges(id, old.exact.get(id), now.exact.get(id)));
  const needed = processesNeeded(pairs);
  const [first, warm] = PASSES.map((pass) => (needed === null ? showsIn(pass, pairs, leastChange[pass]) : null));
  const shows = { first, warm };
  const seesAny = pairs.length === 0 || PASSES.some((pass) => (shows[pass] ?? Number.POSITIVE_INFINITY) <= BLIND);
  const changed = exact.length > 0 || times.some((change) => change.real);
  return {
    times,
    leastChange,
    shows,
    pace,
    exactCases: exactShared.length,
    exact,
    onlyBefore: [...oldIds].filter((id) => !nowIds.has(id)),
    onlyAfter: [...nowIds].filter((id) => !oldIds.has(id)),
    processesNeeded: needed,
    otherEnvironment,
    loads: loadsOf(before, after),
    verdict: changed ? "changed" : seesAny ? "unchanged" : "blind",
  };
}

/** Whether a part of the environment is known of both, and was not the same whenever either was begun or resumed. */
function differs(key: string, before: Results, after: Results): boolean {
  const [old, now] = [before, after].map(({ header, lines }) => {
    const resumed = lines.flatMap((line) => (line.kind === "resumed" ? [line.environment] : []));
    return [header.environment, ...resumed]
      .filter((environment) => key in environment)
      .map(({ [key]: value }) => value);
  });
  return old.length > 0 && now.length > 0 && new Set([...old, ...now].map(String)).size > 1;
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
  const noises = files.map(([{ header }, runs]) => {
    const { study, cases } = header;
    const baseline = cases.find((one) => one.baseline)?.id;
    return timeEffects(contrastsOf(study, cases, runs.exact), runs, study.fraction === 1, baseline, study.seed).noise;
  });
  const [first, warm] = PASSES.map((pass) =>
    Math.max(LEAST_CHANGE, ...noises.map((noise) => (noise[pass]?.floor.value ?? 1) - 1)),
  );
  return { first, warm };
}

/** Estimates from how the processes of each case scatter in each file. */
function showsIn(pass: Pass, pairs: readonly Samples[], leastChange: number): number | null {
  const of = pairs.filter((pair) => pair.pass === pass);
  if (of.length === 0) return null;
  const distances = of.flatMap(({ before, after }) =>
    [before, after].flatMap((values) => values.map((value) => Math.abs(Math.log(value / median(values))))),
  );
  const least = (side: "before" | "after"): number => Math.min(...of.map((pair) => pair[side].length));
  return Math.max(leastChange, showsBetween(distances, [least("before"), least("after")], SIGNIFICANT, pairs.length));
}

/** The median pace of the machine over all timed runs; there must be one. */
function paceOf({ timed }: Runs): number {
  return median([...timed.values()].flat().map(({ paceNs }) => paceNs));
}

function timeChanges(
  pairs: readonly Samples[],
  leastChange: Readonly<Record<Pass, number>>,
  pace: number,
): readonly TimeChange[] {
  // with fewer permutations no p-value could stay significant after the correction
  const permutations = Math.max(10_000, 500 * pairs.length);
  const ps = holm(pairs.map(({ before, after }) => permutationTest(before, after, SEED, permutations)));
  return pairs.map((pair, i) => {
    const [before, after] = [bootstrapMedian(pair.before, SEED), bootstrapMedian(pair.after, SEED)];
    const ratio = after.value / before.value;
    const beyond = 1 + leastChange[pair.pass];
    const slower = Math.min(ratio, ratio / pace) > beyond;
    const faster = Math.max(ratio, ratio / pace) < 1 / beyond;
    const real = ps[i] < SIGNIFICANT && (slower || faster);
    return { case: pair.case, pass: pair.pass, before, after, ratio, p: ps[i], real };
  });
}

/** Returns null where at least one comparison can be significant, or none is made. */
function processesNeeded(pairs: readonly Samples[]): number | null {
  const shows = (a: number, b: number) => minimumP(a, b) * pairs.length < SIGNIFICANT;
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

/** Writes each measure as JSON; a replay's measures stand by themselves. */
function textsOf(measures?: ExactMeasures): ReadonlyMap<string, string> {
  const { replay, ...others } = measures ?? { replay: null };
  return new Map(Object.entries({ ...others, ...replay }).map(([name, value]) => [name, JSON.stringify(value)]));
}
