/** Makes a report of an analysis: the question, the answer with the figure that shows it, then the evidence. */
import {
  type Block,
  type Chart,
  paragraphs,
  type ReportDocument,
  type Section,
  textColumns,
} from "../report/document.js";
import type { Analysis } from "./analysis.js";
import { type Answer, answer } from "./answer.js";
import { exactFigures } from "./exact-figures.js";
import { exactTables } from "./exact-tables.js";
import { DOES_NOT_SHOW, environmentBlocks, methodTexts } from "./method.js";
import { numbered } from "./numbered.js";
import { readingSections } from "./reading.js";
import { replayFigures, replayTables } from "./replay-blocks.js";
import type { ShownFigure } from "./shown-figure.js";
import { timeFigures } from "./time-figures.js";
import { timeTables } from "./time-tables.js";

/** @param repeat - how to repeat the study and to cite it. */
export function reportOf(analysis: Analysis, repeat: readonly Block[]): ReportDocument {
  const { study } = analysis;
  const said = answer(analysis);
  const replays = replayFigures(analysis);
  const others = [...timeFigures(analysis), ...exactFigures(analysis)];
  const figures = [...replays, ...others];
  const main = replays.length > 0 ? replays[0].chart : mainFigure(others, said);
  const rest = figures.map(({ chart }) => chart).filter((chart) => chart !== main);
  const { comparesLevels = true } = study;
  const made = [...replayTables(analysis), ...timeTables(analysis), ...exactTables(analysis)];
  const tables = made.length > 0 ? made : paragraphs(["No case was run."]);
  const failures = failureBlocks(analysis);
  const sections: Section[] = [
    { heading: "Question", blocks: paragraphs([study.question]) },
    // where no levels are compared the cases are the answer
    { heading: "Answer", blocks: [...answerBlocks(said, main), ...(comparesLevels ? [] : tables)] },
    ...readingSections(study.reading ?? [], "study"),
    ...(rest.length > 0 ? [{ heading: "Figures", blocks: rest }] : []),
    ...(comparesLevels ? [{ heading: "Tables", blocks: tables }] : []),
    ...(failures.length > 0 ? [{ heading: "Failures", blocks: failures }] : []),
    { heading: "What this does not show", blocks: paragraphs([...study.doesNotShow, ...DOES_NOT_SHOW]) },
    { heading: "Method", blocks: paragraphs(methodTexts(analysis)), isFolded: true },
    { heading: "Environment", blocks: environmentBlocks(analysis), isFolded: true },
    { heading: "Repeat and cite", blocks: repeat },
  ];
  return numbered({ title: study.title, sections });
}

function answerBlocks({ warnings, sentences, others, same }: Answer, main: Chart | null): readonly Block[] {
  return [
    ...warnings.map((text): Block => ({ kind: "warning", text })),
    ...paragraphs(sentences),
    ...(main === null ? [] : [main]),
    ...(others.length === 0 ? [] : [{ kind: "list", items: others } as const]),
    ...(same === null ? [] : paragraphs([same])),
  ];
}

/** The figure of what the answer is about; where it is about no difference, that of warm passes or the first one. */
function mainFigure(figures: readonly ShownFigure[], { headline }: Answer): Chart | null {
  const found =
    headline === null
      ? (figures.find(({ pass }) => pass === "warm") ?? figures[0])
      : (figures.find(({ factor, pass }) => factor === headline.factor && pass === headline.pass) ??
        figures.find(({ factor, pass }) => factor === null && pass === headline.pass && pass !== null));
  return found?.chart ?? null;
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
