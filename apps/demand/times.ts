/** Reads the times of a table: counts of a unit, times since 1970, or dates; in one column, or date and time in two. */
import type { FoundColumns } from "./columns.js";
import { quote, toldAs } from "./demand-error.js";
import type { NumberReader } from "./numbers.js";
import { type Row, wrongField } from "./row.js";
import { TIME_UNITS, type Unit, unitOf } from "./units.js";

/** The years 2001 and 2286, in s since 1970: within them a count tells its unit by its size. */
const CLOCK_TIMES_S = [1e9, 1e10] as const;
/** A year from 2020 to 2099 in two digits, month, day, hour and minute; or seconds since 1970 after 2033. */
const DATE_OF_DIGITS = /^[2-9]\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])([01]\d|2[0-3])[0-5]\d$/;
const DAY_MS = 86_400_000;
const MOST_MS = Number.MAX_SAFE_INTEGER;

const ZONE = String.raw`\s*(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?`;
const CLOCK = String.raw`(\d\d?):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?\s*([AaPp][Mm])?`;
const DATE = String.raw`(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})`;
const NUMERIC_DATE = new RegExp(`^${DATE}(?:[T\\s]+${CLOCK}${ZONE})?$`);
const CLOCK_ONLY = new RegExp(`^${CLOCK}$`);
/** Dates of the command `date` and of mail: `Mon May  1 00:00:00 UTC 2023`, `Mon, 01 May 2023 00:00:00 +0000`. */
const WORDED_DATE = new RegExp(
  String.raw`^[A-Z][a-z]{2},?\s+(?:([A-Z][a-z]{2})\s+(\d\d?)|(\d\d?)\s+([A-Z][a-z]{2})\s+(\d{4}))\s+${CLOCK}${ZONE}(?:\s+(\d{4}))?$`,
);
const MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

/** The order of the parts of a date such as 05/01/2023. */
type Order = "month first" | "day first";

/** Reads the time of each row. */
export class TimeReader {
  readonly #columns: FoundColumns;
  readonly #numbers: NumberReader;
  readonly #rows: () => Iterable<Row>;
  #unit: Unit | null;
  #begun = false;
  #order: Order | null = null;
  #zone: boolean | null = null;
  /** True: the times count from 1970 or are dates, and the earliest becomes 0. */
  fromEarliest = false;

  /** @param rows - yields all rows, for the search for a date that tells the day from the month. */
  constructor(columns: FoundColumns, numbers: NumberReader, rows: () => Iterable<Row>) {
    this.#columns = columns;
    this.#numbers = numbers;
    this.#rows = rows;
    this.#unit = columns.time.unit;
  }

