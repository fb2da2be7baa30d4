/** Turns the settings of a case into its workload and the configuration of its guest and machine. */
import { completeWorldConfig, type WorldConfig, type WorldOptions } from "xen-balloon/core";
import type { DemandSeries } from "../demand/series.js";
import { underConditions } from "./conditions.js";
import type { ExactJob } from "./exact-job.js";
import { nameOfScript, parseWorkload, type ScriptWorkload } from "./script.js";
import { SettingsError } from "./settings-error.js";
import { OTHER_SETTINGS } from "./settings-schema.js";
import { DEFAULT_SETTLE_LIMIT_MS, DEFAULT_WORKLOAD, type Settings } from "./study.js";
import { type Moves, WORKLOADS, type Workload } from "./workloads.js";

/** @throws SettingsError: there is no such workload */
function workloadOf({ workload = DEFAULT_WORKLOAD }: Settings): Workload {
  if (!Object.hasOwn(WORKLOADS, workload)) {
    throw new SettingsError(
      "workload",
      `expected one of ${Object.keys(WORKLOADS).join(", ")} a script file that ends in .ops, or a script of two lines or more, got ${JSON.stringify(workload)}`,
    );
  }
  return WORKLOADS[workload];
}

/**
 * The script of a case; null where its workload is none.
 *
 * @throws as parseWorkload
 */
export function scriptOf({ settings, script }: ExactJob): ScriptWorkload | null {
  if (script === undefined) return null;
  return parseWorkload(nameOfScript(settings.workload as string), script, optionsOf(settings));
}

/** Makes the moves of a case's workload, under its conditions. */
export function movesOf({ settings, seed }: ExactJob, { guest }: WorldConfig): Moves {
  const moves = workloadOf(settings).make(guest, seed);
  return underConditions(moves, settings, guest, settings.settleLimitMs ?? DEFAULT_SETTLE_LIMIT_MS);
}

/**
 * Completes the configuration of a case. In a replay the default of `maxPfn` is the most that the guest was sold at any
 * time, or used where that is not known.
 *
 * @throws SettingsError - a setting that contradicts the workload or is too large for it
 * @throws ArgumentRangeError, ArgumentTypeError as completeWorldConfig
 */
export function configOf(job: ExactJob): WorldConfig {
  const { settings, seed, demand } = job;
  const given = optionsOf(settings);
  const options = (): WorldOptions =>
    demand === null ? withWorkload(given, settings, seed) : { maxPfn: sizeOf(demand), ...given };
  const config = scriptOf(job)?.config ?? completeWorldConfig(options());
  const { guest } = config;
  if (guest.maxPfn < 2 && demand !== null && settings.maxPfn === undefined) {
    const whose = demand.vm === "" ? "the guest" : `guest ${demand.vm}`;
    throw new SettingsError("demand", `expected 2 pages or more in use by ${whose}, or maxPfn, got ${guest.maxPfn}`);
  }
  if (guest.maxPfn < 2) throw new SettingsError("maxPfn", `expected 2 pages or more, got ${guest.maxPfn}`);
  return config;
}

/** The options of guest and machine among the settings. */
function optionsOf(settings: Settings): Readonly<Record<string, unknown>> {
  // a study measures time, and counts the same either way
  const given: Record<string, unknown> = { batches: "each", ...settings };
  for (const name of OTHER_SETTINGS) delete given[name];
  return given;
}

function withWorkload(given: Readonly<Record<string, unknown>>, settings: Settings, seed: number): WorldOptions {
  const { options, largestPages = Number.POSITIVE_INFINITY } = workloadOf(settings);
  const { workload = DEFAULT_WORKLOAD, maxPfn = 0 } = settings;
  if (maxPfn > largestPages) {
    throw new SettingsError("maxPfn", `expected at most ${largestPages} pages for workload ${workload}, got ${maxPfn}`);
  }
  const own: Record<string, unknown> = { ...options?.(seed) };
  for (const [key, value] of Object.entries(own)) {
    if (key in given && given[key] !== value) {
      throw new SettingsError(
        key as keyof Settings,
        `expected ${JSON.stringify(value)}, as workload ${workload} sets it, got ${JSON.stringify(given[key])}`,
      );
    }
  }
  return { ...given, ...own };
}

/** The pages of a guest that has this demand. */
function sizeOf({ points }: DemandSeries): number {
  let most = 0;
  for (const { usedPages, provisionedPages } of points) most = Math.max(most, provisionedPages ?? usedPages);
  return most;
}
