/** Renders a report as one page of HTML, which fetches nothing and runs no script; its policy forbids both. */
import { drawBands } from "./band-chart.js";
import { drawBars } from "./bar-chart.js";
import { checkChart, isEmpty } from "./chart-data.js";
import type { Block, Chart, ReportDocument, Table } from "./document.js";
import { drawHistogram } from "./histogram-chart.js";
import { drawLines } from "./line-chart.js";
import { element, escapeText } from "./markup.js";
import { PAGE_STYLE } from "./page-style.js";
import { drawRatios } from "./ratio-chart.js";
import { drawScaling } from "./scaling-chart.js";
import { drawSeries } from "./series-chart.js";

/** A report with more sections than this has a table of contents, after so many of them: the answer comes first. */
const SECTIONS_AT_A_GLANCE = 3;
const SECTIONS_BEFORE_CONTENTS = 2;
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

/**
 * Renders a report; the same document gives the same text.
 *
 * @throws RangeError: a chart has numbers that cannot be drawn
 */
export function renderHtml({ title, sections }: ReportDocument): string {
  const main = sections.map(({ heading, blocks, isFolded }, at) => {
    const title = element("h2", {}, escapeText(heading));
    const rendered = blocks.map((block, index) => renderBlock(block, `${sectionId(at)}-${index + 1}`));
    const content = isFolded
      ? [element("details", {}, element("summary", {}, title), ...rendered)]
      : [title, ...rendered];
    return element("section", { id: sectionId(at) }, ...content);
  });
  const contents = sections.map(({ heading }, at) =>
    element("li", {}, element("a", { href: `#${sectionId(at)}` }, escapeText(heading))),
  );
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    element("title", {}, escapeText(title)),
    `<style>${PAGE_STYLE}</style>`,
    "</head>",
    "<body>",
    element("header", {}, element("h1", {}, escapeText(title))),
    "<main>",
    ...main.slice(0, SECTIONS_BEFORE_CONTENTS),
    ...(sections.length > SECTIONS_AT_A_GLANCE
      ? [element("nav", { "aria-label": "Contents" }, element("ol", {}, ...contents))]
      : []),
    ...main.slice(SECTIONS_BEFORE_CONTENTS),
    "</main>",
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

function sectionId(at: number): string {
  return `section-${at + 1}`;
}

function renderBlock(block: Block, id: string): string {
  switch (block.kind) {
    case "paragraph":
      return element("p", {}, escapeText(block.text));
    case "warning":
      return element("p", { class: "warning", role: "note" }, escapeText(block.text));
    case "list":
      return element("ul", {}, ...block.items.map((item) => element("li", {}, escapeText(item))), "");
    case "command":
      return element("pre", {}, element("code", {}, escapeText(block.text)));
    case "table":
      return renderTable(block, id);
    default:
      return renderChart(block, id);
  }
}

function renderTable({ caption, columns, rows, note }: Table, id: string): string {
  const align = (column: number): Record<string, string> =>
    columns[column]?.align === "right" ? { class: "right" } : {};
  // A heading without text would be announced all the same.
  const headings = columns.map(({ heading }, column) =>
    heading === "" ? element("td", {}, "") : element("th", { scope: "col", ...align(column) }, escapeText(heading)),
  );
  const body = rows.map((row) => {
    const cells = row.map(({ text, muted }, column) => {
      const names = [align(column).class, muted && "muted"].filter(Boolean).join(" ");
      return element("td", names === "" ? {} : { class: names }, escapeText(text));
    });
    return element("tr", {}, ...cells, "");
  });
  const table = element(
    "table",
    { "aria-labelledby": id },
    element("thead", {}, element("tr", {}, ...headings, "")),
    element("tbody", {}, ...body, ""),
  );
  const under = note === undefined || note === "" ? "" : element("p", { class: "note" }, escapeText(note));
  return figure("table", id, caption, (rows.length === 0 ? nothing("No rows.") : scrollBox(id, table)) + under);
}

/** The class of a figure: wide ones scroll by themselves, small ones stand side by side. */
const FIGURE_NAMES: Readonly<Record<Chart["kind"], "wide" | "bars" | "small">> = {
  scaling: "wide",
  lines: "small",
  ratio: "wide",
  bars: "bars",
  series: "small",
  bands: "small",
  histogram: "small",
};

function renderChart(chart: Chart, id: string): string {
  checkChart(chart);
  const name = FIGURE_NAMES[chart.kind];
  if (isEmpty(chart)) return figure(name, id, chart.caption, nothing("No data."));
  const drawn = draw(chart, id);
  return figure(name, id, chart.caption, name === "wide" ? scrollBox(id, drawn) : drawn);
}

function draw(chart: Chart, id: string): string {
  switch (chart.kind) {
    case "scaling":
      return drawScaling(chart, id);
    case "lines":
      return drawLines(chart, id);
    case "ratio":
      return drawRatios(chart, id);
    case "bars":
      return drawBars(chart, id);
    case "series":
      return drawSeries(chart, id);
    case "bands":
      return drawBands(chart, id);
    case "histogram":
      return drawHistogram(chart, id);
  }
}

function figure(name: string, id: string, caption: string, content: string): string {
  return element("figure", { class: name }, element("figcaption", { id }, escapeText(caption)), content);
}

/** Wraps content that scrolls by itself on a narrow screen, with the keyboard too. */
function scrollBox(labelId: string, content: string): string {
  return element("div", { class: "scroll", role: "group", tabindex: "0", "aria-labelledby": labelId }, content);
}

function nothing(text: string): string {
  return element("p", { class: "none" }, text);
}
