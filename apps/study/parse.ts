/** Parses the text of a study, and gives each level the settings that it stands for. */
import type { DemandColumns } from "../demand/columns.js";
import { problemOfSettings, problemOfStudy } from "./schema.js";
import { type Path, StudySource } from "./source.js";
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
  readonly factors: Readonly<Record<string, FactorDocument>>;
  readonly fraction?: number;
  readonly measures: readonly MeasureName[];
  readonly replications?: number;
  readonly seeds?: readonly number[];
  readonly seed?: number;
}

interface FactorDocument {
  readonly levels: readonly unknown[] | Readonly<Record<string, Settings>> | "all";
  readonly baseline?: string | number | boolean;
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
    if (levels !== "all") return factorOf(factor, levelsOf(factor, levels, source), source);
    if (factor !== VM) throw source.error(["factors", factor, "levels"], `expected levels: only ${VM} can have all`);
    return { name: factor, levels: [], baseline: "" };
  });
  refuseDoubles(base, factors, source);
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
  refuseDoubles(study.base, factors, source);
  return { study: { ...study, factors }, source };
}

/** @param levels - one or more. */
function factorOf(name: string, levels: readonly Level[], source: StudySource): Factor {
  const { baseline = levels[0].label } = (source.data as StudyDocument).factors[name];
  const label = String(baseline);
  if (!levels.some((level) => level.label === label)) {
    const there = levels.map((level) => level.label).join(", ");
    throw source.error(["factors", name, "baseline"], `expected one of the levels ${there}, got ${label}`);
  }
  return { name, levels, baseline: label };
}

/** The path of a level's setting in the text. */
export function pathOfLevel(source: StudySource, factor: string, label: string, key: string): Path {
  const { levels } = (source.data as StudyDocument).factors[factor];
  if (Array.isArray(levels))
    return ["factors", factor, "levels", levels.findIndex((value) => labelOf(value) === label)];
  return levels === "all" ? ["factors", factor, "levels"] : ["factors", factor, "levels", label, key];
}

function levelsOf(
  factor: string,
  levels: readonly unknown[] | Readonly<Record<string, Settings>>,
  source: StudySource,
): readonly Level[] {
  if (!Array.isArray(levels)) {
    const order = source.keysAt(["factors", factor, "levels"]);
    return Object.entries(levels as Readonly<Record<string, Settings>>)
      .map(([label, settings]) => ({ label, settings }))
      .sort((a, b) => order.indexOf(a.label) - order.indexOf(b.label));
  }
  return levels.map((value, i) => {
    const settings = { [factor]: value };
    const wrong = problemOfSettings(settings);
    const path: Path = ["factors", factor];
    if (wrong?.problem.startsWith("no such key")) {
      throw source.error(
        path,
        `no such setting, as levels in a list ask for${wrong.problem.replace("no such key", "")}`,
      );
    }
    if (wrong !== null) throw source.error([...path, "levels", i, ...wrong.path.slice(1)], wrong.problem);
    return { label: labelOf(value), settings };
  });
}

function labelOf(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Refuses a setting that is set twice: of two factors one would do nothing, or the order would decide. */
function refuseDoubles(base: Settings, factors: readonly Factor[], source: StudySource): void {
  const setBy = new Map<string, string>(Object.keys(base).map((key) => [key, "base"]));
  for (const { name, levels } of factors) {
    for (const key of new Set(levels.flatMap(({ settings }) => Object.keys(settings)))) {
      const other = setBy.get(key);
      const level = levels.find(({ settings }) => key in settings) as Level;
      if (other !== undefined) {
        throw source.error(pathOfLevel(source, name, level.label, key), `${key} is set by ${other}, too: one must go`);
      }
      setBy.set(key, `factor ${name}`);
    }
  }
}
