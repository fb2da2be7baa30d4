/** Loads a plan with the files that it names: plans its cases, and checks each before anything runs. */
import { createHash } from "node:crypto";
import { DoubtList } from "../study/doubt-list.js";
import { placedAt } from "../study/factors.js";
import type { Content } from "../study/named-contents.js";
import { gridOf, ID_DIGITS } from "../study/plan.js";
import { refuseTwins } from "../study/refusals.js";
import type { Path, StudyError, StudySource } from "../study/source.js";
import { doubtOfClocks, doubtOfMinima, doubtsOf, refuseImpossible } from "./checks.js";
import { at } from "./demand.js";
import { NamedFiles, type PlanFiles } from "./files.js";
import { type FoundGuest, guestsOf, refuseNamesakes } from "./guests.js";
import type { HostJob } from "./job.js";
import { type CaseGuest, caseHostOf, SettingError } from "./options.js";
import { parsePlan, pathOfSetting } from "./parse.js";
import type { HostCase, HostPlan, HostSettings } from "./plan.js";
import { isPolicyFile, POLICY_NAMES } from "./policies.js";
import type { PolicyFile } from "./policy-file.js";
import { msOf } from "./quantity.js";

/** A plan that can be run. */
export interface LoadedPlan {
  readonly study: HostPlan;
  readonly cases: readonly HostCase[];
  /** Statements that the plan hardly means; each names its line and field. */
  readonly doubts: readonly string[];
  /** Makes the job that runs a case. */
  readonly jobOf: (one: HostCase) => HostJob;
  /** How each demand file was read, in a line each. */
  readonly demands: readonly string[];
  /** The files that the plan names, hashed. */
  readonly contents: readonly Content[];
  /** A case of each policy that is a file; `refused` makes the error of one that is no policy. */
  readonly ownPolicies: readonly { readonly one: HostCase; readonly refused: (problem: string) => StudyError }[];
}

/**
 * @param name - one word, which names the plan's files.
 * @param files - finds and reads what the plan names.
 * @throws StudyError: the first thing that is wrong, and where
 */
export function loadPlan(text: string, name: string, files: PlanFiles): LoadedPlan {
  const parsed = parsePlan(text, name);
  const { source } = parsed;
  const named = new NamedFiles(files, parsed.plan.columns);
  const spanMs = at(source, ["span"], () => spanOf(parsed.span));
  const dom0 = parsed.dom0 === null ? [] : guestsOf({ type: "pv", ...parsed.dom0 }, ["dom0"], source, named);
  const guests = parsed.guests.flatMap((guest, i) => guestsOf(guest, ["guests", i], source, named));
  const found = [...dom0, ...guests];
  refuseNamesakes(found, source);
  const study: HostPlan = {
    ...parsed.plan,
    spanMs,
    dom0: dom0[0]?.guest ?? null,
    guests: guests.map(({ guest }) => guest),
  };
  const jobOf = jobMaker(study, found, named);
  const cases = casesOf(study, source, (settings) => {
    refuseImpossible(caseHostOf(study, settings), settings, found, source);
    return jobOf(settings);
  });
  refuseTwins(cases, (factor, label, problem) => source.error(pathOfSetting(source, factor, label, factor), problem));
  const doubts = new DoubtList();
  for (const { key, problem } of named.contradictions) doubts.add(source.error(["columns", key], problem));
  for (const guest of found) {
    const key = isFromAll(guest.path, source) ? "all" : "demand";
    for (const doubt of doubtsOf(guest, key, spanMs, source)) doubts.add(doubt);
  }
  const clocks = doubtOfClocks(found);
  if (clocks !== null) doubts.add(source.error(["guests"], clocks));
  const minima = doubtOfMinima(cases);
  if (minima !== null) doubts.add(source.error(pathOfMinimumScale(study, source), minima));
  return {
    study,
    cases,
    doubts: doubts.texts,
    jobOf: ({ id, settings }) => ({ ...jobOf(settings), id }),
    demands: named.readings,
    contents: named.list,
    ownPolicies: ownPoliciesOf(study, cases, source),
  };
}

function pathOfMinimumScale({ base, factors }: HostPlan, source: StudySource): Path {
  if (base.minimumScale !== undefined) return ["base", "minimumScale"];
  for (const { name, levels } of factors) {
    const level = levels.find(({ settings }) => settings.minimumScale !== undefined);
    if (level !== undefined) return pathOfSetting(source, name, level.label, "minimumScale");
  }
  return ["base"];
}

