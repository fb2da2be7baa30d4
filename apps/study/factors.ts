/** Reads the factors of a study or a plan: levels in a list, whose name is a setting, or by label, each any settings. */
import type { SchemaProblem } from "./schema-problem.js";
import type { Path, StudyError, StudySource } from "./source.js";
import type { Factor, Level } from "./study.js";

/** A factor as its text has it. */
export interface FactorDocument<S> {
  readonly levels: readonly unknown[] | Readonly<Record<string, S>> | "all";
  readonly baseline?: string | number | boolean;
}

/** Finds the first problem of settings that stand alone; null where there is none. */
type CheckSettings = (settings: unknown) => SchemaProblem | null;

/** Reads a factor whose levels the text has. */
export function readFactor<S extends object>(name: string, source: StudySource, check: CheckSettings): Factor<S> {
  const { levels } = documentOf<S>(source, name);
  return factorOf(name, levelsOf(name, levels as Exclude<typeof levels, "all">, source, check), source);
}

/**
 * Makes a factor of its levels, and finds its baseline in the text.
 *
 * @param levels - one or more.
 */
export function factorOf<S>(name: string, levels: readonly Level<S>[], source: StudySource): Factor<S> {
  const { baseline = levels[0].label } = documentOf<S>(source, name);
  const label = String(baseline);
  if (!levels.some((level) => level.label === label)) {
    const there = levels.map((level) => level.label).join(", ");
    throw source.error(["factors", name, "baseline"], `expected one of the levels ${there}, got ${label}`);
  }
  return { name, levels, baseline: label };
}

/** The path of a level's setting in the text. */
export function pathOfLevel(source: StudySource, factor: string, label: string, key: string): Path {
  const { levels } = documentOf(source, factor);
  if (Array.isArray(levels))
    return ["factors", factor, "levels", levels.findIndex((value) => labelOf(value) === label)];
  return levels === "all" ? ["factors", factor, "levels"] : ["factors", factor, "levels", label, key];
}

function documentOf<S>(source: StudySource, name: string): FactorDocument<S> {
  return (source.data as { readonly factors: Readonly<Record<string, FactorDocument<S>>> }).factors[name];
}

function levelsOf<S extends object>(
  factor: string,
  levels: readonly unknown[] | Readonly<Record<string, S>>,
  source: StudySource,
  check: CheckSettings,
): readonly Level<S>[] {
  if (!Array.isArray(levels)) {
    const order = source.keysAt(["factors", factor, "levels"]);
    return Object.entries(levels as Readonly<Record<string, S>>)
      .map(([label, settings]) => ({ label, settings }))
      .sort((a, b) => order.indexOf(a.label) - order.indexOf(b.label));
  }
  return levels.map((value, i) => {
    const settings = { [factor]: value };
    const wrong = check(settings);
    const path: Path = ["factors", factor];
    if (wrong?.problem.startsWith("no such key")) {
      throw source.error(
        path,
        `no such setting, as levels in a list ask for${wrong.problem.replace("no such key", "")}`,
      );
    }
    if (wrong !== null) throw source.error([...path, "levels", i, ...wrong.path.slice(1)], wrong.problem);
    return { label: labelOf(value), settings: settings as S };
  });
}

export function labelOf(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Refuses a setting that is set twice: of two factors one would do nothing, or the order would decide. */
export function refuseDoubles<S extends object>(
  base: S,
  factors: readonly Factor<S>[],
  pathOf: (factor: string, label: string, key: string) => Path,
  source: StudySource,
): void {
  const setBy = new Map<string, string>(Object.keys(base).map((key) => [key, "base"]));
  for (const { name, levels } of factors) {
    for (const key of new Set(levels.flatMap(({ settings }) => Object.keys(settings)))) {
      const other = setBy.get(key);
      const level = levels.find(({ settings }) => key in settings) as Level<S>;
      if (other !== undefined) {
        throw source.error(pathOf(name, level.label, key), `${key} is set by ${other}, too: one must go`);
      }
      setBy.set(key, `factor ${name}`);
    }
  }
}

/** Places a problem of a setting at the level that set its value, or at the base. */
export function placedAt<S extends object>(
  key: keyof S & string,
  problem: string,
  { settings, base, factors }: { readonly settings: S; readonly base: S; readonly factors: readonly Factor<S>[] },
  pathOf: (factor: string, label: string, key: string) => Path,
  source: StudySource,
): StudyError {
  const from = ({ settings: set }: Level<S>): boolean => key in set && set[key] === settings[key];
  for (const { name, levels } of factors) {
    const level = levels.find(from);
    if (level !== undefined) return source.error(pathOf(name, level.label, key), problem);
  }
  return source.error(key in base ? ["base", key] : [], problem);
}
