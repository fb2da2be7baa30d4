/** Loads a study with the demand that it replays: plans it, and checks each case before anything runs. */
import { ArgumentRangeError, ArgumentTypeError, messageOf } from "xen-balloon/core";
import type { DemandColumns } from "../demand/columns.js";
import type { Demand } from "../demand/read.js";
import type { DemandSeries } from "../demand/series.js";
import { idOfBuild } from "./builds.js";
import type { ExactJob } from "./exact-job.js";
import { foresee, unequalFactors } from "./foreseen.js";
import { type Given, type ParsedStudy, parseStudy, pathOfLevel, withGuests } from "./parse.js";
import { type Case, casesOf, type Planned } from "./plan.js";
import { refuseContradictions, refuseMissingLevels, refuseTwins } from "./refusals.js";
import { isScriptFile, substitute } from "./script.js";
import { SettingsError } from "./settings-error.js";
import type { Path, StudyError } from "./source.js";
import { NATIVE, type Settings, type Study } from "./study.js";

/** A study that can be run. */
export interface LoadedStudy {
  readonly study: Study;
  readonly cases: readonly Case[];
  /** Reasons, known before anything runs, to trust the results less; each names its line and field. */
  readonly warnings: readonly string[];
  /** Makes the job that runs a case. */
  readonly jobOf: (one: Case) => ExactJob;
  /** How each demand file was read, in a line each. */
  readonly demands: readonly string[];
}

/**
 * @param readDemandFile - reads a demand file, which the study names; its name begins the line that says how.
 * @param pathOf - the path of a build or a command that the study names.
 * @param readScript - reads a script that the study names.
 * @throws StudyError: the first thing that is wrong, and where
 */
export function loadStudy(
  text: string,
  given: Given,
  readDemandFile: (file: string, columns: DemandColumns) => Demand,
  pathOf: (build: string) => string,
  readScript: (file: string) => string,
): LoadedStudy {
  let parsed = parseStudy(text, given);
  const { columns } = parsed.study;
  const demands = new Demands((file) => readDemandFile(file, columns));
  const all = parsed.study.factors.find(({ levels }) => levels.length === 0);
  if (all !== undefined) {
    const { demand } = parsed.study.base;
    if (demand === undefined) {
      const problem = "all stands for the guests of a demand, and none is given: base.demand, or --demand";
      throw parsed.source.error(["factors", all.name, "levels"], problem);
    }
    const guests = attempt(parsed, ["base", "demand"], () => demands.of(demand));
    parsed = withGuests(
      parsed,
      guests.map(({ vm }) => vm),
    );
  }
  const { study, source } = parsed;
  const demandOf = (settings: Settings): DemandSeries | null => {
    try {
      return demands.guestOf(settings);
    } catch (error) {
      throw placed(parsed, settings, error);
    }
  };
  const buildOf = ({ build }: Settings): string | undefined => build && pathOf(build);
  // scripts and builds are read once: they may be changed while the study runs
  const scripts = new Map<string, string>();
  const builds = new Map<string, string>();
  const scriptOf = ({ settings, levels, seed }: Planned): string | undefined => {
    const { workload } = settings;
    if (workload === undefined || !isScriptFile(workload)) return undefined;
    const text = scripts.get(workload) ?? attemptSetting("workload", () => readScript(workload));
    scripts.set(workload, text);
    return substitute(workload, text, { ...levels, ...settings, seed });
  };
  const cases = casesOf(study, (planned) => {
    const { settings } = planned;
    const demand = demandOf(settings);
    const folder = buildOf(settings);
    try {
      const build = folder && (builds.get(folder) ?? attemptSetting("build", () => idOfBuild(folder)));
      if (folder !== undefined && build !== undefined) builds.set(folder, build);
      return { demand, build, script: scriptOf(planned) };
    } catch (error) {
      throw placed(parsed, settings, error);
    }
  });
  refuseMissingLevels(parsed, cases);
  refuseTwins(parsed, cases);
  const jobOf = (one: Case): ExactJob => {
    const { settings, seed } = one;
    // another build may know no setting of that name
    const { build: _, native, ...named } = settings;
    const isNative = settings.engine === NATIVE && native !== undefined;
    const own = isNative ? { ...named, native: pathOfCommand(native, pathOf) } : named;
    const build = buildOf(settings);
    const script = scriptOf(one);
    return {
      settings: own,
      seed,
      demand: demandOf(settings),
      ...(script !== undefined && { script }),
      ...(build !== undefined && { build }),
    };
  };
  if (study.measures.includes("memoryBytes") && cases.some(({ settings }) => settings.engine === NATIVE)) {
    throw source.error(["measures"], "memoryBytes is not known of engine native: one must go");
  }
  const warnings = new Set<string>();
  for (const one of cases) {
    try {
      refuseContradictions(one.settings);
      const unreachable = foresee(jobOf(one));
      if (unreachable !== null) warnings.add((placed(parsed, one.settings, unreachable) as Error).message);
    } catch (error) {
      throw placed(parsed, one.settings, error);
    }
  }
  for (const name of unequalFactors(study, cases, jobOf)) {
    const problem = "levels move different numbers of pages: ratios of time are a page, and the report says so";
    warnings.add(source.error(["factors", name], problem).message);
  }
  return { study, cases, warnings: [...warnings], jobOf, demands: demands.readings };
}

