/** Reads a demand file: recognises its format, finds its columns, collects its guests, and says how it did. */
import { messageOf } from "xen-balloon/core";
import { type DemandColumns, type FormatColumns, type FoundColumns, findColumns } from "./columns.js";
import { type Contradiction, columnsOfJson, contradictionsOf } from "./contradictions.js";
import { delimitedTable } from "./delimited.js";
import { DemandError } from "./demand-error.js";
import { FORMATS, type Format, UNREAD_FORMATS } from "./formats.js";
import { collectGuests } from "./guests.js";
import { sayReading, sayTraces } from "./reading.js";
import type { Table } from "./row.js";
import type { DemandSeries } from "./series.js";
import { readTraces } from "./traces.js";

/** A demand that was read. */
export interface Demand {
  /** One or more. */
  readonly guests: readonly DemandSeries[];
  /** How it was read, in one line: columns, units, guests, rows, span and step. */
  readonly reading: string;
  /** The given columns that contradict the file, in words. */
  readonly contradictions: readonly Contradiction[];
}

/** The format of a table that no tool claims. */
const TABLE: Format = { name: "table", begins: /(?:)/, columns: {} };
/** The part of a text in which a format is recognised. */
const HEAD_CHARACTERS = 8192;
const HEADLESS = ["time", "used"];

/**
 * Reads a demand file. JSON begins with a brace or a bracket; any other text is a table or the output of a tool.
 *
 * @param given - columns of a table that cannot be detected from their names.
 * @returns times in whole ms, rounded; dates and times since 1970 count from the earliest. Whole pages, rounded down.
 * @throws DemandError: the first wrong line, or what is missing
 */
export function readDemand(text: string, given: DemandColumns = {}): Demand {
  refuseEncoding(text);
  // a byte-order mark counts as a space
  const begun = text.trimStart();
  if (/^[{[]/.test(begun)) {
    const guests = readTraces(begun);
    return { guests, reading: sayTraces(guests), contradictions: columnsOfJson(given) };
  }
  const format = formatOf(begun.slice(0, HEAD_CHARACTERS));
  const merged = { ...format.columns, ...given };
  const table = format.table?.(text) ?? delimitedTable(text, HEADLESS);
  const columns = columnsOf(format, table, merged);
  const collected = collectGuests(table, columns, merged.decimal);
  const cut = text.endsWith("\n") ? "" : "; the last line has no line end, and may be cut";
  return {
    guests: collected.guests,
    reading: sayReading(format.name, columns, collected) + cut,
    contradictions: contradictionsOf(given, columns),
  };
}

/** Refuses text that was not UTF-8: names of guests would become alike. */
function refuseEncoding(text: string): void {
  if (text.includes("\0")) throw new DemandError("line 1", "expected UTF-8, got UTF-16 or a file that is no text");
  const at = text.indexOf("\ufffd");
  if (at < 0) return;
  const line = text.slice(0, at).split("\n").length;
  throw new DemandError(`line ${line}`, "expected UTF-8, got bytes of another encoding: iconv -t UTF-8 converts them");
}

/** @throws DemandError: a format that is known and not read */
function formatOf(head: string): Format {
  const format = FORMATS.find(({ begins }) => begins.test(head));
  if (format !== undefined) return format;
  const unread = UNREAD_FORMATS.find(({ begins }) => begins.test(head));
  if (unread === undefined) return TABLE;
  throw new DemandError("line 1", `the output of ${unread.name} is not read: ${unread.convert}`);
}

function columnsOf({ name, asksUsed }: Format, { names, line, named }: Table, given: FormatColumns): FoundColumns {
  const place = `line ${line}`;
  if (!named && given.usedUnit === undefined) {
    const problem = "expected names of columns such as time_s,used_mib in the first line, or timeUnit and usedUnit";
    throw new DemandError(place, `${problem} in the columns of a study, got none`);
  }
  if (asksUsed !== undefined && given.used === undefined) throw new DemandError(place, `${name}: ${asksUsed}`);
  try {
    return findColumns(names, given);
  } catch (error) {
    throw new DemandError(place, `${name === TABLE.name ? "" : `${name}: `}${messageOf(error)}`);
  }
}
