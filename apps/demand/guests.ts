/** Collects the rows of a table into the demand of each guest. No row is lost without being counted. */
import { plural } from "xen-balloon/core";
import type { Column, FoundColumns, GuestColumns } from "./columns.js";
import { DemandError, quote, toldAs } from "./demand-error.js";
import { NumberReader } from "./numbers.js";
import { type Row, type Table, wrongField } from "./row.js";
import { type DemandPoint, type DemandSeries, MAX_PAGES } from "./series.js";
import { TimeReader } from "./times.js";
import { MEMORY_UNITS } from "./units.js";
import { UnnamedGuests } from "./unnamed-guests.js";

/** The most rows of a table. */
const MAX_ROWS = 1_000_000;
/** Texts of tools that stand for no figure. */
const NO_FIGURE = /^(|-|nan|null|none|na|n\/a|no limit)$/i;
const LETTER = /[a-zA-Z]$/;
const WITH_UNIT = /^(.*?[\d.,])\s*([a-zA-Z]+)$/;

/** The number of rows by what became of them. */
export interface RowCounts {
  readonly read: number;
  /** Rows that are equal in every field to an earlier one of their guest. */
  readonly equal: number;
  /** Rows without a figure of memory in use. */
  readonly empty: number;
  /** Figures that are missing in other rows, of a table with columns for each guest. */
  readonly gaps: number;
}

/** The guests of a table, and how their rows were read. */
export interface CollectedGuests {
  readonly guests: readonly DemandSeries[];
  readonly rows: RowCounts;
  /** The kind of the times, in words. */
  readonly times: string;
  /** True: the table begins with its last time. */
  readonly descends: boolean;
  /** The doubtful readings, which the author of the file may have meant otherwise, each in words. */
  readonly notes: readonly string[];
}

/** The points of one guest, in the order of the table, and the row that gave the last. */
interface Collected {
  readonly points: DemandPoint[];
  last: Row | null;
}

/** @throws DemandError: the first wrong row */
export function collectGuests(table: Table, columns: FoundColumns, mark?: "." | ","): CollectedGuests {
  const rows = () => table.rows();
  const numbers = new NumberReader(mark, columnsInUse(columns), rows);
  const times = new TimeReader(columns, numbers, rows);
  const unnamed = new UnnamedGuests(table.names, columns);
  const guests = new Map<string, Collected>();
  let [read, equal, empty, gaps, direction] = [0, 0, 0, 0, 0];
  const above: number[] = [];
  let line = table.line;
  for (const row of rows()) {
    line = row.line;
    if (++read > MAX_ROWS) throw wrongField(row, 0, `expected at most ${MAX_ROWS} rows, got more`);
    const timeMs = times.read(row);
    let [added, repeated] = [0, 0];
    for (const one of columns.guests) {
      const used = usedPages(row, one);
      const vm = vmOf(row, columns, one);
      const guest = guests.get(vm) ?? { points: [], last: null };
      guests.set(vm, guest);
      if (used === null) continue;
      const before = guest.points.at(-1);
      if (before?.timeMs === timeMs) {
        refuseOther(table.names, guest.last as Row, row, columns, one);
        repeated++;
        continue;
      }
      const later = before === undefined ? 0 : Math.sign(timeMs - before.timeMs);
      direction ||= later;
      if (later !== 0 && later !== direction) throw wrongOrder(row, columns, direction);
      const sold = provisionedPages(row, one);
      if (sold !== null && used > sold) {
        refuseNoneSold(sold, row, one);
        above.push(row.line);
      }
      guest.points.push({ timeMs, usedPages: used, provisionedPages: sold });
      guest.last = row;
      added++;
    }
    unnamed.see(row);
    if (added === 0 && repeated > 0) equal++;
    else if (added === 0) empty++;
    else gaps += columns.guests.length - added - repeated;
  }
  const descends = direction < 0;
  const series = [...guests].map(([vm, { points }]) => ({ vm, points: descends ? points.reverse() : points }));
  refuseNone(series, line);
  refuseNumbers(series, columns, table.line);
  return {
    guests: times.fromEarliest ? fromEarliest(series) : series,
    rows: { read, equal, empty, gaps },
    times: times.says,
    descends,
    notes: [...(table.notes?.() ?? []), ...noteAbove(above), ...numbers.notes(), ...unnamed.notes()],
  };

  /** @returns null where the row has no figure. */
  function usedPages(row: Row, { used, total }: GuestColumns): number | null {
    const pages = pagesOf(row, used);
    if (total === null || pages === null) return pages === null ? null : Math.floor(pages);
    const all = pagesOf(row, total);
    if (all === null) return null;
    if (all >= pages) return Math.floor(all - pages);
    throw wrongField(row, used.index, `expected at most what column ${quote(total.name)} has, got more`);
  }

  function provisionedPages(row: Row, { provisioned }: GuestColumns): number | null {
    const pages = provisioned === null ? null : pagesOf(row, provisioned);
    return pages === null ? null : Math.floor(pages);
  }

  function pagesOf(row: Row, { index, name, unit }: Column): number | null {
    const text = row.fields[index];
    if (NO_FIGURE.test(text)) return null;
    const [, figure, spelling] = LETTER.test(text) ? (WITH_UNIT.exec(text) ?? []) : [];
    const own = spelling === undefined ? undefined : MEMORY_UNITS.spelled.get(spelling.toLowerCase());
    const isOwn = own !== undefined && (unit === null || unit.worth === own.worth);
    const worth = isOwn ? own.worth : unit?.worth;
    const number = isOwn ? figure : text;
    if (worth === undefined) {
      const problem = `expected a unit in the name of column ${quote(name)}, or ${toldAs("usedUnit")}`;
      throw wrongField(row, index, `${problem}: ${MEMORY_UNITS.names.join(", ")}; got ${quote(text)}`);
    }
    const pages = numbers.read(number, row, index) * worth;
    if (pages >= 0 && pages <= MAX_PAGES) return pages;
    throw wrongField(row, index, `expected memory from 0 to ${MAX_PAGES} pages, got ${quote(text)}`);
  }
}

