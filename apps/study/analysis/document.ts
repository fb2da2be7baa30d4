/** Makes a report of an analysis: the question, the answer, and the evidence. */
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

/** A table of the cases that could not be run. */
function failureBlocks({ failures }: Analysis): readonly Block[] {
  if (failures.length === 0) return [];
  return [
    {
      kind: "table",
      caption: "Cases that could not be run.",
      columns: textColumns(["case", "problem"]),
      rows: failures.map((failure) => [{ text: failure.case }, { text: failure.problem }]),
    },
  ];
}

function paragraphs(texts: readonly string[]): readonly Block[] {
  return texts.map((text) => ({ kind: "paragraph", text }));
}
