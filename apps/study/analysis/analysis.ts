/** Analyzes results into plain data, from which reports and exports are made. */
import type { Case } from "../plan.js";
import type { Environment, ExactMeasures, FailedLine, Results } from "../results.js";
import { bootstrapMedian, type SampleEstimate } from "../statistics.js";
import type { Study } from "../study.js";
import type { RunCounts } from "./completeness.js";
import { contrastsOf } from "./contrasts.js";
import { exactColumns } from "./exact-columns.js";
import { decidedAlike, type ExactEffect, exactEffects } from "./exact-effects.js";
import type { Noise } from "./noise.js";
import { nsPerPage, PASSES, type Pass, type Runs, runsOf, WAYS, type Way } from "./runs.js";
import { type Scaling, scalings } from "./scaling.js";
import { type TimeEffect, timeEffects } from "./time-effects.js";

/** The analysis of a study's results. Time is left out where the study does not measure it. */
export interface Analysis {
  readonly study: Study;
  /** How each demand file was read. */
  readonly demands: readonly string[];
  /** Statements that the study hardly means (doubts.ts). */
  readonly doubts: readonly string[];
  /** The environment at the start, and at each resumption. */
  readonly environments: readonly Environment[];
  readonly runs: RunCounts;
  /** Null where nothing tells it. */
  readonly noise: Readonly<Record<Pass, Noise | null>>;
  /** In the order of the plan. */
  readonly cases: readonly CaseAnalysis[];
  readonly timeEffects: readonly TimeEffect[];
  readonly exactEffects: readonly ExactEffect[];
  /** True where the engines agree in every exact measure but their memory; null where only one is compared. */
  readonly decidedAlike: boolean | null;
  readonly scalings: readonly Scaling[];
  readonly failures: readonly Pick<FailedLine, "case" | "problem">[];
}

/** A case with its measures. */
export interface CaseAnalysis extends Case {
  /** Null where it was not run. */
  readonly exact: ExactMeasures | null;
  /** ns a page; null where there is no such pass, or no page moved that way. */
  readonly nsPerPage: Readonly<Record<Pass, Readonly<Record<Way, SampleEstimate | null>>>>;
}

/** Analyzes results; the same results give the same analysis. */
export function analyze(results: Results): Analysis {
  const { study, cases, demands = [], doubts = [] } = results.header;
  const withTime = study.measures.includes("time");
  const all = runsOf(results);
  const runs: Runs = withTime ? all : { ...all, timed: new Map(), copies: [] };
  const matched = study.fraction === 1;
  const contrasts = contrastsOf(study, cases, runs.exact);
  const baseline = cases.find((one) => one.baseline);
  const times = timeEffects(contrasts, runs, matched, baseline?.id, study.seed);
  const timed = [...runs.timed.values()].reduce((sum, { length }) => sum + length, 0);
  const perRound = cases.length + (baseline === undefined ? 0 : 1);
  return {
    study,
    demands,
    doubts,
    environments: environmentsOf(results),
    runs: {
      exactPlanned: cases.length,
      exact: runs.exact.size,
      timedPlanned: withTime ? perRound * roundsOf(runs, study) : 0,
      timedPerRound: withTime ? perRound : 0,
      timed: timed + runs.copies.length,
    },
    noise: times.noise,
    cases: cases.map((one) => analyzeCase(one, runs, study.seed)),
    timeEffects: times.effects,
    exactEffects: exactEffects(contrasts, runs.exact, matched, exactColumns(study.measures)),
    decidedAlike: decidedAlike(contrastsOf(study, cases, new Map()), runs.exact),
    scalings: scalings(study, cases, runs),
    failures: runs.failures.map((line) => ({ case: line.case, problem: line.problem })),
  };
}

/** The rounds that were planned, or begun beyond these. */
function roundsOf({ timed, copies }: Runs, { replications }: Study): number {
  const begun = [...timed.values(), copies].flat().map(({ round }) => round + 1);
  return begun.reduce((most, round) => Math.max(most, round), replications);
}

/** The environments in order; the last one gets the load at the end. */
function environmentsOf({ header, lines }: Results): readonly Environment[] {
  const all = [header.environment, ...lines.flatMap((line) => (line.kind === "resumed" ? [line.environment] : []))];
  const ended = lines.findLast((line) => line.kind === "ended");
  const last = all.pop() as Environment;
  return [...all, ended === undefined ? last : { ...last, loadAverageAtEnd: ended.loadAverage }];
}

function analyzeCase(one: Case, runs: Runs, seed: number): CaseAnalysis {
  const exact = runs.exact.get(one.id) ?? null;
  const lines = runs.timed.get(one.id) ?? [];
  const [first, warm] = PASSES.map((pass) => {
    const [out, into, both] = WAYS.map((way) => {
      const values = [...nsPerPage(lines, pass, way).values()];
      return values.length === 0 ? null : bootstrapMedian(values, seed);
    });
    return { out, in: into, both };
  });
  return { ...one, exact, nsPerPage: { first, warm } };
}
