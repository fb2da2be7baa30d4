/** `report RESULTS`: writes the report and the exports of a results file beside it, and prints the path of the page. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "xen-balloon/core";
import { analyze } from "../study/analysis/analysis.js";
import { incompleteText } from "../study/analysis/completeness.js";
import { analysisCsv, exactCsv } from "../study/analysis/csv.js";
import { reportOf } from "../study/analysis/document.js";
import { citationBlocks } from "../study/citation.js";
import { renderHtml } from "../study/report/html.js";
import { renderMarkdown } from "../study/report/markdown.js";
import { Failure } from "./failure.js";
import { printPage } from "./print-page.js";
import { openResults } from "./results-folder.js";

/** Options of the command. */
export interface ReportOptions {
  /** Prints the page with a Chromium of this machine, too. */
  readonly pdf?: true;
}

/** @returns the exit status: 1 when a case could not be run. */
export function report(path: string, { pdf }: ReportOptions = {}): number {
  const { folder, text, ...results } = openResults(path);
  const analysis = analyze(results);
  const document = reportOf(analysis, citationBlocks(results, text));
  const views: Readonly<Record<string, string>> = {
    "report.html": renderHtml(document),
    "report.md": renderMarkdown(document),
    "measures.csv": analysisCsv(analysis),
    "exact.csv": exactCsv(analysis),
    "figures.json": `${JSON.stringify(analysis, null, 1)}\n`,
  };
  for (const [name, text] of Object.entries(views)) write(join(folder, name), text);
  if (pdf) printPage(join(folder, "report.html"), join(folder, "report.pdf"));
  process.stdout.write(`${join(folder, "report.html")}\n`);
  const missing = incompleteText(analysis.runs);
  if (missing !== null) process.stderr.write(`xen-balloon: ${missing}\n`);
  for (const { case: id, problem } of analysis.failures) {
    const levels = JSON.stringify(analysis.cases.find((one) => one.id === id)?.levels);
    process.stderr.write(`xen-balloon: ${levels} could not be run: ${problem}\n`);
  }
  return analysis.failures.length === 0 ? 0 : 1;
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new Failure(`${file}: cannot be written: ${messageOf(error)}`, { cause: error });
  }
}
