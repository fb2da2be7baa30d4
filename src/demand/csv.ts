/** Demand from a table of rows: CSV, or what spreadsheets and monitors take for it. */
import { type DemandColumns, type FoundColumns, findColumns } from "./columns.js";
import { DemandError, quote } from "./demand-error.js";
import type { DemandPoint, DemandSeries } from "./series.js";

const MAX_ROWS = 1_000_000;
/** A target is a number of pages in 32 bits. */
const MAX_PAGES = 2 ** 32 - 1;
const DECIMAL = /^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$/;
const ISO_DATE = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/;
const PASSED_OVER = /^\s*(#|$)/;
/** What rows without a header are: time in ms and KiB. */
const HEADERLESS = ["time_ms", "used_kib"];

/** A line, and its fields without the spaces around them. */
interface Row {
  readonly line: number;
  readonly text: string;
  readonly separator: string;
  readonly fields: readonly string[];
}

/**
 * Reads rows that ascend in time, of one guest or of many. A first line names the columns, of which those that are no
 * demand are passed over; without it there are two, of ms and KiB. Fields stand between commas, semicolons or tabs, the
 * same all through, and may be quoted; blank lines, and what begins with #, are passed over.
 *
 * @param named - columns that their names do not give away.
 * @returns times in whole ms, rounded, from the earliest date where times are dates; whole pages, cut. Of rows of one
 * guest that fall on the same ms the last counts.
 * @throws DemandError: the first wrong line
 */
export function readCsv(text: string, named: DemandColumns = {}): readonly DemandSeries[] {
  const guests = new Map<string, DemandPoint[]>();
  let columns: FoundColumns | null = null;
  let width = 0;
  let rows = 0;
  let line = 0;
  for (const row of rowsOf(text)) {
    line = row.line;
    if (columns === null) {
      const isHeader = /^[A-Za-z_]/.test(row.fields[0]);
      columns = columnsOf(row, isHeader ? row.fields : HEADERLESS, named);
      width = isHeader ? row.fields.length : HEADERLESS.length;
      if (isHeader) continue;
    }
    if (row.fields.length !== width) throw wrongWidth(row, width);
    if (++rows > MAX_ROWS) throw at(row, 0, `expected at most ${MAX_ROWS} rows, got more`);
    const vm = columns.vm === null ? "" : row.fields[columns.vm.index];
    const points = guests.get(vm) ?? [];
    guests.set(vm, points);
    addPoint(points, row, columns);
  }
  if (guests.size === 0) {
    throw new DemandError(`line ${Math.max(line, 1)}`, "expected a row of time and memory in use, got none");
  }
  return fromEarliest(columns as FoundColumns, guests);
}

function* rowsOf(text: string): Generator<Row> {
  let separator = "";
  let line = 0;
  for (const lineText of linesOf(text.startsWith("\ufeff") ? text.slice(1) : text)) {
    line++;
    if (PASSED_OVER.test(lineText)) continue;
    if (separator === "") separator = /[\t;,]/.exec(lineText)?.[0] ?? ",";
    yield { line, text: lineText, separator, fields: lineText.split(separator).map(unquote) };
  }
}

/** One after the other: a million of them need not stand beside the text. */
function* linesOf(text: string): Generator<string> {
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf("\n", from);
    const line = text.slice(from, end < 0 ? text.length : end);
    yield line.endsWith("\r") ? line.slice(0, -1) : line;
    from = end < 0 ? text.length : end + 1;
  }
}

function unquote(field: string): string {
  const text = field.trim();
  return text.startsWith('"') && text.endsWith('"') && text.length > 1 ? text.slice(1, -1).trim() : text;
}

function columnsOf(row: Row, names: readonly string[], named: DemandColumns): FoundColumns {
  try {
    return findColumns(names, named);
  } catch (error) {
    throw new DemandError(`line ${row.line}`, (error as Error).message);
  }
}

function addPoint(points: DemandPoint[], row: Row, columns: FoundColumns): void {
  const timeMs = timeOf(row, columns);
  const last = points.at(-1);
  if (last !== undefined && timeMs < last.timeMs) {
    throw at(
      row,
      columns.time.index,
      `expected a time no earlier than the row before, got ${fieldOf(row, columns.time)}`,
    );
  }
  if (last?.timeMs === timeMs) points.pop();
  points.push({
    timeMs,
    usedPages: pagesOf(row, columns.used),
    provisionedPages: columns.provisioned === null ? null : pagesOf(row, columns.provisioned),
  });
}

function fieldOf({ fields }: Row, { index }: { readonly index: number }): string {
  return quote(fields[index]);
}

function timeOf(row: Row, { time }: FoundColumns): number {
  const text = row.fields[time.index];
  if (ISO_DATE.test(text))
    return Date.parse(/[Z+]|-\d\d:?\d\d$/.test(text.slice(10)) ? text : `${text.replace(" ", "T")}Z`);
  if (time.unit === null && DECIMAL.test(text)) {
    throw at(row, time.index, `expected a date, or a unit in the name of column ${quote(time.name)}: ms, s, min or h`);
  }
  const most = Number.MAX_SAFE_INTEGER;
  const ms = Number(text) * (time.unit ?? 1);
  if (DECIMAL.test(text) && ms >= 0 && ms <= most) return Math.round(ms);
  throw at(row, time.index, `expected a time from 0 to ${most} ms, or a date, got ${quote(text)}`);
}

function pagesOf(row: Row, column: { readonly index: number; readonly unit: number | null }): number {
  const text = row.fields[column.index];
  const pages = Number(text) * (column.unit ?? 1);
  if (DECIMAL.test(text) && pages >= 0 && pages <= MAX_PAGES) return Math.floor(pages);
  throw at(row, column.index, `expected memory from 0 to ${MAX_PAGES} pages, got ${quote(text)}`);
}

/** Dates count from the earliest: all other times are as they stand. */
function fromEarliest({ time }: FoundColumns, guests: ReadonlyMap<string, DemandPoint[]>): DemandSeries[] {
  const series = [...guests].map(([vm, points]) => ({ vm, points }));
  if (time.unit !== null) return series;
  const earliest = Math.min(...series.map(({ points }) => points[0].timeMs));
  return series.map(({ vm, points }) => ({
    vm,
    points: points.map((point) => ({ ...point, timeMs: point.timeMs - earliest })),
  }));
}

function wrongWidth(row: Row, width: number): DemandError {
  const { fields, separator } = row;
  const between = { ",": "commas", ";": "semicolons" }[separator] ?? "tabs";
  const problem = `expected ${width} fields, ${between} between, got ${fields.length}`;
  return at(row, Math.min(fields.length, width + 1) - 1, problem);
}

function at({ line, text, separator }: Row, index: number, problem: string): DemandError {
  let from = 0;
  for (let i = 0; i < index; i++) from = text.indexOf(separator, from) + 1;
  const spaces = text.slice(from).search(/\S|$/);
  return new DemandError(`line ${line}, field ${index + 1} (character ${from + spaces + 1})`, problem);
}
