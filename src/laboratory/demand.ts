/** A demand series: how much memory a guest is to have, and when, read from CSV text. */

/** The target from `timeMs` on. */
export interface DemandPoint {
  readonly timeMs: number;
  readonly pages: number;
}

/** Text that is no demand series: where, what was expected and what came. */
export class DemandError extends Error {
  override readonly name = "DemandError";
  /** Number of the line, from 1. */
  readonly line: number;
  /** Number of the field in it, from 1. */
  readonly column: number;

  constructor(line: number, field: Pick<Field, "column" | "position">, problem: string) {
    super(`line ${line}, field ${field.column} (character ${field.position}): ${problem}`);
    this.line = line;
    this.column = field.column;
  }
}

interface Field {
  readonly column: number;
  /** Where it begins in its line, in characters from 1. */
  readonly position: number;
  readonly text: string;
}

const KIB_PER_PAGE = 4;
/** A target is a number of pages in 32 bits. */
const MAX_KIB = (2 ** 32 - 1) * KIB_PER_PAGE;
const MAX_ROWS = 1_000_000;
const DECIMAL = /^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$/;
const PASSED_OVER = /^\s*(#|$)/;
const TIME_UNITS_MS: Readonly<Record<string, number>> = { time_ms: 1, time_s: 1000 };
const DEMAND = "demand_kib";

/**
 * Reads rows of time and KiB, ascending in time. A first line `time_ms,demand_kib` or `time_s,demand_kib` says the unit
 * of time; without it, it is ms. Fields stand between commas, semicolons or tabs, the same all through, and may be
 * quoted; blank lines, and what begins with #, are passed over.
 *
 * @returns times in whole ms, rounded; demand in whole pages, cut. Of rows that fall on the same ms the last counts.
 * @throws DemandError: the first wrong line
 */
export function parseDemand(text: string): readonly DemandPoint[] {
  const points: DemandPoint[] = [];
  let separator = "";
  let unitMs = 1;
  let rows = 0;
  let before = Number.NEGATIVE_INFINITY;
  let line = 0;
  for (const lineText of linesOf(text)) {
    line++;
    if (PASSED_OVER.test(lineText)) continue;
    const first = separator === "";
    if (first) separator = /[\t;,]/.exec(lineText)?.[0] ?? ",";
    const [timeField, demandField] = twoFields(line, lineText, separator);
    if (first && /^[A-Za-z_]/.test(timeField.text)) {
      unitMs = readHeader(line, timeField, demandField);
      continue;
    }
    if (++rows > MAX_ROWS) throw new DemandError(line, timeField, `expected at most ${MAX_ROWS} rows, got more`);
    const time = readNumber(line, timeField, "a time", Math.floor(Number.MAX_SAFE_INTEGER / unitMs));
    if (time <= before) {
      throw new DemandError(line, timeField, `expected a time after ${before}, got ${show(timeField.text)}`);
    }
    before = time;
    const kib = readNumber(line, demandField, "KiB", MAX_KIB);
    const point = { timeMs: Math.round(time * unitMs), pages: Math.floor(kib / KIB_PER_PAGE) };
    if (points.at(-1)?.timeMs === point.timeMs) points.pop();
    points.push(point);
  }
  if (points.length > 0) return points;
  throw new DemandError(Math.max(line, 1), { column: 1, position: 1 }, "expected a row of time and KiB, got none");
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

function twoFields(line: number, text: string, separator: string): [Field, Field] {
  const first = text.indexOf(separator);
  if (first < 0) {
    const end = { column: 2, position: text.length + 1 };
    throw new DemandError(line, end, `expected time and KiB, ${nameOf(separator)} between, got one field`);
  }
  const second = text.indexOf(separator, first + 1);
  if (second >= 0) {
    const more = fieldOf(3, text, second + 1, text.length);
    throw new DemandError(line, more, `expected two fields, got ${text.split(separator).length}`);
  }
  return [fieldOf(1, text, 0, first), fieldOf(2, text, first + 1, text.length)];
}

function fieldOf(column: number, line: string, from: number, to: number): Field {
  const raw = line.slice(from, to);
  const text = raw.trimStart();
  return { column, position: from + 1 + raw.length - text.length, text: unquote(text.trimEnd()) };
}

function unquote(text: string): string {
  return text.startsWith('"') && text.endsWith('"') && text.length > 1 ? text.slice(1, -1).trim() : text;
}

/** The unit of time that the header names. */
function readHeader(line: number, time: Field, demand: Field): number {
  const unitMs = TIME_UNITS_MS[time.text.toLowerCase()];
  if (unitMs === undefined) {
    throw new DemandError(line, time, `expected time_ms, time_s or a number, got ${show(time.text)}`);
  }
  if (demand.text.toLowerCase() !== DEMAND) {
    throw new DemandError(line, demand, `expected ${DEMAND}, got ${show(demand.text)}`);
  }
  return unitMs;
}

function readNumber(line: number, field: Field, what: string, most: number): number {
  const value = Number(field.text);
  if (DECIMAL.test(field.text) && value >= 0 && value <= most) return value;
  throw new DemandError(line, field, `expected ${what} from 0 to ${most}, got ${show(field.text)}`);
}

function nameOf(separator: string): string {
  return { ",": "a comma", ";": "a semicolon" }[separator] ?? "a tab";
}

function show(text: string): string {
  if (text === "") return "nothing";
  return DECIMAL.test(text) ? text : JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
