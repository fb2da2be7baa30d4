/** Numbers the figures and the tables of a report. */
import type { Block, ReportDocument } from "../report/document.js";

export function numbered({ title, sections }: ReportDocument): ReportDocument {
  let [figures, tables] = [0, 0];
  const withNumber = (block: Block): Block => {
    if (!("caption" in block)) return block;
    const number = block.kind === "table" ? `Table ${++tables}` : `Figure ${++figures}`;
    return { ...block, caption: `${number}. ${block.caption}` };
  };
  return {
    title,
    sections: sections.map(({ blocks, ...section }) => ({ ...section, blocks: blocks.map(withNumber) })),
  };
}