  /** The kind of the times, in words; known once a time was read. */
  get says(): string {
    if (this.#unit === null) return `dates${this.#zone ? "" : " without a zone"}`;
    return `${this.#unit.name}${this.fromEarliest ? " since 1970" : ""}`;
  }

  /**
   * @returns whole ms, rounded.
   * @throws DemandError: text that is no time, or of which the unit, the day or the zone cannot be known
   */
  read(row: Row): number {
    const { time } = this.#columns;
    const text = row.fields[time.index];
    if (!this.#begun) this.#begin(text, row);
    return this.#unit === null ? this.#dateOf(text, row) : this.#countOf(text, row, this.#unit);
  }

  /** Finds out of the first time whether there are counts, of which unit, or dates. */
  #begin(text: string, row: Row): void {
    const { time, timeUnitByName } = this.#columns;
    const count = /^\d+([.,]\d+)?([eE]\+?\d+)?$/.test(text) ? Number(text.replace(",", ".")) : null;
    const bySize = count === null ? null : unitBySize(count);
    this.#begun = true;
    if (this.#unit === null) {
      if (count !== null && bySize === null) {
        const problem = `expected a date, or a unit in the name of column ${quote(time.name)}, or ${toldAs("timeUnit")}`;
        throw wrongField(row, time.index, `${problem}: ${TIME_UNITS.names.join(", ")}; got ${text}`);
      }
      if (DATE_OF_DIGITS.test(text)) {
        const problem = `expected the unit of ${text} ${toldAs("timeUnit")}, or a date with a year of four digits`;
        throw wrongField(row, time.index, `${problem}, because it may be a count since 1970 or a date`);
      }
      this.#unit = bySize;
    } else if (count !== null && bySize !== null && contradicts(count, this.#unit, bySize, timeUnitByName)) {
      const problem = `column ${quote(time.name)} is in ${this.#unit.name}, and ${text} is a time in ${bySize.name}`;
      throw wrongField(row, time.index, `${problem} since 1970: expected the unit ${toldAs("timeUnit")}`);
    }
    this.fromEarliest = this.#unit === null || (count !== null && secondsOf(count, this.#unit) >= CLOCK_TIMES_S[0]);
  }

  #countOf(text: string, row: Row, unit: Unit): number {
    const { index } = this.#columns.time;
    const count = this.#numbers.read(text, row, index);
    const ms = count * unit.worth;
    if (!(ms >= 0 && ms <= MOST_MS)) {
      throw wrongField(row, index, `expected a time from 0 to ${MOST_MS} ms, got ${quote(text)}`);
    }
    const seconds = secondsOf(count, unit);
    const [from, to] = CLOCK_TIMES_S;
    if (this.fromEarliest ? seconds >= from && seconds < to : seconds < from) return Math.round(ms);
    const expected = this.fromEarliest
      ? "since 1970, of the years 2001 to 2286,"
      : "less than 30 years from the first,";
    throw wrongField(row, index, `expected a time in ${unit.name} ${expected} as in the first row, got ${quote(text)}`);
  }

  #dateOf(text: string, row: Row): number {
    const { time, hour } = this.#columns;
    const whole = hour === null ? text : `${text} ${clockOf(row.fields[hour.index])}`;
    const ms = this.#numericDate(whole, row) ?? this.#wordedDate(whole, row);
    if (ms !== null) return ms + (row.daysLater ?? 0) * DAY_MS;
    const alone = CLOCK_ONLY.test(text) ? "expected a date beside the time of day" : "expected a date";
    const got = hour === null ? quote(text) : `${quote(text)} and ${quote(row.fields[hour.index])}`;
    throw wrongField(row, time.index, `${alone}, got ${got}`);
  }

  #numericDate(text: string, row: Row): number | null {
    const found = NUMERIC_DATE.exec(text);
    if (found === null) return null;
    const [, a, mark, b, c] = found;
    const clock = clockMs(found.slice(5, 10));
    if (clock === null) return null;
    const zone = this.#zoneMs(found[10], row);
    if (a.length < 3 && c.length < 3 && mark !== ".") {
      throw wrongField(row, this.#columns.time.index, `expected a year of four digits, got ${quote(text)}`);
    }
    if (a.length > 2) return msOf(Number(a), Number(b), Number(c), clock - zone);
    const year = c.length === 2 ? 2000 + Number(c) : Number(c);
    const monthFirst = mark !== "." && this.#orderOf(row) === "month first";
    const [month, day] = monthFirst ? [a, b] : [b, a];
    return msOf(year, Number(month), Number(day), clock - zone);
  }

