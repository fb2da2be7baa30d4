/** The author's reading of a report's figures. */
import { paragraphs, type Section } from "../report/document.js";

/**
 * A section of it, or none where there is no reading.
 *
 * @param reading - paragraph by paragraph.
 * @param where - the file that it was written in.
 */
export function readingSections(reading: readonly string[], where: "study" | "plan"): readonly Section[] {
  if (reading.length === 0) return [];
  const whose = `Written with the ${where}, not made from these figures: where the two differ, the figures hold.`;
  return [{ heading: "Reading", blocks: paragraphs([whose, ...reading]) }];
}
