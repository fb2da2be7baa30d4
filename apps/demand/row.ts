/** A row of a table, and the place of its fields for messages. */
import { DemandError } from "./demand-error.js";

/** A line, and its fields without the spaces and quotes around them. */
export interface Row {
  readonly line: number;
  readonly text: string;
  readonly fields: readonly string[];
  /** The days after the date in its fields, where a tool writes a date once and goes on past midnight; 0 by default. */
  readonly daysLater?: number;
}

/** The names of the columns, and the rows below them. */
export interface Table {
  readonly names: readonly string[];
  /** The line of the names. */
  readonly line: number;
  /** False: the names are the reader's own, because the table has none. */
  readonly named: boolean;
  /** Yields the rows, each time from the first. */
  rows(): Iterable<Row>;
  /** Lists the doubtful readings, which the author of the file may have meant otherwise, each in words. */
  notes?(): readonly string[];
}

/** @param index - the index of the wrong field, from 0. */
export function wrongField({ line, text, fields }: Row, index: number, problem: string): DemandError {
  let at = 0;
  for (const field of fields.slice(0, index)) at = after(text, field, at);
  const character = fields[index] === "" ? at + 1 : Math.max(text.indexOf(fields[index] ?? "", at), 0) + 1;
  return new DemandError(`line ${line}, field ${index + 1} (character ${character})`, problem);
}

/** Returns the position behind a field, and behind the separator or the quote that follows it. */
function after(text: string, field: string, from: number): number {
  const at = text.indexOf(field, from);
  if (at < 0) return from;
  const end = at + field.length;
  return end + (/^["\s]*[,;\t]?/.exec(text.slice(end, end + 8))?.[0].length ?? 0);
}

/** Yields the lines one by one, so that a million lines are not in memory beside the text. */
export function* linesOf(text: string): Generator<string> {
  for (let from = text.startsWith("\ufeff") ? 1 : 0; from < text.length; ) {
    const end = text.indexOf("\n", from);
    const line = text.slice(from, end < 0 ? text.length : end);
    yield line.endsWith("\r") ? line.slice(0, -1) : line;
    from = end < 0 ? text.length : end + 1;
  }
}
