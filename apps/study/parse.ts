/** A study's text as a Study, each level with the settings it stands for. */
import type { DemandColumns } from "../demand/columns.js";
import { problemOfSettings, problemOfStudy } from "./schema.js";
import { type Path, StudySource } from "./source.js";
import { type Factor, type Level, MEASURES, type MeasureName, type Settings, type Study } from "./study.js";

/** The factor whose levels may be `all`: every guest of the demand. */
const VM = "vm";
/** The only guest of a demand that names none. */
const UNNAMED = "unnamed";

/** The document as the schema has let it pass. */
interface StudyDocument {
  readonly title: string;
  readonly question: string;
  readonly doesNotShow?: readonly string[];
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

/** A study as far as its text says it. */
export interface ParsedStudy {
  readonly study: Study;
  readonly source: StudySource;
}

/** What comes from elsewhere than the text. */
export interface Given {
  /** One word, which names the study's files. */
  readonly name: string;
  /** A demand file in place of the text's. */
  readonly demand?: string | undefined;
  /** Guests of the demand: what `levels: all` of the factor vm stands for. Left out: not known yet. */
  readonly vms?: readonly string[];
}

/** @throws StudyError: the first thing that is wrong */
export function parseStudy(text: string, { name, demand, vms = [] }: Given): ParsedStudy {
  const source = new StudySource(text);
  const wrong = problemOfStudy(source.data);
  if (wrong !== null) throw source.error(wrong.path, wrong.problem);
  const document = source.data as StudyDocument;
  const base: Settings = { ...document.base, ...(demand === undefined ? {} : { demand }) };
  const factors = Object.entries(document.factors).map(([factor, { levels, baseline }]): Factor => {
    const read = levels === "all" ? allOf(factor, vms, source) : levelsOf(factor, levels, source);
    const label = baseline === undefined ? (read[0]?.label ?? "") : String(baseline);
    if (read.length > 0 && !read.some((level) => level.label === label)) {
      const there = read.map((level) => level.label).join(", ");
      throw source.error(["factors", factor, "baseline"], `expected one of the levels ${there}, got ${label}`);
    }
    return { name: factor, levels: read, baseline: label };
  });
  refuseDoubles(base, factors, source);
  const study: Study = {
    name,
    title: document.title,
    question: document.question.trim(),
    doesNotShow: document.doesNotShow ?? [],
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

/** Where a level's setting stands in the text. */
export function pathOfLevel(source: StudySource, factor: string, label: string, key: string): Path {
  const { levels } = (source.data as StudyDocument).factors[factor];
  if (Array.isArray(levels))
    return ["factors", factor, "levels", levels.findIndex((value) => labelOf(value) === label)];
  return levels === "all" ? ["factors", factor, "levels"] : ["factors", factor, "levels", label, key];
}

function allOf(factor: string, vms: readonly string[], source: StudySource): readonly Level[] {
  if (factor !== VM) throw source.error(["factors", factor, "levels"], `expected levels: only ${VM} can have all`);
  return vms.map((vm) => ({ label: vm === "" ? UNNAMED : vm, settings: { vm } }));
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

/** Each setting is set in one place: else one of two factors would do nothing, or it would hang on their order. */
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
