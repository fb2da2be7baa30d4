/**
 * Checks the lines of a results file: one that was changed by hand is refused, not taken for a measurement. The checks
 * are plain code: to load ajv and compile a schema would make `report` and `compare` take half as long again.
 */
import { listAt, numberAt, objectAt, type Plain, ShapeError, textAt, wholeAt } from "../shape.js";
import type { Case } from "./plan.js";
import {
  type ExactMeasures,
  type Header,
  type PassTime,
  type ReplayMeasures,
  type ReplaySeries,
  type ResultLine,
  SCHEMA,
} from "./results.js";
import { type Factor, MEASURES, type MeasureName, type Study } from "./study.js";

/**
 * Checks a header.
 *
 * @throws ShapeError: the first field that is wrong
 */
export function headerOf(value: unknown): Header {
  const header = objectAt("", value);
  if (header.kind === "host") throw new ShapeError("kind", "results of a study", header.kind);
  if (header.kind !== "study" || header.format !== "xen-balloon results") {
    throw new ShapeError("", "a header of xen-balloon results", value);
  }
  if (header.schema !== SCHEMA) {
    const expected =
      header.schema === 2
        ? `schema ${SCHEMA}; in schema 2 times were divided by the pages planned, and those moved are not known. Measure again, into another folder: ${String(header.command)}`
        : `schema ${SCHEMA}`;
    throw new ShapeError("schema", expected, header.schema);
  }
  checkStudy(objectAt("study", header.study));
  const { factors } = header.study as Study;
  each("cases", header.cases, "cases", (one, path) => checkCase(objectAt(path, one), path, factors));
  const baselines = (header.cases as readonly Case[]).filter(({ baseline }) => baseline).length;
  if (baselines !== 1) throw new ShapeError("cases", "one case that is the baseline", baselines);
  textAt("command", header.command);
  objectAt("environment", header.environment);
  each("demands", header.demands ?? [], "texts", (text, at) => textAt(at, text));
  each("doubts", header.doubts ?? [], "texts", (text, at) => textAt(at, text));
  each("contents", header.contents ?? [], "contents", (content, path) => {
    const plain = objectAt(path, content);
    for (const name of ["kind", "name", "sha256"]) textAt(`${path}.${name}`, plain[name]);
  });
  return value as Header;
}

/**
 * Makes the check of a line after the header. It throws ShapeError: the first field that is wrong.
 *
 * @param measured - the kinds of lines of cases that there are.
 * @param checkMeasures - checks the measures of an exact line, at their path.
 */
export function lineKinds<M>(
  measured: readonly ("exact" | "timed" | "failed")[],
  checkMeasures: (measures: Plain, path: string) => void,
): (value: unknown) => ResultLine<M> {
  const kinds: readonly string[] = [...measured, "resumed", "ended"];
  return (value) => {
    const line = objectAt("", value);
    const kind = String(line.kind);
    if (!kinds.includes(kind)) throw new ShapeError("kind", `one of ${kinds.join(", ")}`, line.kind);
    if (kind === "exact") {
      textAt("case", line.case);
      checkMeasures(objectAt("measures", line.measures), "measures");
    } else {
      CHECKS[kind as keyof typeof CHECKS](line);
    }
    return value as ResultLine<M>;
  };
}

/**
 * Checks a line of a study's results after the header.
 *
 * @throws ShapeError: the first field that is wrong
 */
export const lineOf: (value: unknown) => ResultLine = lineKinds(["exact", "timed", "failed"], checkMeasures);

const CHECKS: Readonly<Record<Exclude<ResultLine["kind"], "exact">, (line: Plain) => void>> = {
  timed: ({ case: id, round, copy, first, warm, paceNs }) => {
    textAt("case", id);
    wholeAt("round", round);
    if (copy !== 0 && copy !== 1) throw new ShapeError("copy", "0 or 1", copy);
    checkPass("first", first);
    if (warm !== null) checkPass("warm", warm);
    if (numberAt("paceNs", paceNs) === 0) throw new ShapeError("paceNs", "more than 0 ns", paceNs);
  },
  failed: ({ case: id, problem }) => {
    textAt("case", id);
    textAt("problem", problem);
  },
  resumed: ({ environment }) => objectAt("environment", environment),
  ended: ({ date, loadAverage }) => {
    textAt("date", date);
    each("loadAverage", loadAverage, "numbers", (load, at) => numberAt(at, load));
  },
};

