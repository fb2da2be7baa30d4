/** Prints what held where, as a table: a row for each runtime and browser, a column for each part of the package. */
import { relative } from "node:path";
import type { Reporter, TestCase, TestModule } from "vitest/node";
import { alignColumns } from "../../apps/table.js";

interface Cell {
  passed: number;
  failed: number;
  skipped: number;
}

/** Tests of a row are in `describe(its name)`, and there in `describe(a column)`. */
export default class MatrixReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const rows = new Map<string, Map<string, Cell>>();
    for (const module of modules) {
      for (const test of module.children.allTests()) add(rows, test);
    }
    const columns = [...new Set([...rows.values()].flatMap((row) => [...row.keys()]))];
    const lines = [...rows].map(([name, row]) => [name, ...columns.map((column) => textOf(row.get(column)))]);
    if (lines.length === 0) return;
    const where = modules.map(({ moduleId }) => relative(process.cwd(), moduleId)).join(", ");
    const table = alignColumns([["", ...columns], ...lines], `l${"r".repeat(columns.length)}`);
    process.stdout.write(`\nTests passed, by runtime and browser (${where}):\n\n${table.join("\n")}\n`);
  }
}

const SUBJECT = /^(Node|Bun|Deno|Chromium|Firefox|WebKitGTK)( \d|$)/;

function add(rows: Map<string, Map<string, Cell>>, test: TestCase): void {
  const [name, column] = pathOf(test);
  if (column === undefined || !SUBJECT.test(name)) return;
  const row = rows.get(name) ?? new Map<string, Cell>();
  rows.set(name, row);
  const cell = row.get(column) ?? { passed: 0, failed: 0, skipped: 0 };
  row.set(column, cell);
  const { state } = test.result();
  if (state !== "pending") cell[state]++;
}

/** The names of the suites that it is in, outermost first. */
function pathOf({ parent }: TestCase): string[] {
  const names: string[] = [];
  for (let suite = parent; suite.type === "suite"; suite = suite.parent) names.unshift(suite.name);
  return names;
}

function textOf(cell: Cell | undefined): string {
  if (cell === undefined) return "";
  const { passed, failed, skipped } = cell;
  if (failed > 0) return `${failed} FAILED`;
  return passed > 0 ? String(passed) : skipped > 0 ? "not here" : "";
}
