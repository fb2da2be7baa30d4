/** Reads samples of a tool that writes no time, with a line of time before each, such as `date` writes. */
import { DemandError, quote } from "./demand-error.js";
import { linesOf, type Row, type Table, wrongField } from "./row.js";

/** The name of the column of the times before the samples. */
export const SAMPLED_AT = "sampled at";

/** Epoch seconds, an ISO date, or what `date` writes. */
const TIME_LINE = /^(\d{9,}(\.\d+)?|\d{4}-\d\d-\d\d[T ].*|[A-Z][a-z]{2},? .*\d\d:\d\d:\d\d.*)$/;

/**
 * Makes a table of samples that each have a line of names and a line for each domain. Only a domain's name, which is
 * first, may have spaces.
 *
 * @param tool - its name and arguments.
 * @throws DemandError: a sample without a time, a row that does not fit the names
 */
export function sampledTable(text: string, tool: string, isHeader: (line: string) => boolean): Table {
  let [line, names]: [number, readonly string[]] = [0, []];
  for (const lineText of linesOf(text)) {
    line++;
    if (!isHeader(lineText)) continue;
    names = [SAMPLED_AT, ...lineText.trim().split(/\s+/)];
    break;
  }
  return { names, line, named: true, rows: () => rowsOf(text, tool, names, isHeader) };
}

function* rowsOf(
  text: string,
  tool: string,
  names: readonly string[],
  isHeader: (line: string) => boolean,
): Generator<Row> {
  let line = 0;
  let [next, time]: (string | null)[] = [null, null];
  for (const lineText of linesOf(text)) {
    line++;
    const trimmed = lineText.trim();
    if (trimmed === "") continue;
    if (TIME_LINE.test(trimmed)) {
      next = trimmed;
    } else if (isHeader(lineText)) {
      if (next === null) {
        const loop = `while sleep 10; do date +%s; ${tool}; done`;
        throw new DemandError(`line ${line}`, `${tool} writes no time: expected one before each sample, as by ${loop}`);
      }
      [time, next] = [next, null];
    } else {
      const row = { line, text: lineText, fields: [time ?? "", ...cellsOf(trimmed, names.length - 1)] };
      if (time === null || row.fields.length !== names.length) {
        const problem = `${tool}: expected a time, names of columns or ${names.length - 1} fields, got ${quote(trimmed)}`;
        throw wrongField(row, 0, problem);
      }
      yield row;
    }
  }
}

function cellsOf(line: string, width: number): string[] {
  const cells = line.replace("no limit", "no-limit").split(/\s+/);
  const name = cells.splice(0, cells.length - width + 1).join(" ");
  return cells.length < width - 1 ? cells : [name, ...cells.map((cell) => (cell === "no-limit" ? "no limit" : cell))];
}
