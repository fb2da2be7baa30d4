/** Parses the text of a study, and gives each level the settings that it stands for. */
import type { DemandColumns } from "../demand/columns.js";
import { type FactorDocument, factorOf, pathOfLevel, readFactor, refuseDoubles } from "./factors.js";
import { problemOfSettings, problemOfStudy } from "./schema.js";
import { StudySource } from "./source.js";
import { type Factor, type Level, MEASURES, type MeasureName, type Settings, type Study } from "./study.js";

/** The factor whose levels may be `all`: every guest of the demand. */
const VM = "vm";
/** The only guest of a demand that names none. */
const UNNAMED = "unnamed";

/** A document that the schema accepts. */
interface StudyDocument {
  readonly title: string;
  readonly question: string;
  readonly doesNotShow?: readonly string[];
  readonly reading?: readonly string[];
  readonly comparesLevels?: boolean;
  readonly base?: Settings;
  readonly columns?: DemandColumns;
  readonly factors: Readonly<Record<string, FactorDocument<Settings>>>;
  readonly fraction?: number;
  readonly measures: readonly MeasureName[];
  readonly replications?: number;
  readonly seeds?: readonly number[];
  readonly seed?: number;
}

/** A study with the text that it was parsed from. */
export interface ParsedStudy {
  readonly study: Study;
  readonly source: StudySource;
}

/** The parts of a study that its text does not give. */
export interface Given {
  /** One word, which names the study's files. */
  readonly name: string;
  /** A demand file in place of the text's. */
  readonly demand?: string | undefined;
}

/**
 * Parses a study. A factor with `levels: all` has no levels yet: withGuests gives it those.
 *
 * @throws StudyError: the first thing that is wrong
 */
export function parseStudy(text: string, { name, demand }: Given): ParsedStudy {
  const source = new StudySource(text);
  const wrong = problemOfStudy(source.data);
  if (wrong !== null) throw source.error(wrong.path, wrong.problem);
  const document = source.data as StudyDocument;
  const base: Settings = { ...document.base, ...(demand === undefined ? {} : { demand }) };
  const factors = Object.entries(document.factors).map(([factor, { levels }]): Factor => {
    if (levels !== "all") return readFactor(factor, source, problemOfSettings);
    if (factor !== VM) throw source.error(["factors", factor, "levels"], `expected levels: only ${VM} can have all`);
    return { name: factor, levels: [], baseline: "" };
  });
  refuseSetTwice(base, factors, source);
  const study: Study = {
    name,
    title: document.title,
    question: document.question.trim(),
    doesNotShow: document.doesNotShow ?? [],
    // left out where they are not given: the hash of a study that does without them is what it was
    ...(document.reading !== undefined && { reading: document.reading.map((text) => text.trim()) }),
    ...(document.comparesLevels !== undefined && { comparesLevels: document.comparesLevels }),
    base,
    columns: document.columns ?? {},
    factors,
    fraction: document.fraction ?? 1,
    measures: MEASURES.filter((measure) => document.measures.includes(measure)),
    replications: document.replications ?? 10,
    seeds: document.seeds ?? [1],
    seed: document.seed ?? 1,
  };
  return { study, source };
}

/**
 * Gives the factor with `levels: all` a level for each guest of the demand.
 *
 * @param vms - the names of the guests.
 * @throws StudyError: the baseline is none of them, or the guest is set elsewhere, too
 */
export function withGuests({ study, source }: ParsedStudy, vms: readonly string[]): ParsedStudy {
  const all = vms.map((vm): Level => ({ label: vm === "" ? UNNAMED : vm, settings: { vm } }));
  const factors = study.factors.map((factor) =>
    factor.levels.length === 0 ? factorOf(factor.name, all, source) : factor,
  );
  refuseSetTwice(study.base, factors, source);
  return { study: { ...study, factors }, source };
}

function refuseSetTwice(base: Settings, factors: readonly Factor[], source: StudySource): void {
  refuseDoubles(base, factors, (...level) => pathOfLevel(source, ...level), source);
}
