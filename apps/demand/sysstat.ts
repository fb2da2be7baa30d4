/** Reads the memory report of sysstat: the output of sadf -d, and of sar -r. Other reports of a file are passed over. */
import { DemandError, quote } from "./demand-error.js";
import { linesOf, type Row, type Table, wrongField } from "./row.js";
import { msOfDay } from "./times.js";

/** The column of the memory in use; a report without it is of something else. */
export const USED = "kbmemused";

/** A line of either output: the names of a report, a row of one, or null for a line that is neither. */
type Line =
  | { readonly names: readonly string[] }
  | { readonly fields: readonly string[]; readonly daysLater?: number }
  | null;

/** The memory that a kernel gives up when it is asked. Some versions of sysstat count it as memory in use. */
const CACHES = ["kbbuffers", "kbcached"];
/** The most by which %memused may differ from used / (used + free) where "used" means all memory that is not free. */
const PERCENT_ROUNDING = 0.011;
const HALF_DAY_MS = 43_200_000;

/** @throws DemandError: no report is of memory */
export function sadfTable(text: string): Table {
  return tableOf(text, "sadf -d -- -r", () => (line) => {
    const fields = line.replace(/^\s*#\s*/, "").split(";");
    if (fields[0] === "hostname" && fields[1] === "interval") return { names: fields };
    // a start of the system, or a comment: hostname;-1;timestamp;LINUX-RESTART (4 CPU)
    if (line.startsWith("#") || /^(LINUX-RESTART|COM )/.test(fields[3] ?? "")) return null;
    return { fields };
  });
}

/** @throws DemandError: no report is of memory */
export function sarTable(text: string): Table {
  return tableOf(text, "sar -r", () => {
    let [host, date] = ["", ""];
    let [daysLater, beforeMs] = [0, 0];
    return (line, number) => {
      const banner = /^Linux \S+ \((.*?)\)\s+(\S+)/.exec(line);
      if (banner !== null) {
        host = banner[1];
        // LC_ALL=C writes a year of two digits, last
        date = banner[2].replace(/^(?<day>\d\d\/\d\d\/)(?<year>\d\d)$/, "$<day>20$<year>");
        [daysLater, beforeMs] = [0, 0];
        return null;
      }
      const [, time, rest] = /^(\d\d:\d\d:\d\d(?: [AP]M)?)\s+(.*)$/.exec(line) ?? [];
      // the averages at the end
      if (time === undefined && /^\S+\s*:\s/.test(line)) return null;
      if (time === undefined) {
        const problem = "expected a time such as 12:10:01 or 12:10:01 AM, as sar -r writes with LC_ALL=C";
        throw new DemandError(`line ${number}`, `sar -r: ${problem}, got ${quote(line.trim())}`);
      }
      const cells = rest.trim().split(/\s+/);
      if (cells[0] === "LINUX" || cells[0] === "COM") return null;
      // the date is that of the first row; a clock that was set back is set back by less
      const ms = msOfDay(time) ?? beforeMs;
      if (ms < beforeMs - HALF_DAY_MS) daysLater++;
      beforeMs = ms;
      const values = [host, date, time, ...cells];
      return /^-?[\d.]/.test(cells[0])
        ? { fields: values, daysLater }
        : { names: ["hostname", "date", "time", ...cells] };
    };
  });
}

/**
 * Takes the page cache off the memory in use.
 *
 * @throws DemandError: the report does not tell the cache
 */
function withoutCache(names: readonly string[], row: Row): Row {
  const kib = CACHES.reduce((rest, name) => rest - figureOf(names, row, name), figureOf(names, row, USED));
  const index = names.indexOf(USED);
  if (kib >= 0) return { ...row, fields: row.fields.with(index, String(kib)) };
  const problem = `${USED} holds the page cache, as %memused tells: expected ${CACHES.join(" and ")} beside it, no more in all`;
  throw wrongField(row, index, `${problem} than ${quote(row.fields[index])}`);
}

/** @returns NaN where there is no such column, or no figure in it. */
function figureOf(names: readonly string[], row: Row, name: string): number {
  return Number(row.fields[names.indexOf(name)]?.replace(",", "."));
}

/** @param reader - makes a function that tells what a line is, of the lines of a text one after the other. */
function tableOf(text: string, name: string, reader: () => (line: string, number: number) => Line): Table {
  let [first, names]: [number, readonly string[]] = [0, []];
  for (const { number, names: found } of reports()) {
    if (!found.includes(USED)) continue;
    [first, names] = [number, found];
    break;
  }
  if (first === 0) throw new DemandError("line 1", `expected the memory report of ${name}, with ${USED}, got another`);
  return {
    names,
    line: first,
    named: true,
    notes: () =>
      holdsCache() ? [`${USED} less ${CACHES.join(" and ")}, which this version of sysstat counts in`] : [],
    *rows() {
      const holds = holdsCache();
      for (const { names: found, row } of reports()) {
        if (row === null || !found.includes(USED)) continue;
        if (found.join() !== names.join()) {
          throw new DemandError(`line ${row.line}`, `${name}: expected the columns of line ${first}, got others`);
        }
        if (row.fields.length !== names.length) {
          const problem = `${name}: expected ${names.length} fields, got ${row.fields.length}`;
          throw wrongField(row, Math.min(row.fields.length, names.length + 1) - 1, problem);
        }
        yield holds ? withoutCache(names, row) : row;
      }
    },
  };

  /** Tells out of the first row whether the memory in use holds the page cache. */
  function holdsCache(): boolean {
    for (const { names: found, row } of reports()) {
      if (row === null || !found.includes(USED)) continue;
      const [used, free, percent] = [USED, "kbmemfree", "%memused"].map((name) => figureOf(found, row, name));
      return Math.abs((100 * used) / (used + free) - percent) < PERCENT_ROUNDING;
    }
    return false;
  }

  /** Yields the names of each report, and its rows. */
  function* reports(): Generator<{ number: number; names: readonly string[]; row: Row | null }> {
    const tell = reader();
    let current: readonly string[] = [];
    let number = 0;
    for (const line of linesOf(text)) {
      number++;
      const told = line.trim() === "" ? null : tell(line, number);
      if (told === null) continue;
      if ("names" in told) current = told.names;
      else if (current.length === 0) {
        throw new DemandError(`line ${number}`, `${name}: expected the names of columns first, got a row`);
      }
      yield { number, names: current, row: "names" in told ? null : { line: number, text: line, ...told } };
    }
  }
}