const COUNTS: readonly (keyof ExactMeasures)[] = [
  "pagesOut",
  "pagesIn",
  "memoryOps",
  "vaMappings",
  "tlbFlushes",
  "kmapFlushes",
  "scrubbedPages",
  "retries",
  "outMissedPages",
  "inMissedPages",
  "longestStepPages",
  "memoryBytes",
  "currentPages",
];
const REPLAYED: readonly (keyof ReplayMeasures)[] = [
  "sizePages",
  "targets",
  "shortPages",
  "shortRows",
  "missedRows",
  "soldPages",
  "givenBackPages",
  "mostPages",
  "leastPages",
];
const SERIES: readonly (keyof ReplaySeries)[] = ["timeMs", "usedPages", "targetPages", "currentPages"];

function checkMeasures(measures: Plain): void {
  wholes("measures", measures, COUNTS);
  numberAt("measures.waitedSeconds", measures.waitedSeconds);
  // what a guest is to give up is below 0
  if (!Number.isInteger(measures.creditPages)) {
    throw new ShapeError("measures.creditPages", "a whole number", measures.creditPages);
  }
  each("measures.extentsPerCall", measures.extentsPerCall, "pairs", (pair, path) => {
    const both = listAt(path, pair, "two numbers");
    if (both.length !== 2) throw new ShapeError(path, "a list of two numbers", pair);
    each(path, both, "two numbers", (number, at) => wholeAt(at, number));
  });
  if (measures.replay === null) return;
  const replay = objectAt("measures.replay", measures.replay);
  wholes("measures.replay", replay, REPLAYED);
  const path = "measures.replay.series";
  const series = objectAt(path, replay.series);
  for (const name of SERIES) {
    const column = listAt(`${path}.${name}`, series[name], "numbers");
    for (const [i, number] of column.entries()) wholeAt(`${path}.${name}[${i}]`, number);
    const rows = (series.timeMs as readonly unknown[]).length;
    if (column.length !== rows) throw new ShapeError(`${path}.${name}`, `${rows} numbers, as in timeMs`, column.length);
  }
}

function checkStudy(study: Plain): void {
  for (const name of ["name", "title", "question"]) textAt(`study.${name}`, study[name]);
  for (const name of ["base", "columns"]) objectAt(`study.${name}`, study[name]);
  each("study.doesNotShow", study.doesNotShow, "texts", (text, at) => textAt(at, text));
  each("study.reading", study.reading ?? [], "texts", (text, at) => textAt(at, text));
  const { comparesLevels = true } = study;
  if (typeof comparesLevels !== "boolean") {
    throw new ShapeError("study.comparesLevels", "true or false", comparesLevels);
  }
  each("study.measures", study.measures, "measures", (name, at) => {
    if (!MEASURES.includes(name as MeasureName)) throw new ShapeError(at, `one of ${MEASURES.join(", ")}`, name);
  });
  wholes("study", study, ["fraction", "replications", "seed"]);
  each("study.seeds", study.seeds, "numbers", (seed, at) => wholeAt(at, seed));
  each("study.factors", study.factors, "factors", (value, path) => {
    const factor = objectAt(path, value);
    textAt(`${path}.name`, factor.name);
    each(`${path}.levels`, factor.levels, "levels", (level, at) => {
      const { label, settings } = objectAt(at, level);
      textAt(`${at}.label`, label);
      objectAt(`${at}.settings`, settings);
    });
    const { levels, baseline } = value as Factor;
    if (!levels.some(({ label }) => label === baseline)) {
      throw new ShapeError(`${path}.baseline`, "one of the levels", baseline);
    }
  });
}

function checkCase({ id, levels, seed, settings, baseline }: Plain, path: string, factors: readonly Factor[]): void {
  textAt(`${path}.id`, id);
  const labels = objectAt(`${path}.levels`, levels);
  for (const { name, levels: known } of factors) {
    const label = labels[name];
    if (!known.some((level) => level.label === label)) {
      throw new ShapeError(`${path}.levels.${name}`, `one of ${known.map((level) => level.label).join(", ")}`, label);
    }
  }
  wholeAt(`${path}.seed`, seed);
  objectAt(`${path}.settings`, settings);
  if (typeof baseline !== "boolean") throw new ShapeError(`${path}.baseline`, "true or false", baseline);
}

function checkPass(path: string, value: unknown): void {
  const { outNs, inNs, outPages, inPages } = objectAt(path, value) as Partial<PassTime>;
  numberAt(`${path}.outNs`, outNs);
  numberAt(`${path}.inNs`, inNs);
  wholeAt(`${path}.outPages`, outPages);
  wholeAt(`${path}.inPages`, inPages);
}

function wholes(path: string, object: Plain, names: readonly string[]): void {
  for (const name of names) wholeAt(`${path}.${name}`, object[name]);
}

function each(path: string, value: unknown, of: string, check: (item: unknown, path: string) => void): void {
  for (const [i, item] of listAt(path, value, of).entries()) check(item, `${path}[${i}]`);
}
