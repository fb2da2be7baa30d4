/** An analysis as a report: the question, its answer, and all that is needed to believe it. */
import { type Block, type ReportDocument, type Section, textColumns } from "../report/document.js";
import type { Analysis } from "./analysis.js";
import { answer } from "./answer.js";
import { exactBlocks } from "./exact-blocks.js";
import { DOES_NOT_SHOW, environmentBlocks, methodTexts } from "./method.js";
import { replayBlocks } from "./replay-blocks.js";
import { timeBlocks } from "./time-blocks.js";

/** @param command - the command line that repeats the study. */
export function reportOf(analysis: Analysis, command: string): ReportDocument {
  const { study } = analysis;
  const results = [...replayBlocks(analysis), ...timeBlocks(analysis), ...exactBlocks(analysis)];
  const failures = failureBlocks(analysis);
  const sections: Section[] = [
    { heading: "Question", blocks: paragraphs([study.question]) },
    { heading: "Answer", blocks: paragraphs(answer(analysis)) },
    { heading: "Method", blocks: paragraphs(methodTexts(analysis)) },
    { heading: "Environment", blocks: environmentBlocks(analysis) },
    { heading: "Results", blocks: results.length > 0 ? results : paragraphs(["No case was run."]) },
    ...(failures.length > 0 ? [{ heading: "Failures", blocks: failures }] : []),
    { heading: "What this does not show", blocks: paragraphs([...study.doesNotShow, ...DOES_NOT_SHOW]) },
    { heading: "Repeat it", blocks: [{ kind: "command", text: command }] },
  ];
  return { title: study.title, sections };
}

/** Cases that failed, and runs that are not there. */
function failureBlocks({ failures, runs }: Analysis): readonly Block[] {
  const blocks: Block[] = [];
  if (failures.length > 0) {
    blocks.push({
      kind: "table",
      caption: "Cases that could not be run.",
      columns: textColumns(["case", "problem"]),
      rows: failures.map((failure) => [{ text: failure.case }, { text: failure.problem }]),
    });
  }
  const missing = [
    ...missingText("exact", runs.exactPlanned, runs.exact),
    ...missingText("timed", runs.timedPlanned, runs.timed),
  ];
  if (missing.length > 0) {
    blocks.push(...paragraphs([`The study is not complete: ${missing.join(", ")} missing.`]));
  }
  return blocks;
}

function missingText(kind: string, planned: number, there: number): readonly string[] {
  return there < planned ? [`${planned - there} of ${planned} ${kind} runs`] : [];
}

function paragraphs(texts: readonly string[]): readonly Block[] {
  return texts.map((text) => ({ kind: "paragraph", text }));
}
