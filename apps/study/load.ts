/** Loads a study with the contents that it names: plans it, and checks each case before anything runs. */
import { ArgumentRangeError, ArgumentTypeError, messageOf } from "xen-balloon/core";
import { Contents, type StudyFiles } from "./contents.js";
import { DoubtList } from "./doubt-list.js";
import { bytesAmong, doubtsOf } from "./doubts.js";
import type { ExactJob } from "./exact-job.js";
import { pathOfLevel, placedAt } from "./factors.js";
import { foresee, unequalFactors } from "./foreseen.js";
import type { Content } from "./named-contents.js";
import { type Given, type ParsedStudy, parseStudy, withGuests } from "./parse.js";
import { type Case, casesOf } from "./plan.js";
import { refuseContradictions, refuseMissingLevels, refuseTwins } from "./refusals.js";
import { SettingsError } from "./settings-error.js";
import type { Path, StudyError } from "./source.js";
import { NATIVE, type Settings, type Study } from "./study.js";

/** A study that can be run. */
export interface LoadedStudy {
  readonly study: Study;
  readonly cases: readonly Case[];
  /** Reasons, known before anything runs, to trust the results less; each names its line and field. */
  readonly warnings: readonly string[];
  /** Statements that the study hardly means, such as a number in another unit; each names its line and field. A report shows them first. */
  readonly doubts: readonly string[];
  /** Makes the job that runs a case. */
  readonly jobOf: (one: Case) => ExactJob;
  /** How each demand file was read, in a line each. */
  readonly demands: readonly string[];
  /** The files that the study names, hashed. */
  readonly contents: readonly Content[];
}

/**
 * @param files - finds and reads what the study names.
 * @throws StudyError: the first thing that is wrong, and where
 */
export function loadStudy(text: string, given: Given, files: StudyFiles): LoadedStudy {
  let parsed = parseStudy(text, given);
  const contents = new Contents(files, parsed.study.columns);
  const all = parsed.study.factors.find(({ levels }) => levels.length === 0);
  if (all !== undefined) {
    const { demand } = parsed.study.base;
    if (demand === undefined) {
      const problem = "all stands for the guests of a demand, and none is given: base.demand, or --demand";
      throw parsed.source.error(["factors", all.name, "levels"], problem);
    }
    const guests = attempt(parsed, ["base", "demand"], () => contents.guestsOf(demand));
    parsed = withGuests(
      parsed,
      guests.map(({ vm }) => vm),
    );
  }
  const { study, source } = parsed;
  const inPlace = <T>(settings: Settings, act: () => T): T => {
    try {
      return act();
    } catch (error) {
      throw placed(parsed, settings, error);
    }
  };
  const cases = casesOf(study, (planned) =>
    inPlace(planned.settings, () => ({
      demand: contents.demandOf(planned.settings),
      build: contents.buildOf(planned.settings)?.sha256,
      script: contents.scriptOf(planned),
      native: contents.commandOf(planned.settings)?.identity,
    })),
  );
  refuseMissingLevels(parsed, cases);
  refuseTwins(cases, (factor, _, problem) => source.error(["factors", factor, "levels"], problem));
  const jobOf = (one: Case): ExactJob => {
    // another build may know no setting of that name
    const { build: _, native: __, ...named } = one.settings;
    const command = contents.commandOf(one.settings)?.words;
    const build = contents.buildOf(one.settings)?.folder;
    const script = contents.scriptOf(one);
    return {
      settings: named,
      seed: one.seed,
      demand: contents.demandOf(one.settings),
      ...(script !== undefined && { script }),
      ...(command !== undefined && { command }),
      ...(build !== undefined && { build }),
    };
  };
  if (study.measures.includes("memoryBytes") && cases.some(({ settings }) => settings.engine === NATIVE)) {
    throw source.error(["measures"], "memoryBytes is not known of engine native: one must go");
  }
  const warnings = new Set<string>();
  const doubts = new DoubtList();
  for (const { key, problem } of contents.contradictions) doubts.add(source.error(["columns", key], problem));
  for (const factor of study.factors) {
    const bytes = bytesAmong(factor);
    if (bytes === null) continue;
    doubts.add(source.error(pathOfLevel(source, factor.name, bytes.label, bytes.error.key), bytes.error.message));
  }
  for (const one of cases) {
    inPlace(one.settings, () => {
      refuseContradictions(one.settings);
      const unreachable = foresee(jobOf(one));
      for (const doubt of doubtsOf(jobOf(one))) doubts.add(placed(parsed, one.settings, doubt) as StudyError);
      if (unreachable !== null) warnings.add((placed(parsed, one.settings, unreachable) as Error).message);
    });
  }
  for (const name of unequalFactors(study, cases, jobOf)) {
    const problem = "levels move different numbers of pages: ratios of time are a page, and the report says so";
    warnings.add(source.error(["factors", name], problem).message);
  }
  return {
    study,
    cases,
    warnings: [...warnings],
    doubts: doubts.texts,
    jobOf,
    demands: contents.readings,
    contents: contents.list,
  };
}

/** Places an error at the base or at the level that set the value. */
function placed({ study, source }: ParsedStudy, settings: Settings, error: unknown): unknown {
  const { key, message } = problemOf(error);
  if (key === null) return error;
  return placedAt(key, message, { ...study, settings }, (...level) => pathOfLevel(source, ...level), source);
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