function columnsInUse({ time, guests }: FoundColumns): readonly number[] {
  const figures = guests.flatMap(({ used, total, provisioned }) => [used, total, provisioned]);
  return [...new Set([time, ...figures].flatMap((column) => (column === null ? [] : [column.index])))];
}

function vmOf(row: Row, { vm }: FoundColumns, one: GuestColumns): string {
  if (vm === null) return one.vm;
  const name = row.fields[vm.index];
  if (name === "") throw wrongField(row, vm.index, `expected a guest in column ${quote(vm.name)}, got nothing`);
  return one.vm === "" ? name : `${name} ${one.vm}`;
}

/** Refuses memory in use where none is sold: the figure is missing. */
function refuseNoneSold(sold: number, row: Row, { used, provisioned }: GuestColumns): void {
  if (sold > 0 || provisioned === null) return;
  const problem = `expected memory that is sold, because column ${quote(used.name)} has ${quote(row.fields[used.index])} in use`;
  throw wrongField(row, provisioned.index, `${problem}, got ${quote(row.fields[provisioned.index])}`);
}

/** @param lines - of the figures of memory in use that are above what is sold. */
function noteAbove(lines: readonly number[]): readonly string[] {
  return lines.length === 0
    ? []
    : [`more in use than is sold in ${plural(lines.length, "figure")}, first in line ${lines[0]}`];
}

/** Refuses two rows of one guest at one time, unless they are equal. */
function refuseOther(
  names: readonly string[],
  before: Row,
  row: Row,
  { time, vm, vmGiven }: FoundColumns,
  { used }: GuestColumns,
): void {
  const apart = row.fields.flatMap((field, i) => (field === before.fields[i] ? [] : [i]));
  if (apart.length === 0) return;
  const others = apart.filter((i) => i !== time.index && i !== used.index);
  const [which = used.index] = others;
  const told = `column ${quote(names[which])} has ${quote(before.fields[which])} there and ${quote(row.fields[which])} here`;
  const more =
    others.length > 1
      ? `, and ${others
          .slice(1)
          .map((i) => quote(names[i]))
          .join(", ")} differ, too`
      : "";
  const guest =
    others.length > 0 && (vm === null || !vmGiven) ? `; one that names the guest is given ${toldAs("vm")}` : "";
  const problem = `expected one row at a time, got two, of which the other is in line ${before.line}`;
  throw wrongField(row, which, `${problem}: ${told}${more}${guest}`);
}

function wrongOrder(row: Row, { time, vm }: FoundColumns, direction: number): DemandError {
  const order = direction > 0 ? "no earlier than the row before" : "no later than the row before, as the rows above it";
  const guests = vm === null ? `. Where it begins another guest, the column of its name is given ${toldAs("vm")}` : "";
  return wrongField(row, time.index, `expected a time ${order}, got ${quote(row.fields[time.index])}${guests}`);
}

function refuseNone(series: readonly DemandSeries[], line: number): void {
  if (series.length === 0 || series.every(({ points }) => points.length === 0)) {
    throw new DemandError(`line ${Math.max(line, 1)}`, "expected a row of time and memory in use, got none");
  }
  const none = series.find(({ points }) => points.length === 0);
  if (none !== undefined)
    throw new DemandError(`guest ${quote(none.vm)}`, "expected a figure of memory in use, got none");
}

/** Refuses a column of row numbers that was taken for one of guests: every guest has one row, each at its own time. */
function refuseNumbers(series: readonly DemandSeries[], { vm, vmGiven }: FoundColumns, line: number): void {
  if (vm === null || vmGiven || series.length < 2 || series.some(({ points }) => points.length > 1)) return;
  const times = new Set(series.map(({ points }) => points[0].timeMs));
  if (times.size < series.length) return;
  const problem = `column ${quote(vm.name)} has another value in every row: expected one of guests, ${toldAs("vm")}`;
  throw new DemandError(`line ${line}`, problem);
}

function fromEarliest(series: readonly DemandSeries[]): DemandSeries[] {
  const earliest = series.reduce((least, { points }) => Math.min(least, points[0].timeMs), Number.POSITIVE_INFINITY);
  return series.map(({ vm, points }) => ({
    vm,
    points: points.map((point) => ({ ...point, timeMs: point.timeMs - earliest })),
  }));
}
