/** Formats the plan of a host, which a dry run shows. */
import { availableParallelism } from "node:os";
import { everyGuest, firstGuests, plural } from "xen-balloon/core";
import { hostCost } from "../host/cost.js";
import type { LoadedPlan } from "../host/load.js";
import { sizeOf } from "../host/quantity.js";
import { alignColumns } from "../table.js";
import { formatEstimatedDuration } from "./progress.js";

/** The most cases that are listed. */
const MOST_ROWS = 100;

export function hostLines({ study, cases, doubts, jobOf, demands }: LoadedPlan): string[] {
  const names = study.factors.map(({ name }) => name);
  const jobs = cases.map(jobOf);
  const rows = cases.slice(0, MOST_ROWS).map(({ id, levels, baseline }, i) => {
    const { host } = jobs[i];
    const atStart = firstGuests(host).reduce((sum, { memoryKib }) => sum + memoryKib, 0);
    const most = everyGuest(host).reduce((sum, { maximumKib }) => sum + maximumKib, 0);
    return [id, ...names.map((name) => levels[name]), sizeOf(atStart), sizeOf(most), baseline ? "baseline" : ""];
  });
  const threads = availableParallelism();
  const ms = jobs.reduce((sum, job) => sum + hostCost(job).exactMs, 0) / threads;
  return [
    study.title,
    study.question,
    "",
    ...demands.flatMap((demand) => [`demand ${demand}`, ""]),
    ...alignColumns([["case", ...names, "at start", "at most", ""], ...rows], `l${"l".repeat(names.length)}rrl`),
    ...(cases.length > MOST_ROWS ? [`… and ${cases.length - MOST_ROWS} more`] : []),
    "",
    `${plural(cases.length, "case")} of ${plural(study.guests.length, "guest")}, each run once, ${threads} at a time`,
    ...doubts.map((doubt) => `warning: ${doubt}`),
    `takes about ${formatEstimatedDuration(ms)}`,
  ];
}
