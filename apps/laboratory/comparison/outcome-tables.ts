/** Shows what came out of A and of B as tables: figures, operations, or times. */
import { grouped, plural } from "xen-balloon/core";
import type { SampleEstimate } from "../../study/statistics.js";
import { figureRows, type OperationRow, type Outcomes, operationRows } from "./outcome.js";
import { type Both, both, NAMES, SIDES } from "./side.js";
import { rowsOf, type Timed, type TimedRow } from "./timing.js";

/** More operations are not read by anyone; the study has them all. */
const MOST_OPERATIONS = 200;
const UNKNOWN = "–";

/** @param told - what each side has of what differs. */
export function behaviourTables(runs: Outcomes, told: Both<string>): HTMLElement[] {
  const figures = tableOf("What came out", ["Figure", ...heads(told), "B − A"]);
  for (const { name, texts, difference, differs } of figureRows(runs)) {
    addRow(figures, name, [texts.a, texts.b, difference], differs);
  }
  const all = operationRows(runs);
  const differing = all.filter(({ differs }) => differs);
  if (all.length === 0) return [figures];
  const shown = all.length <= MOST_OPERATIONS ? all : differing.slice(0, MOST_OPERATIONS);
  const operations = tableOf(captionOf(all, differing, shown), ["Operation", ...heads(told)]);
  for (const { number, text, came, differs } of shown) {
    addRow(operations, `${grouped(number)}  ${text}`, [came.a, came.b], differs);
  }
  return [figures, operations];
}

function captionOf(
  all: readonly OperationRow[],
  differing: readonly OperationRow[],
  shown: readonly OperationRow[],
): string {
  const count = `${grouped(differing.length)} of ${plural(all.length, "operation")} came out otherwise`;
  if (shown.length === all.length) return `What came of it: ${count}`;
  const rest = differing.length > shown.length ? `, of which the first ${grouped(shown.length)} are here` : "";
  return `What came of it: ${count}${rest}`;
}

/** @param note - on what was measured, and where. */
export function timeTables(sides: Both<Timed | null>, told: Both<string>, note: string): HTMLElement[] {
  const table = tableOf(note, ["Time", ...heads(told), "B ÷ A"]);
  const { run, page } = rowsOf(sides);
  addTimes(table, "of the operations", run);
  addTimes(table, "a page moved", page);
  const counts = both((side) => {
    const timed = sides[side];
    if (timed === null) return UNKNOWN;
    const { pages, calls, guests, samplesNs } = timed;
    return `${plural(pages, "page")} in ${plural(calls, "memory_op call")}; ${plural(samplesNs.length, "sample")} of ${plural(guests, "guest")}`;
  });
  addRow(table, "in a run", [counts.a, counts.b, ""], false);
  return [table];
}

/** Marked where the interval of the ratio leaves 1 out. */
function addTimes(table: HTMLTableElement, name: string, { figures, ratio }: TimedRow): void {
  const times = SIDES.map((side) => (figures[side] === null ? UNKNOWN : nsText(figures[side])));
  const differs = ratio !== null && (ratio.low > 1 || ratio.high < 1);
  addRow(table, name, [...times, ratio === null ? UNKNOWN : `${estimateText(ratio)} ×`], differs);
}

const UNITS = [
  ["ns", 1],
  ["µs", 1e3],
  ["ms", 1e6],
  ["s", 1e9],
] as const;

/** `24.1 [23.8, 24.9] µs` */
function nsText({ value, low, high, n }: SampleEstimate): string {
  const [unit, ns] = UNITS.findLast(([, least]) => value >= least) ?? UNITS[0];
  return `${estimateText({ value: value / ns, low: low / ns, high: high / ns, n })} ${unit}`;
}

/** `24.1 [23.8, 24.9]`, with as many digits as the interval bears. */
function estimateText({ value, low, high }: SampleEstimate): string {
  const width = Math.max(high - low, value * 1e-3);
  const decimals = Math.max(0, Math.min(3, 1 - Math.floor(Math.log10(width))));
  return `${value.toFixed(decimals)} [${low.toFixed(decimals)}, ${high.toFixed(decimals)}]`;
}

function heads(told: Both<string>): string[] {
  return SIDES.map((side) => (told[side] === "" ? NAMES[side] : `${NAMES[side]}: ${told[side]}`));
}

function tableOf(caption: string, columns: readonly string[]): HTMLTableElement {
  const table = document.createElement("table");
  table.createCaption().textContent = caption;
  const head = table.createTHead().insertRow();
  head.append(...columns.map((text) => headCell("col", text)));
  table.createTBody();
  return table;
}

function addRow(table: HTMLTableElement, name: string, cells: readonly string[], differs: boolean): void {
  const row = table.tBodies[0].insertRow();
  row.classList.toggle("differs", differs);
  row.append(headCell("row", name));
  for (const text of cells) row.insertCell().textContent = text;
}

function headCell(scope: "col" | "row", text: string): HTMLTableCellElement {
  const cell = document.createElement("th");
  cell.scope = scope;
  cell.textContent = text;
  return cell;
}
