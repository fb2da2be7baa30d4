/** Makes the report of a plan of hosts: the question, the answer with its frontier, then the evidence. */
import { listText } from "../../study/analysis/figures.js";
import { numbered } from "../../study/analysis/numbered.js";
import { readingSections } from "../../study/analysis/reading.js";
import { type Block, paragraphs, type ReportDocument, type Section, textColumns } from "../../study/report/document.js";
import { renderHtml } from "../../study/report/html.js";
import { renderMarkdown } from "../../study/report/markdown.js";
import { answerSentences, policyTable, warningTexts } from "./answer.js";
import { assumptionTable } from "./assumptions.js";
import { billTable } from "./bill.js";
import { failureOf, type RanCase, type RanPlan } from "./cases.js";
import { hostCsvs } from "./csv.js";
import { frontierCharts, frontierNote } from "./frontier.js";
import { guestTables } from "./guest-tables.js";
import { type Curve, curvesOf, type Point, pointsAt, tellingSize } from "./points.js";
import { reasonTable } from "./reasons.js";
import { type GuestSentence, pointSentences } from "./sentences.js";
import { startTables } from "./start-tables.js";
import { timeLineCharts } from "./time-lines.js";
import { sizeWords } from "./words.js";

/** More sentences about guests than this are folded away. */
const MOST_SENTENCES = 5;

/** The conclusions that no plan of hosts supports. */
const DOES_NOT_SHOW: readonly string[] = [
  "There is no real hypervisor and no real workload. Decisions are those of the driver and of the policy; how long pages move, what a shortage does and what the page cache holds are models.",
  "Demand was measured or written before: programs that got less would have asked for something else, and would have ended later.",
];

/**
 * Makes the files of a report by name: report.html, report.md, and the CSVs.
 *
 * @param repeat - how to repeat the plan and to cite its report.
 * @throws RangeError: two cases that cannot be told apart (points.ts)
 */
export function hostReportFiles(plan: RanPlan, repeat: readonly Block[]): Readonly<Record<string, string>> {
  const document = hostReport(plan, repeat);
  return { "report.html": renderHtml(document), "report.md": renderMarkdown(document), ...hostCsvs(plan) };
}

/** @param repeat - how to repeat the plan and to cite its report. */
export function hostReport(plan: RanPlan, repeat: readonly Block[]): ReportDocument {
  const { title, question, doesNotShow, reading, cases } = plan;
  const curves = curvesOf(cases);
  const size = tellingSize(curves);
  const points = size === null ? [] : pointsAt(curves, size);
  const failures = failureBlocks(cases);
  const sections: Section[] = [
    { heading: "Question", blocks: paragraphs([question]) },
    { heading: "Answer", blocks: answerBlocks(plan, curves, size) },
    ...readingSections(reading, "plan"),
    ...(size === null ? [] : evidence(curves, points, size)),
    ...(failures.length === 0 ? [] : [{ heading: "Failures", blocks: failures }]),
    { heading: "What this does not show", blocks: paragraphs([...doesNotShow, ...DOES_NOT_SHOW]) },
    { heading: "Assumptions", blocks: [assumptionTable(plan)] },
    { heading: "Repeat and cite", blocks: repeat },
  ];
  return numbered({ title, sections: sections.filter(({ blocks }) => blocks.length > 0) });
}

function answerBlocks({ cases, doubts }: RanPlan, curves: readonly Curve[], size: number | null): readonly Block[] {
  const warnings = [...doubts, ...warningTexts(cases)].map((text): Block => ({ kind: "warning", text }));
  if (size === null) return [...warnings, ...paragraphs(["Every case failed: there is nothing to say of any policy."])];
  return [
    ...warnings,
    ...paragraphs(answerSentences(curves, size)),
    policyTable(curves, size),
    ...frontierCharts(curves),
    ...paragraphs([frontierNote(curves)]),
  ];
}

function evidence(curves: readonly Curve[], points: readonly Point[], size: number): readonly Section[] {
  const sentences = points.map((point) => ({ point, sentences: pointSentences(point) }));
  return [
    {
      heading: "Guests",
      blocks: [...paragraphs([shownText(curves, points, size)]), ...guestTables(points), ...startTables(points)],
    },
    {
      heading: "Reasons",
      blocks: [
        ...reasonTable(points, size),
        ...sentences.flatMap(({ point, sentences }) => sentenceBlocks(point, sentences.slice(0, MOST_SENTENCES))),
      ],
    },
    {
      heading: "The other guests that were short, in words",
      blocks: sentences.flatMap(({ point, sentences }) =>
        sentences.length > MOST_SENTENCES ? sentenceBlocks(point, sentences.slice(MOST_SENTENCES)) : [],
      ),
      isFolded: true,
    },
    { heading: "Over time", blocks: timeLineCharts(points) },
    { heading: "The bill", blocks: billTable(curves) },
  ];
}

/** Tells which of the cases the tables of guests show. */
function shownText(curves: readonly Curve[], points: readonly Point[], size: number): string {
  const sizes = new Set(curves.flatMap(({ points }) => points.map(({ totalKib }) => totalKib)));
  const which =
    sizes.size === 1
      ? ""
      : curves.length > 1
        ? `Guests, reasons and time lines are those on ${sizeWords(size)}, the size on which the policies differ most. `
        : `Guests, reasons and time lines are those on ${sizeWords(size)}, the size on which most is missing. `;
  const speeds = [...new Set(points.map(({ runs }) => runs[0].outcome.usPerPage))];
  const told = speeds.map((speed) => {
    const of = points.filter(({ runs }) => runs[0].outcome.usPerPage === speed).map(({ curve }) => curve);
    return `under ${listText(of)} a page moves in ${speed} µs`;
  });
  const isOne = speeds.length === 1 && points.every(({ runs }) => runs.length === 1);
  const speed = isOne ? "" : `They are of the fastest runs: ${listText(told)}. `;
  return `${which}${speed}All sizes and speeds are in guests.csv and the other CSV files.`;
}

function sentenceBlocks({ curve }: Point, sentences: readonly GuestSentence[]): readonly Block[] {
  if (sentences.length === 0) return paragraphs([`Under ${curve} every guest started and none was ever short.`]);
  return [...paragraphs([`Under ${curve}:`]), { kind: "list", items: sentences.map(({ text }) => text) }];
}

/** A table of the cases that say nothing of their policy. */
function failureBlocks(cases: readonly RanCase[]): readonly Block[] {
  const failed = cases.filter((one) => failureOf(one) !== null);
  if (failed.length === 0) return [];
  const factors = Object.keys(failed[0].levels);
  return [
    {
      kind: "table",
      caption: "Cases that failed.",
      columns: textColumns([...factors, "problem"]),
      rows: failed.map((one) => [
        ...factors.map((name) => ({ text: one.levels[name] })),
        { text: failureOf(one) ?? "" },
      ]),
    },
  ];
}