function ownPoliciesOf(study: HostPlan, cases: readonly HostCase[], source: StudySource): LoadedPlan["ownPolicies"] {
  const first = new Map<string, HostCase>();
  for (const one of cases) {
    const { policy = "" } = one.settings;
    if (!POLICY_NAMES.includes(policy) && !first.has(policy)) first.set(policy, one);
  }
  return [...first.values()].map((one) => ({
    one,
    refused: (problem) => placed(new SettingError("policy", problem), study, one.settings, source),
  }));
}

/** Places an error of a setting at the level that set it, or at the base. */
function placed(
  { key, message }: SettingError,
  study: HostPlan,
  settings: HostSettings,
  source: StudySource,
): StudyError {
  const pathOf = (...level: readonly [string, string, string]): Path => pathOfSetting(source, ...level);
  return placedAt(key, message, { ...study, settings }, pathOf, source);
}

function spanOf(text: string): number {
  const ms = msOf(text);
  if (ms > 0) return ms;
  throw new Error(`expected a time above 0, got ${text}`);
}

function isFromAll(path: Path, source: StudySource): boolean {
  return source.keysAt(path).includes("all");
}

type JobOfSettings = (settings: HostSettings) => Omit<HostJob, "id">;

function jobMaker(study: HostPlan, found: readonly FoundGuest[], named: NamedFiles): JobOfSettings {
  const { spanMs } = study;
  const byName = new Map(
    found.map(({ guest, demand }) => {
      const points = demand.points.filter(({ timeMs }) => timeMs < spanMs);
      // a demand that begins later holds before
      const [first] = points.length > 0 ? points : demand.points;
      const begins = Math.min(first.timeMs, guest.startMs ?? 0);
      return [guest.name, [{ ...first, timeMs: begins }, ...points.slice(1)]] as const;
    }),
  );
  const withDemand = (guest: CaseGuest) => ({ ...guest, demand: byName.get(guest.name) ?? [] });
  return (settings) => {
    const { guests, dom0, ...host } = caseHostOf(study, settings);
    const withDom0 = dom0 === undefined ? {} : { dom0: withDemand(dom0) };
    return {
      host: { ...host, guests: guests.map(withDemand), ...withDom0 },
      policy: policyOf(settings, named),
    };
  };
}

function policyOf({ policy }: HostSettings, named: NamedFiles): string | PolicyFile {
  const there = `${POLICY_NAMES.join(", ")}, or a module file such as ./mine.js`;
  if (policy === undefined)
    throw new SettingError("policy", `expected a key policy in base or factors: ${there}; got none`);
  if (POLICY_NAMES.includes(policy)) return policy;
  if (!isPolicyFile(policy)) throw new SettingError("policy", `expected ${there}; got ${policy}`);
  try {
    return named.policy(policy);
  } catch (error) {
    throw new SettingError("policy", (error as Error).message);
  }
}

/** @param jobOf - also checks the case. */
function casesOf(study: HostPlan, source: StudySource, jobOf: JobOfSettings): readonly HostCase[] {
  const { base, factors } = study;
  return gridOf(factors).map(({ levels, steps }): HostCase => {
    const settings: HostSettings = Object.assign({}, base, ...levels.map((level) => level.settings));
    const job = inPlace(settings);
    return {
      id: idOf(job),
      levels: Object.fromEntries(levels.map(({ label }, i) => [factors[i].name, label])),
      settings,
      baseline: steps.every((step) => step === 0),
    };
  });

  /** Makes the job; an error has the place of the setting. */
  function inPlace(settings: HostSettings): Omit<HostJob, "id"> {
    try {
      return jobOf(settings);
    } catch (error) {
      if (!(error instanceof SettingError)) throw error;
      throw placed(error, study, settings, source);
    }
  }
}

/** The id of a case: it covers all that the run depends on, and not the names of files. */
function idOf({ host, policy }: Omit<HostJob, "id">): string {
  const text = JSON.stringify([host, typeof policy === "string" ? policy : policy.modules.map(({ sha256 }) => sha256)]);
  return createHash("sha256").update(text).digest("hex").slice(0, ID_DIGITS);
}