  #wordedDate(text: string, row: Row): number | null {
    const found = WORDED_DATE.exec(text);
    if (found === null) return null;
    const [, monthA, dayA, dayB, monthB, yearB] = found;
    const clock = clockMs(found.slice(6, 11));
    const month = MONTHS.indexOf(monthA ?? monthB) / 3 + 1;
    if (clock === null || !Number.isInteger(month) || (yearB ?? found[12]) === undefined) return null;
    const zone = this.#zoneMs(found[11], row);
    return msOf(Number(yearB ?? found[12]), month, Number(dayA ?? dayB), clock - zone);
  }

  /** Converts a zone to ms. A table has one on every date or on none: without one, how far apart they are is not known. */
  #zoneMs(zone: string | undefined, row: Row): number {
    const has = zone !== undefined;
    this.#zone ??= has;
    if (has !== this.#zone) {
      const expected = this.#zone ? "a zone, as in the rows before" : "no zone, as in the rows before";
      throw wrongField(
        row,
        this.#columns.time.index,
        `expected ${expected}, got ${quote(row.fields[this.#columns.time.index])}`,
      );
    }
    const [, sign, hours, minutes = "0"] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone ?? "") ?? [];
    if (sign === undefined) return 0;
    return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  }

  /** Finds the order of day and month, which any date with a day above 12 proves. One date alone may have either. */
  #orderOf(row: Row): Order {
    if (this.#order !== null) return this.#order;
    const { index } = this.#columns.time;
    const dates = new Set<string>();
    for (const { fields } of this.#rows()) {
      const [, a, , b] = NUMERIC_DATE.exec(fields[index]) ?? [];
      if (Number(a) > 12) this.#order = "day first";
      else if (Number(b) > 12) this.#order = "month first";
      if (this.#order !== null) return this.#order;
      dates.add(fields[index].split(/[T\s]/)[0]);
    }
    if (dates.size === 1) {
      this.#order = "month first";
      return this.#order;
    }
    const got = quote(row.fields[index]);
    throw wrongField(row, index, `expected dates that tell the day from the month, such as 2023-05-01, got ${got}`);
  }
}

/**
 * Tells whether times since 1970 are not in their unit. Where the unit was given, days in ms may be as many as seconds
 * since 1970, and no time is after 2286.
 */
function contradicts(count: number, unit: Unit, bySize: Unit, byName: boolean): boolean {
  return unit.name !== bySize.name && (byName || secondsOf(count, unit) >= CLOCK_TIMES_S[1]);
}

function secondsOf(count: number, unit: Unit): number {
  return (count * unit.worth) / 1000;
}

/** Finds the unit of a count since 1970; null for a count that is none. */
function unitBySize(count: number): Unit | null {
  for (const name of ["s", "ms", "us", "ns"]) {
    const unit = unitOf(TIME_UNITS, name);
    const seconds = secondsOf(count, unit);
    if (seconds >= CLOCK_TIMES_S[0] && seconds < CLOCK_TIMES_S[1]) return unit;
  }
  return null;
}

/** Writes an hour that is a number as a time of day. */
function clockOf(text: string): string {
  return /^\d{1,2}$/.test(text) ? `${text}:00` : text;
}

/** @returns the ms since midnight of a time of day such as 12:10:01 AM; null for another text. */
export function msOfDay(text: string): number | null {
  const found = CLOCK_ONLY.exec(text);
  return found === null ? null : clockMs(found.slice(1, 6));
}

/** @param parts - hours, minutes, seconds, their fraction, and AM or PM. */
function clockMs([hours, minutes, seconds, fraction, half]: readonly (string | undefined)[]): number | null {
  if (hours === undefined) return 0;
  let hour = Number(hours);
  if (half !== undefined) {
    if (hour < 1 || hour > 12) return null;
    hour = (hour % 12) + (half.toLowerCase() === "pm" ? 12 : 0);
  }
  if (hour > 23 || Number(minutes) > 59 || Number(seconds ?? 0) > 59) return null;
  return hour * 3_600_000 + Number(minutes) * 60_000 + Number(`${seconds ?? 0}.${fraction ?? 0}`) * 1000;
}

/** Returns null for a day that does not exist. */
function msOf(year: number, month: number, day: number, ms: number): number | null {
  if (year < 1000 || month < 1 || month > 12) return null;
  const midnight = Date.UTC(year, month - 1, day);
  // a Date takes February 30 for a day in March
  return new Date(midnight).getUTCDate() === day && day > 0 ? Math.round(midnight + ms) : null;
}
