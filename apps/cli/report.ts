/** `report RESULTS`: writes the report and the exports of a results file beside it, and prints the path of the page. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf, plural } from "xen-balloon/core";
import type { HostOutcome } from "xen-balloon/toolstack";
import { ranPlanOf } from "../host/ran-plan.js";
import { hostReportFiles } from "../host/report/document.js";
import { areOfHost, type HostHeader, type HostResults, readHostResults } from "../host/results.js";
import { analyze } from "../study/analysis/analysis.js";
import { incompleteText } from "../study/analysis/completeness.js";
import { analysisCsv, exactCsv } from "../study/analysis/csv.js";
import { reportOf } from "../study/analysis/document.js";
import { citationBlocks } from "../study/citation.js";
import type { Case } from "../study/plan.js";
import { renderHtml } from "../study/report/html.js";
import { renderMarkdown } from "../study/report/markdown.js";
import type { Results } from "../study/results.js";
import { type ReadResults, readResults } from "../study/results-file.js";
import { uncounted } from "../study/run.js";
import { Failure } from "./failure.js";
import { printPage } from "./print-page.js";
import { openWith } from "./results-folder.js";

/** Options of the command. */
export interface ReportOptions {
  /** Prints the page with a Chromium of this machine, too. */
  readonly pdf?: true;
}

/** @returns the exit status: 1 when a case could not be run. */
export function report(path: string, { pdf }: ReportOptions = {}): number {
  const results = openWith(path, readAny);
  const { folder } = results;
  const views = isHost(results) ? hostViews(results) : studyViews(results);
  for (const [name, text] of Object.entries(views.files)) write(join(folder, name), text);
  if (pdf) printPage(join(folder, "report.html"), join(folder, "report.pdf"));
  process.stdout.write(`${join(folder, "report.html")}\n`);
  if (views.missing !== null) process.stderr.write(`xen-balloon: ${views.missing}\n`);
  for (const { levels, problem } of views.failures) {
    process.stderr.write(`xen-balloon: ${JSON.stringify(levels)} could not be run: ${problem}\n`);
  }
  return views.failures.length === 0 ? 0 : 1;
}

/** The files of a report by name, and what is told on the error stream. */
interface Views {
  readonly files: Readonly<Record<string, string>>;
  /** That runs are missing, in words; null where none are. */
  readonly missing: string | null;
  readonly failures: readonly { readonly levels: Case["levels"] | undefined; readonly problem: string }[];
}

type OfHost = HostResults & { readonly text: string; readonly folder: string };
type OfStudy = Results & { readonly text: string; readonly folder: string };

function readAny(text: string): ReadResults | ReadResults<HostHeader, HostOutcome> {
  return areOfHost(text) ? readHostResults(text) : readResults(text);
}

function isHost(results: OfHost | OfStudy): results is OfHost {
  return results.header.kind === "host";
}

function studyViews({ text, ...results }: OfStudy): Views {
  const analysis = analyze(results);
  const document = reportOf(analysis, citationBlocks(results, text));
  return {
    files: {
      "report.html": renderHtml(document),
      "report.md": renderMarkdown(document),
      "measures.csv": analysisCsv(analysis),
      "exact.csv": exactCsv(analysis),
      "figures.json": `${JSON.stringify(analysis, null, 1)}\n`,
    },
    missing: incompleteText(analysis.runs),
    failures: analysis.failures.map(({ case: id, problem }) => ({
      levels: analysis.cases.find((one) => one.id === id)?.levels,
      problem,
    })),
  };
}

function hostViews({ text, ...results }: OfHost): Views {
  const { header, lines } = results;
  const missing = uncounted(header.cases, lines);
  const failed = new Map(lines.flatMap((line) => (line.kind === "failed" ? [[line.case, line.problem]] : [])));
  const ran = header.cases.length - missing.length;
  return {
    files: hostReportFiles(ranPlanOf(results), citationBlocks(results, text)),
    missing:
      missing.length === 0
        ? null
        : `The plan is not complete: ${ran} of ${plural(header.cases.length, "case")} are there.`,
    failures: header.cases.flatMap(({ id, levels }) => {
      const problem = missing.includes(id) ? failed.get(id) : undefined;
      return problem === undefined ? [] : [{ levels, problem }];
    }),
  };
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new Failure(`${file}: cannot be written: ${messageOf(error)}`, { cause: error });
  }
}
