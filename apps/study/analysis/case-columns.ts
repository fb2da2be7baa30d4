/** The columns of a table that tell the case of a row. */
import type { Case } from "../plan.js";
import { type Cell, type Column, textColumns } from "../report/document.js";
import type { Study } from "../study.js";
import { levelText } from "./figures.js";

/** Columns, and their cells for a case. */
export interface CaseColumns {
  readonly columns: readonly Column[];
  readonly cells: (one: Case) => readonly Cell[];
}

/**
 * Makes a column for each factor but `without`, and one for the seed where there are several. Where that gives none,
 * the column is the id.
 */
export function caseColumns(study: Study, without?: string): CaseColumns {
  const columns: { heading: string; text: (one: Case) => string }[] = study.factors
    .filter(({ name }) => name !== without)
    .map((factor) => ({ heading: factor.name, text: (one) => levelText(factor, one.levels[factor.name]) }));
  if (study.seeds.length > 1) columns.push({ heading: "seed", text: (one) => String(one.seed) });
  if (columns.length === 0 && without === undefined) columns.push({ heading: "case", text: (one) => one.id });
  return {
    columns: textColumns(columns.map(({ heading }) => heading)),
    cells: (one) => columns.map(({ text }) => ({ text: text(one) })),
  };
}
