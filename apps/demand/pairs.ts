/** Reads the output of virsh dommemstat, once or in a loop: a line for each figure, of which one is the time. */
import { DemandError, quote } from "./demand-error.js";
import { linesOf, type Row, type Table } from "./row.js";

const TIME = "last_update";
const PAIR = /^\s*([a-z_]+)\s+(-?\d+)\s*$/;
const NAMES = [TIME, "available", "usable", "unused"];

/**
 * Makes a table with a row for each block of figures. A block ends where a figure comes again.
 *
 * @throws DemandError: a line that is no figure, a block without its time
 */
export function pairsTable(text: string): Table {
  const [first] = blocksOf(text);
  const names = NAMES.filter((name) => first.figures.has(name));
  return {
    names,
    line: first.line,
    named: true,
    *rows() {
      for (const { line, text: block, figures } of blocksOf(text)) {
        const missing = names.find((name) => !figures.has(name));
        if (missing !== undefined) {
          throw new DemandError(`line ${line}`, `virsh dommemstat: expected a line ${missing} in the block, got none`);
        }
        yield { line, text: block, fields: names.map((name) => figures.get(name) ?? "") };
      }
    },
  };
}

function* blocksOf(text: string): Generator<Omit<Row, "fields"> & { figures: ReadonlyMap<string, string> }> {
  let figures = new Map<string, string>();
  let [line, first] = [0, 1];
  for (const lineText of linesOf(text)) {
    line++;
    if (lineText.trim() === "") continue;
    const [, name, value] = PAIR.exec(lineText) ?? [];
    if (name === undefined) {
      throw new DemandError(`line ${line}`, `virsh dommemstat: expected a name and a number, got ${quote(lineText)}`);
    }
    if (figures.has(name)) {
      yield { line: first, text: "", figures };
      figures = new Map();
    }
    if (figures.size === 0) first = line;
    figures.set(name, value);
  }
  yield { line: first, text: "", figures };
}
