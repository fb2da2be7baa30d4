/** The outcomes side by side: figures, and the operations that came out otherwise. */
import { formatPages, formatTime, grouped, plural } from "xen-balloon/core";
import type { Behaviour, DoneOperation } from "./behaviour.js";
import type { Moments } from "./moments.js";
import { type Both, both } from "./side.js";

/** A side after its run; null: it has failed. */
export type Outcomes = Both<Behaviour | null>;

/** A row of the table. */
export interface Row {
  readonly name: string;
  /** "–" where it is not known. */
  readonly texts: Both<string>;
  /** B − A; empty where it is no number. */
  readonly difference: string;
  readonly differs: boolean;
}

interface Figure {
  readonly name: string;
  /** Null or undefined where it is not known. */
  readonly of: (run: Behaviour) => number | null | undefined;
  readonly text: (value: number) => string;
  /** The text of a run that has no such value. */
  readonly without?: string;
}

const UNKNOWN = "–";

const FIGURES: readonly Figure[] = [
  { name: "time at the end", of: ({ moments }) => moments.timeMs.at(-1) ?? null, text: formatTime },
  {
    name: "last target reached after",
    of: ({ moments }) => reachedMs(moments),
    text: formatTime,
    without: "not reached",
  },
  { name: "away from its target for", of: ({ moments }) => awayMs(moments), text: formatTime },
  { name: "pages short of the target", of: ({ moments }) => shortPages(moments), text: formatPages },
  { name: "pages out", of: ({ counts }) => counts?.pagesOut, text: formatPages },
  { name: "pages in", of: ({ counts }) => counts?.pagesIn, text: formatPages },
  { name: "hypercalls: memory_op", of: ({ counts }) => counts?.memoryOps, text: grouped },
  { name: "hypercalls: update_va_mapping", of: ({ counts }) => counts?.vaMappings, text: grouped },
  { name: "batches", of: ({ counts }) => counts && batchesOf(counts.extentsPerCall), text: grouped },
  { name: "retries", of: ({ counts }) => counts?.retries, text: grouped },
  { name: "waited for retries", of: ({ counts }) => counts && counts.waitedSeconds * 1000, text: formatTime },
  { name: "pages scrubbed", of: ({ counts }) => counts?.scrubbedPages, text: grouped },
  { name: "TLB flushes", of: ({ counts }) => counts?.tlbFlushes, text: grouped },
];

/** The figures of both sides. */
export function figureRows(runs: Outcomes): Row[] {
  const ends = both((side) => endText(runs[side]));
  const end = { name: "the run", texts: ends, difference: "", differs: ends.a !== ends.b };
  return [end, ...FIGURES.map((figure) => rowOf(figure, runs))];
}

function rowOf({ name, of, text, without = UNKNOWN }: Figure, runs: Outcomes): Row {
  const values = both((side) => {
    const run = runs[side];
    return run === null ? null : (of(run) ?? null);
  });
  const { a, b } = values;
  const known = a !== null && b !== null;
  const texts = both((side) => {
    const value = values[side];
    if (value !== null) return text(value);
    return runs[side] === null ? UNKNOWN : without;
  });
  const difference = known && a !== b ? `${b < a ? "−" : "+"}${text(Math.abs(b - a))}` : "";
  return { name, texts, difference, differs: differ(texts) };
}

/** Tells if two values differ; a value that is not known does not. */
function differ({ a, b }: Both<string>): boolean {
  return a !== b && a !== UNKNOWN && b !== UNKNOWN;
}

function endText(run: Behaviour | null): string {
  if (run === null) return "failed";
  const { operations, bug } = run;
  if (bug !== null) return `BUG_ON(${bug}) in operation ${operations.length}, ${operations.at(-1)?.text}`;
  return `${plural(operations.length, "operation")} done`;
}

/** The time from the last change of the target until the guest had it; null: it has not reached it. */
function reachedMs({ timeMs, values: { current, target } }: Moments): number | null {
  let set = 0;
  for (let i = 1; i < target.length; i++) if (target[i] !== target[i - 1]) set = i;
  for (let i = set; i < timeMs.length; i++) if (current[i] === target[i]) return timeMs[i] - timeMs[set];
  return null;
}

function awayMs({ timeMs, values: { current, target } }: Moments): number {
  let ms = 0;
  for (let i = 1; i < timeMs.length; i++) if (current[i - 1] !== target[i - 1]) ms += timeMs[i] - timeMs[i - 1];
  return ms;
}

/** The pages between the target and the guest's size at the end, either way. */
function shortPages({ values: { current, target } }: Moments): number | null {
  const [pages, wanted] = [current.at(-1), target.at(-1)];
  return pages === undefined || wanted === undefined ? null : Math.abs(wanted - pages);
}

/** Each call of the driver is a batch. */
function batchesOf(extentsPerCall: readonly (readonly [number, number])[]): number {
  return extentsPerCall.reduce((sum, [, calls]) => sum + calls, 0);
}

/** An operation with what came of it on each side. */
export interface OperationRow {
  /** The number of the operation, from 1; the boot is not counted. */
  readonly number: number;
  readonly text: string;
  readonly came: Both<string>;
  readonly differs: boolean;
}

/** Every operation of either side. One that a side did not come to is told so. */
export function operationRows({ a, b }: Outcomes): OperationRow[] {
  const longer = (a?.operations.length ?? 0) >= (b?.operations.length ?? 0) ? a : b;
  return (longer?.operations ?? []).map(({ text }, i) => {
    const told = (run: Behaviour | null): string => {
      if (run === null) return UNKNOWN;
      const done = run.operations[i];
      return done === undefined ? "not done: the guest had ended" : cameOf(done);
    };
    const came = { a: told(a), b: told(b) };
    return { number: i + 1, text, came, differs: differ(came) };
  });
}

/** The pages that moved, and what came of it. */
function cameOf({ movedPages, came }: DoneOperation): string {
  const moved = movedPages === 0 ? "" : `${formatPages(Math.abs(movedPages))} ${movedPages > 0 ? "in" : "out"}`;
  return [moved, came].filter((text) => text !== "").join("; ");
}
