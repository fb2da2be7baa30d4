/** Formats the plan of a study, which a dry run shows. */
import { availableParallelism } from "node:os";
import { formatPages, formatSize, PAGE_BYTES, plural } from "xen-balloon/core";
import { contrastsOf } from "../study/analysis/contrasts.js";
import { processesFor } from "../study/analysis/noise.js";
import { PASSES } from "../study/analysis/runs.js";
import { costOf } from "../study/cost.js";
import type { LoadedStudy } from "../study/load.js";
import { LEAST_ROUNDS } from "../study/max-t.js";
import { type Case, timedRuns } from "../study/plan.js";
import type { Study } from "../study/study.js";
import { alignColumns } from "../table.js";
import { formatEstimatedDuration } from "./progress.js";

/** The most cases that are listed. */
const MOST_ROWS = 100;

export function planLines({ study, cases, warnings, doubts, jobOf, demands }: LoadedStudy): string[] {
  const costs = cases.map((one) => costOf(jobOf(one)));
  const runs = timedRuns(study, cases);
  const timedMs = new Map(cases.map(({ id }, i) => [id, costs[i].timedMs]));
  const threads = availableParallelism();
  const exactMs = costs.reduce((sum, cost) => sum + cost.exactMs, 0) / threads;
  const allTimedMs = runs.reduce((sum, run) => sum + (timedMs.get(run.case.id) ?? 0), 0);
  const grid = study.factors.reduce((product, { levels }) => product * levels.length, study.seeds.length);
  const names = study.factors.map(({ name }) => name);
  const seeds = study.seeds.length > 1;
  const rows = cases
    .slice(0, MOST_ROWS)
    .map(({ id, levels, seed, baseline }, i) => [
      id,
      ...names.map((name) => levels[name]),
      ...(seeds ? [String(seed)] : []),
      formatPages(costs[i].pages),
      formatSize(costs[i].memoryBytes / PAGE_BYTES),
      baseline ? "baseline" : "",
    ]);
  const heads = ["case", ...names, ...(seeds ? ["seed"] : []), "moves", "memory", ""];
  return [
    study.title,
    study.question,
    "",
    ...demands.flatMap((demand) => [`demand ${demand}`, ""]),
    ...alignColumns([heads, ...rows], `l${"l".repeat(names.length)}${seeds ? "r" : ""}rrl`),
    ...(cases.length > MOST_ROWS ? [`… and ${cases.length - MOST_ROWS} more`] : []),
    "",
    `${plural(cases.length, "case")}${cases.length < grid ? ` of a grid of ${grid}` : ""}, each counted once, ${threads} at a time`,
    runs.length === 0
      ? "no time is measured"
      : `${runs.length} processes to time, one at a time: ${study.replications} a case, and as many of the baseline again`,
    ...[...doubts, ...warnings].map((warning) => `warning: ${warning}`),
    ...precisionLines(study, runs.length > 0, cases),
    `takes about ${formatEstimatedDuration(exactMs + allTimedMs)}`,
  ];
}

/** How far a ratio of two processes scatters on a machine that others use, too: measured for the tests of studies. */
const USUAL_SCATTER = 0.3;
/** The differences of which it is told how many processes show them. */
const DIFFERENCES = [0.05, 0.1, 0.25];

/** Tells how many processes show what difference of time; empty where no times are compared. */
function precisionLines(study: Study, isTimed: boolean, cases: readonly Case[]): string[] {
  const contrasts = contrastsOf(study, cases, new Map());
  if (!isTimed || contrasts.length === 0) return [];
  const passes = cases.every(({ settings }) => settings.demand !== undefined) ? 1 : PASSES.length;
  const needed = DIFFERENCES.map((part) => {
    const processes = processesFor(part, USUAL_SCATTER, contrasts.length * passes);
    return `${processes} for ${part * 100} %`;
  });
  const few =
    study.replications < LEAST_ROUNDS
      ? [
          `warning: with ${study.replications} processes a case no difference of time can be shown, however large: ${LEAST_ROUNDS} is the least`,
        ]
      : [];
  return [
    ...few,
    `to show a difference of time takes about ${needed.join(", ")}: processes a case, where ratios scatter by ${USUAL_SCATTER * 100} %`,
  ];
}