/** A command whose program is named by a path has it in full. */
function pathOfCommand(command: string, pathOf: (name: string) => string): string {
  const [program, ...words] = command.split(" ");
  return [program.includes("/") ? pathOf(program) : program, ...words].join(" ");
}

/** The guests of each demand file, read once. */
class Demands {
  readonly #read: (file: string) => Demand;
  readonly #files = new Map<string, Demand>();

  constructor(read: (file: string) => Demand) {
    this.#read = read;
  }

  of(file: string): readonly DemandSeries[] {
    const demand = this.#files.get(file) ?? this.#read(file);
    this.#files.set(file, demand);
    return demand.guests;
  }

  get readings(): readonly string[] {
    return [...this.#files.values()].map(({ reading }) => reading);
  }

  guestOf({ demand, vm }: Settings): DemandSeries | null {
    if (demand === undefined) return null;
    const guests = attemptSetting("demand", () => this.of(demand));
    if (vm === undefined && guests.length === 1) return guests[0];
    const found = guests.find((guest) => guest.vm === vm);
    if (found !== undefined) return found;
    const there = guests.slice(0, 8).map((guest) => guest.vm);
    const more = guests.length > there.length ? ` and ${guests.length - there.length} more` : "";
    throw new SettingsError("vm", `expected one of ${there.join(", ")}${more}, got ${vm ?? "none"}`);
  }
}

/** Places an error at the base or at the level that set the value. */
function placed({ study, source }: ParsedStudy, settings: Settings, error: unknown): unknown {
  const { key, message } = problemOf(error);
  if (key === null) return error;
  const from = ({ settings: set }: { settings: Settings }): boolean => key in set && set[key] === settings[key];
  for (const { name, levels } of study.factors) {
    const level = levels.find(from);
    if (level !== undefined) return source.error(pathOfLevel(source, name, level.label, key), message);
  }
  return source.error(key in study.base ? ["base", key] : [], message);
}

function problemOf(error: unknown): { readonly key: keyof Settings | null; readonly message: string } {
  const placed =
    error instanceof SettingsError || error instanceof ArgumentRangeError || error instanceof ArgumentTypeError;
  return placed ? { key: error.key as keyof Settings, message: error.message } : { key: null, message: "" };
}

function attempt<T>({ source }: ParsedStudy, path: Path, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw source.error(path, messageOf(error)) as StudyError;
  }
}

function attemptSetting<T>(key: keyof Settings, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new SettingsError(key, messageOf(error));
  }
}
