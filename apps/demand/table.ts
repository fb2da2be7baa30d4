/** Reads the rows of a table from a spreadsheet or monitor. Commas, semicolons or tabs separate the fields. */
import { DemandError } from "./demand-error.js";

/** A line, and its fields without the spaces and quotes around them. */
export interface Row {
  readonly line: number;
  readonly separator: string;
  readonly fields: readonly string[];
  /** The fields between the separators, unchanged. */
  readonly raw: readonly string[];
}

const PASSED_OVER = /^\s*(#|$)/;
const QUOTED = /"(?:[^"]|"")*"/g;

/**
 * Yields all rows but blank lines and lines that begin with #. The first separator outside quotes holds for the whole
 * table.
 */
export function* rowsOf(text: string): Generator<Row> {
  let separator = "";
  let line = 0;
  for (const lineText of linesOf(text.startsWith("\ufeff") ? text.slice(1) : text)) {
    line++;
    if (PASSED_OVER.test(lineText)) continue;
    if (separator === "") separator = /[\t;,]/.exec(lineText.replace(QUOTED, ""))?.[0] ?? ",";
    const raw = split(lineText, separator);
    yield { line, separator, fields: raw.map(unquote), raw };
  }
}

/** Yields the lines one by one, so that a million lines are not in memory beside the text. */
function* linesOf(text: string): Generator<string> {
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf("\n", from);
    const line = text.slice(from, end < 0 ? text.length : end);
    yield line.endsWith("\r") ? line.slice(0, -1) : line;
    from = end < 0 ? text.length : end + 1;
  }
}

/**
 * Splits a line into fields. Within a quoted field a separator is text. An unclosed quote before a separator is text.
 */
function split(line: string, separator: string): string[] {
  if (!line.includes('"')) return line.split(separator);
  const field = new RegExp(`(?: *"(?:[^"]|"")*"\\s*(?=${separator}|$)|[^${separator}]*)`, "y");
  const fields: string[] = [];
  for (let from = 0; from <= line.length; from = field.lastIndex + 1) {
    field.lastIndex = from;
    fields.push((field.exec(line) as RegExpExecArray)[0]);
  }
  return fields;
}

function unquote(field: string): string {
  const text = field.trim();
  if (text.length < 2 || !text.startsWith('"') || !text.endsWith('"')) return text;
  return text.slice(1, -1).replaceAll('""', '"').trim();
}

/** @param index - the index of the wrong field, from 0. */
export function wrongField({ line, raw }: Row, index: number, problem: string): DemandError {
  const before = raw.slice(0, index).reduce((characters, field) => characters + field.length + 1, 0);
  const spaces = raw[index].search(/\S|$/);
  return new DemandError(`line ${line}, field ${index + 1} (character ${before + spaces + 1})`, problem);
}
