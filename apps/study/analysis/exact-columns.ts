/** The columns of exact measures in tables and exports. */
import { formatSize, PAGE_BYTES } from "xen-balloon/core";
import type { ExactMeasures } from "../results.js";
import type { MeasureName } from "../study.js";
import { significant } from "./figures.js";

/** A number of a case that is the same on every machine. */
export interface ExactColumn {
  /** The measure of a study under which it is shown. */
  readonly measure: MeasureName;
  readonly name: string;
  readonly unit: string;
  /** Null where the case does not have it. */
  readonly value: (measures: ExactMeasures) => number | null;
  /** The whole measure, where it is more than a number. */
  readonly whole?: (measures: ExactMeasures) => string;
  /** Formats the value for people. Default: its digits. */
  readonly show?: (value: number) => string;
}

const wholePages = (value: number): string => String(Math.round(value));

const COLUMNS: readonly ExactColumn[] = [
  { measure: "pagesMoved", name: "pagesOut", unit: "pages", value: (of) => of.pagesOut },
  { measure: "pagesMoved", name: "pagesIn", unit: "pages", value: (of) => of.pagesIn },
  { measure: "memoryOps", name: "memoryOps", unit: "calls", value: (of) => of.memoryOps },
  {
    measure: "extentsPerCall",
    name: "extentsPerCall",
    unit: "extents×calls",
    value: meanExtents,
    whole: (of) => of.extentsPerCall.map(([extents, calls]) => `${extents}×${calls}`).join(" "),
    show: significant,
  },
  { measure: "vaMappings", name: "vaMappings", unit: "calls", value: (of) => of.vaMappings },
  { measure: "tlbFlushes", name: "tlbFlushes", unit: "flushes", value: (of) => of.tlbFlushes },
  { measure: "kmapFlushes", name: "kmapFlushes", unit: "flushes", value: (of) => of.kmapFlushes },
  { measure: "scrubbedPages", name: "scrubbedPages", unit: "pages", value: (of) => of.scrubbedPages },
  { measure: "retries", name: "retries", unit: "runs", value: (of) => of.retries },
  { measure: "waitedSeconds", name: "waitedSeconds", unit: "s", value: (of) => of.waitedSeconds },
  { measure: "longestStepPages", name: "longestStepPages", unit: "pages", value: (of) => of.longestStepPages },
  {
    measure: "memoryBytes",
    name: "memoryBytes",
    unit: "bytes",
    value: (of) => of.memoryBytes,
    show: (bytes) => formatSize(bytes / PAGE_BYTES),
  },
  { measure: "shortPages", name: "shortPages", unit: "pages", value: (of) => of.replay?.shortPages ?? null },
  { measure: "shortPages", name: "shortRows", unit: "rows", value: (of) => of.replay?.shortRows ?? null },
  {
    measure: "givenBackPages",
    name: "givenBackPages",
    unit: "pages",
    value: (of) => of.replay?.givenBackPages ?? null,
    show: wholePages,
  },
];

/** The columns of the measures that a study names, always in the same order. */
export function exactColumns(measures: readonly MeasureName[]): readonly ExactColumn[] {
  return COLUMNS.filter(({ measure }) => measures.includes(measure));
}

/** Writes the whole measure exactly; `""` where the case has none. */
export function exactText(column: ExactColumn, measures: ExactMeasures): string {
  return column.whole?.(measures) ?? String(column.value(measures) ?? "");
}

/** Formats a value for people. */
export function showExact(column: ExactColumn, value: number): string {
  return column.show?.(value) ?? String(value);
}

function meanExtents(of: ExactMeasures): number | null {
  const calls = of.extentsPerCall.reduce((sum, [, count]) => sum + count, 0);
  const extents = of.extentsPerCall.reduce((sum, [size, count]) => sum + size * count, 0);
  return calls === 0 ? null : extents / calls;
}
