/** `report RESULTS`: writes all views of a results file beside it, and says where the page is. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { analyse } from "../study/analysis/analysis.js";
import { documentOf } from "../study/report/document-of.js";
import { exactCsv, figuresJson, measuresCsv } from "../study/report/exports.js";
import { renderHtml } from "../study/report/html.js";
import { renderMarkdown } from "../study/report/markdown.js";
import { openResults } from "./study-files.js";

/** @returns the exit status: 1 when a case could not be run. */
export function report(path: string): number {
  const { folder, ...results } = openResults(path);
  const analysis = analyse(results);
  const document = documentOf(analysis, results, results.header.command);
  const views: Readonly<Record<string, string>> = {
    "report.html": renderHtml(document),
    "report.md": renderMarkdown(document),
    "measures.csv": measuresCsv(analysis),
    "exact.csv": exactCsv(analysis),
    "figures.json": figuresJson(analysis),
  };
  for (const [name, text] of Object.entries(views)) writeFileSync(join(folder, name), text);
  process.stdout.write(`${join(folder, "report.html")}\n`);
  const failed = analysis.cases.filter(({ problem }) => problem !== null);
  for (const { case: one, problem } of failed) {
    process.stderr.write(`xen-balloon: ${JSON.stringify(one.levels)} could not be run: ${problem}\n`);
  }
  return failed.length === 0 ? 0 : 1;
}
