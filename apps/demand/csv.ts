/** Reads demand from a table: CSV, or the variants that spreadsheets and monitors write. */
import { type DemandColumns, type FoundColumns, findColumns } from "./columns.js";
import { DemandError, quote } from "./demand-error.js";
import { type DemandPoint, type DemandSeries, MAX_PAGES } from "./series.js";
import { type Row, rowsOf, wrongField } from "./table.js";

const MAX_ROWS = 1_000_000;
const DECIMAL = /^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$/;
const ISO_DATE = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/;
/** The columns of a table without a header: time in ms, and KiB. */
const HEADERLESS = ["time_ms", "used_kib"];
/** The year 2001 in ms since 1970. Times that begin later count from 1970. */
const CLOCK_TIMES_MS = 1e12;
/** The Grid Workloads Archive's name for its column of seconds since 1970. */
const MISNAMED_SECONDS = "Timestamp [ms]";

/**
 * Reads rows that ascend in time, of one guest or of many. A first line names the columns; columns that are no demand
 * are ignored. Without that line a table has two columns, of ms and KiB. Commas, semicolons or tabs separate the
 * fields, one kind in the whole table. Fields may be quoted. Blank lines and lines that begin with # are ignored.
 *
 * @param named - columns that cannot be detected from their names.
 * @returns times in whole ms, rounded; dates and times since 1970 count from the earliest. Whole pages, rounded down.
 * Among rows of one guest on the same ms, the last counts.
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
      const isHeader = /^[\p{L}_]/u.test(row.fields.find((field) => field !== "") ?? "");
      columns = columnsOf(row, isHeader ? row.fields : HEADERLESS, named);
      width = isHeader ? row.fields.length : HEADERLESS.length;
      if (isHeader) continue;
    }
    if (row.fields.length !== width) throw wrongWidth(row, width);
    if (++rows > MAX_ROWS) throw wrongField(row, 0, `expected at most ${MAX_ROWS} rows, got more`);
    const vm = vmOf(row, columns);
    const points = guests.get(vm) ?? [];
    guests.set(vm, points);
    addPoint(points, row, columns);
  }
  if (columns === null || guests.size === 0) {
    throw new DemandError(`line ${Math.max(line, 1)}`, "expected a row of time and memory in use, got none");
  }
  return fromEarliest(columns, named.timeUnit === undefined, guests);
}

function columnsOf(row: Row, names: readonly string[], named: DemandColumns): FoundColumns {
  try {
    return findColumns(names, named);
  } catch (error) {
    throw new DemandError(`line ${row.line}`, (error as Error).message);
  }
}

function vmOf(row: Row, { vm }: FoundColumns): string {
  if (vm === null) return "";
  const name = row.fields[vm.index];
  if (name === "") throw wrongField(row, vm.index, `expected a guest in column ${quote(vm.name)}, got nothing`);
  return name;
}

function addPoint(points: DemandPoint[], row: Row, columns: FoundColumns): void {
  const timeMs = timeOf(row, columns);
  const last = points.at(-1);
  if (last !== undefined && timeMs < last.timeMs) {
    const { index } = columns.time;
    const got = quote(row.fields[index]);
    throw wrongField(row, index, `expected a time no earlier than the row before, got ${got}`);
  }
  if (last?.timeMs === timeMs) points.pop();
  points.push({
    timeMs,
    usedPages: pagesOf(row, columns.used),
    provisionedPages: columns.provisioned === null ? null : pagesOf(row, columns.provisioned),
  });
}

function timeOf(row: Row, { time }: FoundColumns): number {
  const text = row.fields[time.index];
  const { unit } = time;
  if (unit === null) {
    const ms = dateMs(text);
    if (ms !== null) return ms;
    const expected = DECIMAL.test(text)
      ? `expected a date, or a unit in the name of column ${quote(time.name)}: ms, s, min or h`
      : `expected a date, got ${quote(text)}`;
    throw wrongField(row, time.index, expected);
  }
  const most = Number.MAX_SAFE_INTEGER;
  const ms = Number(text) * unit;
  if (DECIMAL.test(text) && ms >= 0 && ms <= most) return Math.round(ms);
  throw wrongField(row, time.index, `expected a time from 0 to ${most} ms, got ${quote(text)}`);
}

/** Reads a date, in UTC if it has no zone. It returns null for no date, or for a day or time that does not exist. */
function dateMs(text: string): number | null {
  if (!ISO_DATE.test(text)) return null;
  const day = text.slice(0, 10);
  const time = text.slice(11);
  const zone = time === "" || /Z|[+-]\d\d:?\d\d$/.test(time) ? "" : "Z";
  const ms = Date.parse(time === "" ? day : `${day}T${time}${zone}`);
  // a Date takes February 30 for a day in March
  return Number.isNaN(ms) || new Date(day).toISOString().slice(0, 10) !== day ? null : ms;
}

function pagesOf(row: Row, column: { readonly index: number; readonly unit: number | null }): number {
  const text = row.fields[column.index];
  const pages = Number(text) * (column.unit ?? 1);
  if (DECIMAL.test(text) && pages >= 0 && pages <= MAX_PAGES) return Math.floor(pages);
  throw wrongField(row, column.index, `expected memory from 0 to ${MAX_PAGES} pages, got ${quote(text)}`);
}

/** Makes dates and times since 1970 count from the earliest. All other times stay as they are. */
function fromEarliest(
  { time }: FoundColumns,
  unitByName: boolean,
  guests: ReadonlyMap<string, DemandPoint[]>,
): DemandSeries[] {
  const series = [...guests].map(([vm, points]) => ({ vm, points }));
  const earliest = series.reduce((least, { points }) => Math.min(least, points[0].timeMs), Number.POSITIVE_INFINITY);
  const misnamed = unitByName && time.name === MISNAMED_SECONDS && earliest < CLOCK_TIMES_MS;
  const unit = misnamed && 1000 * earliest >= CLOCK_TIMES_MS ? 1000 : 1;
  if (time.unit !== null && unit * earliest < CLOCK_TIMES_MS) return series;
  return series.map(({ vm, points }) => ({
    vm,
    points: points.map((point) => ({ ...point, timeMs: unit * (point.timeMs - earliest) })),
  }));
}

function wrongWidth(row: Row, width: number): DemandError {
  const { fields, separator } = row;
  const between = { ",": "commas", ";": "semicolons" }[separator] ?? "tabs";
  const problem = `expected ${width} fields, ${between} between, got ${fields.length}`;
  return wrongField(row, Math.min(fields.length, width + 1) - 1, problem);
}
