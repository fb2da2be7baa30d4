/** The columns of exact measures in tables and exports, with the words for each. */

import { formatBytes } from "../report/number-text.js";
import type { ExactMeasures } from "../results.js";
import type { MeasureName } from "../study.js";
import { countText, durationText, significant, sizeText } from "./figures.js";

/** A number of a case that is the same on every machine. */
export interface ExactColumn {
  /** The measure of a study under which it is shown. */
  readonly measure: MeasureName;
  readonly name: string;
  readonly unit: string;
  /** Its name in a sentence and in the heading of a table. */
  readonly words: string;
  /** Its definition, where the words alone do not give it. */
  readonly means?: string;
  /** Null where the case does not have it. */
  readonly value: (measures: ExactMeasures) => number | null;
  /** The whole measure, where it is more than a number. */
  readonly whole?: (measures: ExactMeasures) => string;
  /** Formats the value for people. Default: its digits, with commas. */
  readonly show?: (value: number) => string;
}

const IN_REPLAYS = "in a replay";

const COLUMNS: readonly ExactColumn[] = [
  {
    measure: "pagesMoved",
    name: "pagesOut",
    unit: "pages",
    words: "memory moved out",
    value: (of) => of.pagesOut,
    show: sizeText,
  },
  {
    measure: "pagesMoved",
    name: "pagesIn",
    unit: "pages",
    words: "memory moved in",
    value: (of) => of.pagesIn,
    show: sizeText,
  },
  {
    measure: "memoryOps",
    name: "memoryOps",
    unit: "calls",
    words: "calls of memory_op",
    means: "the hypercall that takes or gives frames",
    value: (of) => of.memoryOps,
  },
  {
    measure: "extentsPerCall",
    name: "extentsPerCall",
    unit: "extents×calls",
    words: "extents a call",
    means: "frames that a call of memory_op asks for, on average",
    value: meanExtents,
    whole: (of) => of.extentsPerCall.map(([extents, calls]) => `${extents}×${calls}`).join(" "),
    show: significant,
  },
  {
    measure: "vaMappings",
    name: "vaMappings",
    unit: "calls",
    words: "calls of update_va_mapping",
    means: "the hypercall that changes a page's mapping",
    value: (of) => of.vaMappings,
  },
  { measure: "tlbFlushes", name: "tlbFlushes", unit: "flushes", words: "TLB flushes", value: (of) => of.tlbFlushes },
  {
    measure: "kmapFlushes",
    name: "kmapFlushes",
    unit: "flushes",
    words: "kmap flushes",
    value: (of) => of.kmapFlushes,
  },
  {
    measure: "scrubbedPages",
    name: "scrubbedPages",
    unit: "pages",
    words: "memory cleared",
    means: "pages that were overwritten before they left the guest",
    value: (of) => of.scrubbedPages,
    show: sizeText,
  },
  {
    measure: "retries",
    name: "retries",
    unit: "runs",
    words: "retries",
    means: "runs of the worker that could not move all they had to and waited for the next",
    value: (of) => of.retries,
  },
  {
    measure: "waitedSeconds",
    name: "waitedSeconds",
    unit: "s",
    words: "time waited",
    means: "virtual time between a run of the worker that could not move all and the next",
    value: (of) => of.waitedSeconds,
    show: durationText,
  },
  {
    measure: "missedPages",
    name: "outMissedPages",
    unit: "pages",
    words: "missed on the way out",
    means: "what the guest still had above its target when the way out ended",
    value: (of) => (of.replay === null ? of.outMissedPages : null),
    show: sizeText,
  },
  {
    measure: "missedPages",
    name: "inMissedPages",
    unit: "pages",
    words: "missed on the way in",
    means: "what the guest still lacked of its target when the way in ended",
    value: (of) => (of.replay === null ? of.inMissedPages : null),
    show: sizeText,
  },
  {
    measure: "missedPages",
    name: "missedRows",
    unit: "rows",
    words: "rows missed",
    means: "rows of the demand whose target was not reached before the next row",
    value: (of) => of.replay?.missedRows ?? null,
  },
  {
    measure: "longestStepPages",
    name: "longestStepPages",
    unit: "pages",
    words: "longest step",
    means: "the most memory that one run of the worker moved",
    value: (of) => of.longestStepPages,
    show: sizeText,
  },
  {
    measure: "memoryBytes",
    name: "memoryBytes",
    unit: "bytes",
    words: "linear memory",
    means: "what the simulated guest and machine take of this machine's memory",
    value: (of) => of.memoryBytes,
    show: formatBytes,
  },
  {
    measure: "shortPages",
    name: "shortPages",
    unit: "pages",
    words: "memory short",
    means: `memory that the guest wanted and its balloon still had, ${IN_REPLAYS} summed over the rows of the demand`,
    value: (of) => of.replay?.shortPages ?? null,
    show: sizeText,
  },
  {
    measure: "shortPages",
    name: "shortRows",
    unit: "rows",
    words: "rows short",
    means: "rows of the demand at which the guest wanted memory that its balloon still had",
    value: (of) => of.replay?.shortRows ?? null,
  },
  {
    measure: "givenBackPages",
    name: "givenBackPages",
    unit: "pages",
    words: "given back",
    means: "the memory that a guest was sold less its size, on average over the time of the replay",
    value: (of) => of.replay?.givenBackPages ?? null,
    show: sizeText,
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
  return (column.show ?? countText)(value);
}

/** Defines those of the columns whose words do not: a text for under a table; `""` where all do. */
export function definitions(columns: readonly ExactColumn[]): string {
  const said = columns.flatMap(({ words, means }) => (means === undefined ? [] : [`${words}: ${means}`]));
  return said.length === 0 ? "" : `${said.join("; ")}.`;
}

function meanExtents(of: ExactMeasures): number | null {
  const calls = of.extentsPerCall.reduce((sum, [, count]) => sum + count, 0);
  const extents = of.extentsPerCall.reduce((sum, [size, count]) => sum + size * count, 0);
  return calls === 0 ? null : extents / calls;
}
