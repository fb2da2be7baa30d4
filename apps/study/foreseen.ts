/** Foresees, before anything runs, a case that can measure nothing or cannot reach its target. */
import type { ExactJob } from "./exact-job.js";
import { nativeScriptOf } from "./native.js";
import { planOf } from "./passes.js";
import type { Case } from "./plan.js";
import { configOf } from "./settings.js";
import { SettingsError } from "./settings-error.js";
import { NATIVE, type Study } from "./study.js";

/**
 * @returns why the case cannot reach a target; null where nothing speaks against it.
 * @throws SettingsError: its workload moves no page
 * @throws as configOf
 */
export function foresee(job: ExactJob): SettingsError | null {
  const { settings, demand } = job;
  const config = configOf(job);
  if (demand !== null) return null;
  const { guest } = config;
  if (settings.engine === NATIVE) nativeScriptOf(job, config);
  const { pages, lowestPages } = planOf(job, config);
  // a script may move pages without a target
  if (pages <= 0 && job.script === undefined) {
    throw new SettingsError("maxPfn", `expected a guest with pages that the workload moves, got ${guest.maxPfn} pages`);
  }
  const key = settings.guestUsedPages === undefined ? "watermarkPages" : "guestUsedPages";
  const kept = guest.reservedPages + guest.watermarkPages + (settings.guestUsedPages ?? 0);
  if (kept <= lowestPages) return null;
  return new SettingsError(
    key,
    `the guest keeps ${kept} pages and cannot reach a target of ${lowestPages}: the case will be compared with no other`,
  );
}

/** The factors of a study of time whose levels move different numbers of pages, all else the same. */
export function unequalFactors(
  study: Study,
  cases: readonly Case[],
  jobOf: (one: Case) => ExactJob,
): readonly string[] {
  if (!study.measures.includes("time")) return [];
  const baseline = cases.find((one) => one.baseline);
  const plannedOf = (one: Case): number => {
    const job = jobOf(one);
    return job.demand === null ? planOf(job, configOf(job)).pages : 0;
  };
  return study.factors
    .filter(({ name }) => {
      const others = cases.filter((one) =>
        study.factors.every((other) => other.name === name || one.levels[other.name] === baseline?.levels[other.name]),
      );
      return new Set(others.map(plannedOf)).size > 1;
    })
    .map(({ name }) => name);
}
