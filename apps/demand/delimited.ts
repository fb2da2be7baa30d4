/** Reads a table whose fields are between commas, semicolons or tabs, as spreadsheets and monitors write it. */
import { plural } from "xen-balloon/core";
import { DemandError } from "./demand-error.js";
import { linesOf, type Row, type Table, wrongField } from "./row.js";

const PASSED_OVER = /^\s*(#|$)/;
const QUOTED = /"(?:[^"]|"")*"/g;
/** A first line for Excel. */
const SEPARATOR_LINE = /^sep=([,;\t])$/;
const HEADING = /^[\p{L}_{]/u;
const BETWEEN: Readonly<Record<string, string>> = { ",": "commas", ";": "semicolons", "\t": "tabs" };

/**
 * Makes a table of a text. A first row names the columns; a comment right above the first row may do so, too. Blank lines
 * and other lines that begin with # are passed over; so is the row of names where it comes again, as in files that were
 * put together.
 *
 * @param headless - the names of the columns of a table without names.
 * @throws DemandError: no names of other columns than the headless, a row with more or fewer fields than the first
 */
export function delimitedTable(text: string, headless: readonly string[]): Table {
  const first = firstRow(text);
  const isHeader = first.row.fields.some((field) => HEADING.test(field)) && HEADING.test(firstOf(first.row.fields));
  const comment = isHeader || first.comment === null ? null : split(first.comment, first.separator).map(unquote);
  const above = comment?.length === first.row.fields.length && HEADING.test(comment[0]) ? comment : null;
  const names = isHeader ? first.row.fields : (above ?? headless);
  if (names === headless && first.row.fields.length !== headless.length) {
    const problem = `expected names of columns such as time_s,vm,used_mib above ${plural(first.row.fields.length, "field")}, got none`;
    throw new DemandError(`line ${first.row.line}`, problem);
  }
  return {
    names,
    line: first.row.line,
    named: isHeader || above !== null,
    *rows() {
      for (const row of rowsOf(text, first.separator)) {
        if (row.line < first.row.line || (isHeader && sameFields(row.fields, names))) continue;
        if (row.fields.length !== names.length) throw wrongWidth(row, names.length, first.separator);
        yield row;
      }
    },
    notes: () => (isHeader ? noteAgain(text, first.row, first.separator) : []),
  };
}

/** Notes where the row of names comes again: the files that were put together may be of several guests. */
function noteAgain(text: string, header: Row, separator: string): readonly string[] {
  for (const { line, fields } of rowsOf(text, separator)) {
    if (line > header.line && sameFields(fields, header.fields)) {
      return [`line ${line} has the names of columns again: a guest goes on in the file that begins there`];
    }
  }
  return [];
}

/** Finds the first row, the separator, which holds for the whole table, and the comment right above the row. */
function firstRow(text: string): { readonly row: Row; readonly separator: string; readonly comment: string | null } {
  let [line, separator] = [0, ""];
  let comment: string | null = null;
  for (const lineText of linesOf(text)) {
    line++;
    separator = SEPARATOR_LINE.exec(lineText)?.[1] ?? separator;
    if (SEPARATOR_LINE.test(lineText)) continue;
    if (PASSED_OVER.test(lineText)) {
      comment = lineText.trim() === "" ? comment : lineText.replace(/^\s*#\s*/, "");
      continue;
    }
    separator ||= /[\t;,]/.exec(lineText.replace(QUOTED, ""))?.[0] ?? ",";
    return { row: { line, text: lineText, fields: split(lineText, separator).map(unquote) }, separator, comment };
  }
  throw new DemandError(`line ${Math.max(line, 1)}`, "expected a row of time and memory in use, got none");
}

function* rowsOf(text: string, separator: string): Generator<Row> {
  let line = 0;
  for (const lineText of linesOf(text)) {
    line++;
    if (PASSED_OVER.test(lineText)) continue;
    const fields = split(lineText, separator);
    for (let i = 0; i < fields.length; i++) fields[i] = unquote(fields[i]);
    yield { line, text: lineText, fields };
  }
}

/**
 * Splits a line into fields. Within a quoted field a separator is text. An unclosed quote before a separator is text.
 */
function split(line: string, separator: string): string[] {
  if (!line.includes('"')) return line.split(separator);
  const fields: string[] = [];
  for (let from = 0; from <= line.length; ) {
    const end = endOfField(line, separator, from);
    fields.push(line.slice(from, end));
    from = end + 1;
  }
  return fields;
}

function endOfField(line: string, separator: string, from: number): number {
  const next = line.indexOf(separator, from);
  const plain = next < 0 ? line.length : next;
  let at = from;
  while (line[at] === " " || (line[at] === "\t" && separator !== "\t")) at++;
  if (line[at] !== '"') return plain;
  for (at++; at < line.length; at++) {
    if (line[at] !== '"') continue;
    if (line[at + 1] === '"') at++;
    else break;
  }
  if (at >= line.length) return plain;
  for (at++; at < line.length && line[at] !== separator; at++) if (!/\s/.test(line[at])) return plain;
  return at;
}

function unquote(field: string): string {
  const text = field.trim();
  if (text.length < 2 || !text.startsWith('"') || !text.endsWith('"')) return text;
  return text.slice(1, -1).replaceAll('""', '"').trim();
}

function firstOf(fields: readonly string[]): string {
  return fields.find((field) => field !== "") ?? "";
}

function sameFields(fields: readonly string[], names: readonly string[]): boolean {
  return fields.length === names.length && fields.every((field, i) => field === names[i]);
}

function wrongWidth(row: Row, width: number, separator: string): DemandError {
  const problem = `expected ${width} fields, ${BETWEEN[separator]} between, got ${row.fields.length}`;
  return wrongField(row, Math.min(row.fields.length, width + 1) - 1, problem);
}
