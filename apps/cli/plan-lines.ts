/** Formats the plan of a study, which a dry run shows. */
import { availableParallelism } from "node:os";
import { formatPages, formatSize, PAGE_BYTES, plural } from "xen-balloon/core";
import { costOf } from "../study/cost.js";
import type { LoadedStudy } from "../study/load.js";
import { timedRuns } from "../study/plan.js";
import { alignColumns } from "../table.js";
import { formatEstimatedDuration } from "./progress.js";

/** The most cases that are listed. */
const MOST_ROWS = 100;

export function planLines({ study, cases, jobOf, demands }: LoadedStudy): string[] {
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
    `takes about ${formatEstimatedDuration(exactMs + allTimedMs)}`,
  ];
}
