/** The results of a plan: lines of JSON as those of a study, with another header and other measures. */
import type { HostOutcome } from "xen-balloon/toolstack";
import { listAt, numberAt, objectAt, type Plain, ShapeError, textAt, wholeAt } from "../shape.js";
import type { Header, ResultLine, Results } from "../study/results.js";
import { type ReadResults, readLines } from "../study/results-file.js";
import { lineKinds } from "../study/results-shape.js";
import type { HostCase, HostPlan } from "./plan.js";
import type { VectorCount } from "./report/cases.js";

/** The version of the lines: raised where a reader of earlier versions would misread them. */
export const HOST_SCHEMA = 1;

/** The first line. */
export interface HostHeader
  extends Pick<Header, "format" | "command" | "environment" | "demands" | "doubts" | "contents"> {
  readonly kind: "host";
  readonly schema: typeof HOST_SCHEMA;
  readonly study: HostPlan;
  /** All cases, in the order of the plan. */
  readonly cases: readonly HostCase[];
  /** The recorded answers that the policies were compared with. */
  readonly vectors?: readonly VectorCount[];
}

/** The content of a results file of a plan. */
export type HostResults = Results<HostHeader, HostOutcome>;

/** Whether a results file is of a plan, and not of a study: its first line tells. */
export function areOfHost(text: string): boolean {
  return text.startsWith('{"kind":"host"');
}

/**
 * @param text - the whole file.
 * @throws ResultsError
 */
export function readHostResults(text: string): ReadResults<HostHeader, HostOutcome> {
  return readLines(text, { headerOf, lineOf });
}

function headerOf(value: unknown): HostHeader {
  const header = objectAt("", value);
  if (header.kind !== "host" || header.format !== "xen-balloon results") {
    throw new ShapeError("", "a header of xen-balloon results of a host", value);
  }
  if (header.schema !== HOST_SCHEMA) throw new ShapeError("schema", `schema ${HOST_SCHEMA}`, header.schema);
  const study = objectAt("study", header.study);
  for (const name of ["name", "title", "question"]) textAt(`study.${name}`, study[name]);
  for (const [i, guest] of listAt("study.guests", study.guests, "guests").entries()) {
    const path = `study.guests[${i}]`;
    const { name, memoryKib, minimumKib, maximumKib } = objectAt(path, guest);
    textAt(`${path}.name`, name);
    for (const kib of [memoryKib, minimumKib, maximumKib]) wholeAt(path, kib);
  }
  for (const [i, one] of listAt("cases", header.cases, "cases").entries()) {
    const { id, levels, settings } = objectAt(`cases[${i}]`, one);
    textAt(`cases[${i}].id`, id);
    objectAt(`cases[${i}].levels`, levels);
    objectAt(`cases[${i}].settings`, settings);
  }
  for (const [i, count] of listAt("vectors", header.vectors ?? [], "counts").entries()) {
    const { policy, passed, of } = objectAt(`vectors[${i}]`, count);
    textAt(`vectors[${i}].policy`, policy);
    for (const number of [passed, of]) wholeAt(`vectors[${i}]`, number);
  }
  textAt("command", header.command);
  objectAt("environment", header.environment);
  return value as HostHeader;
}

const lineOf: (value: unknown) => ResultLine<HostOutcome> = lineKinds<HostOutcome>(["exact", "failed"], checkOutcome);

const OF_HOST = ["totalKib", "spanMs", "targetWrites", "pagesMoved"] as const;
const OF_GUEST = [
  "minimumKib",
  "maximumKib",
  "ranMs",
  "askedKibMs",
  "gotKibMs",
  "shortKibMs",
  "shortMs",
  "worstShortKib",
  "idleKibMs",
  "atMinimumTimes",
  "atMinimumMs",
  "targetWrites",
  "pagesOut",
  "pagesIn",
  "kills",
] as const;
const OF_LINE = ["freeKib", "leastFreeKib", "usedKib", "heldKib", "targetKib"] as const;

function checkOutcome(outcome: Plain, path: string): void {
  textAt(`${path}.policy`, outcome.policy);
  for (const name of OF_HOST) numberAt(`${path}.${name}`, outcome[name]);
  for (const [i, value] of listAt(`${path}.guests`, outcome.guests, "guests").entries()) {
    const at = `${path}.guests[${i}]`;
    const guest = objectAt(at, value);
    textAt(`${at}.name`, guest.name);
    for (const name of OF_GUEST) numberAt(`${at}.${name}`, guest[name]);
    for (const [k, share] of listAt(`${at}.reasons`, guest.reasons, "reasons").entries()) {
      const { reason, shortKibMs, ms } = objectAt(`${at}.reasons[${k}]`, share);
      textAt(`${at}.reasons[${k}].reason`, reason);
      for (const number of [shortKibMs, ms]) numberAt(`${at}.reasons[${k}]`, number);
    }
  }
  for (const [i, start] of listAt(`${path}.starts`, outcome.starts, "starts").entries()) {
    const at = `${path}.starts[${i}]`;
    const { name, atMs, waitedMs, words, donors } = objectAt(at, start);
    for (const text of [name, words]) textAt(at, text);
    for (const number of [atMs, waitedMs]) numberAt(at, number);
    for (const [k, value] of listAt(`${at}.donors`, donors, "donors").entries()) {
      const donor = objectAt(`${at}.donors[${k}]`, value);
      textAt(`${at}.donors[${k}].name`, donor.name);
      for (const number of [donor.gaveKib, donor.toGiveKib]) numberAt(`${at}.donors[${k}]`, number);
    }
  }
  checkTimeLine(`${path}.timeLine`, objectAt(`${path}.timeLine`, outcome.timeLine));
}

function checkTimeLine(path: string, line: Plain): void {
  const { length } = listAt(`${path}.timeMs`, line.timeMs, "numbers");
  for (const name of OF_LINE) checkColumn(`${path}.${name}`, line[name], length);
  for (const [i, guest] of listAt(`${path}.guests`, line.guests, "guests").entries()) {
    const plain = objectAt(`${path}.guests[${i}]`, guest);
    for (const name of ["usedKib", "heldKib", "targetKib"])
      checkColumn(`${path}.guests[${i}].${name}`, plain[name], length);
  }
}

function checkColumn(path: string, value: unknown, rows: number): void {
  const column = listAt(path, value, "numbers");
  if (column.length !== rows) throw new ShapeError(path, `${rows} numbers, as in timeMs`, column.length);
  for (const [i, number] of column.entries()) numberAt(`${path}[${i}]`, number);
}
