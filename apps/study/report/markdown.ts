/** Renders a report as GitHub flavoured Markdown, with small tables for charts. */
import type { Estimate } from "../statistics.js";
import { checkChart, isEmpty } from "./chart-data.js";
import {
  type BandChart,
  type BarChart,
  type Block,
  type Cell,
  type Chart,
  type Column,
  type HistogramChart,
  type LineChart,
  numberColumns,
  type RatioChart,
  type ReportDocument,
  type ScalingChart,
  type SeriesChart,
  textColumns,
} from "./document.js";
import { binsOf } from "./histogram-chart.js";
import { yText } from "./line-chart.js";
import { formatEstimate, formatInterval, formatNumber, formatRatio } from "./number-text.js";
import { xText } from "./scaling-chart.js";
import { summarise } from "./series-chart.js";

type Columns = readonly Column[];
type Rows = readonly (readonly Cell[])[];

/**
 * Renders a report; the same document gives the same text.
 *
 * @throws RangeError: a chart has numbers that cannot be shown
 */
export function renderMarkdown({ title, sections }: ReportDocument): string {
  const blocks = sections.flatMap(({ heading, blocks }) => [`## ${oneLine(heading)}`, ...blocks.map(renderBlock)]);
  return `${[`# ${oneLine(title)}`, ...blocks].join("\n\n")}\n`;
}

function renderBlock(block: Block): string {
  switch (block.kind) {
    case "paragraph":
      return block.text.split(/\r?\n/).map(escapeLine).join("\n");
    case "warning":
      return `> **${oneLine(block.text)}**`;
    case "list":
      return block.items.map((item) => `- ${escapeLine(oneLineOf(item))}`).join("\n");
    case "command":
      return fenced(block.text);
    case "table": {
      const { caption, columns, rows, note = "" } = block;
      const told = captioned(caption, rows.length === 0 ? "No rows." : table(columns, rows));
      return note === "" ? told : `${told}\n\n${oneLine(note)}`;
    }
    default:
      return renderChart(block);
  }
}

function renderChart(chart: Chart): string {
  checkChart(chart);
  if (isEmpty(chart)) return captioned(chart.caption, "No data.");
  switch (chart.kind) {
    case "scaling":
      return captioned(
        `${chart.caption} (${chart.yLabel})`,
        linesTable(chart, (x) => xText(chart, x), formatEstimate),
      );
    case "lines":
      return captioned(`${chart.caption} (${chart.yLabel})`, linesTable(chart, formatNumber, yText));
    case "ratio":
      return captioned(`${chart.caption} (above 1: ${chart.xLabel}${floorText(chart)})`, ratioTable(chart));
    case "bars":
      return captioned(`${chart.caption} (${chart.xLabel})`, barTable(chart));
    case "series":
      return captioned(`${chart.caption} (${chart.yLabel})`, seriesTable(chart));
    case "bands":
      return captioned(`${chart.caption} (${chart.yLabel})`, bandTable(chart));
    case "histogram":
      return captioned(`${chart.caption} (${chart.yLabel})`, histogramTable(chart));
  }
}

function linesTable(
  { xLabel, lines }: ScalingChart | LineChart,
  xText: (x: number) => string,
  yText: (y: Estimate) => string,
): string {
  const xs = [...new Set(lines.flatMap(({ points }) => points.map(({ x }) => x)))].sort((a, b) => a - b);
  const rows = xs.map((x) => [
    cell(xText(x)),
    ...lines.map(({ points }) => {
      const point = points.find((candidate) => candidate.x === x);
      return cell(point === undefined ? "" : yText(point.y));
    }),
  ]);
  return table(numberColumns([xLabel, ...lines.map(({ label }) => label)]), rows);
}

function ratioTable({ rows }: RatioChart): string {
  const columns = [...textColumns([""]), ...numberColumns(["ratio", "95 % interval"])];
  const cells = rows.map(({ label, ratio, muted }) =>
    [label, `×${formatRatio(ratio.value)}`, formatInterval(ratio, formatRatio)].map((text) => ({
      text,
      muted,
    })),
  );
  return table(columns, cells);
}

function barTable({ rows }: BarChart): string {
  return table(
    [...textColumns([""]), ...numberColumns(["value"])],
    rows.map(({ label, text }) => [cell(label), cell(text)]),
  );
}

function floorText({ noiseFloor }: RatioChart): string {
  if (noiseFloor === null) return "";
  const [low, high] = [1 / noiseFloor, noiseFloor].sort((a, b) => a - b).map(formatRatio);
  return `; equal cases: ×${low}–${high}`;
}

function seriesTable({ curves }: SeriesChart): string {
  const columns = [...textColumns([""]), ...numberColumns(["first", "least", "most", "last"])];
  const rows = curves.map(({ label, values }) => {
    const { first, least, most, last } = summarise(values);
    return [cell(label), ...[first, least, most, last].map((value) => cell(formatNumber(value)))];
  });
  return table(columns, rows);
}

/** A table of the curves' extremes over time. */
function bandTable({ median, bands, ...chart }: BandChart): string {
  const ends = bands.flatMap(({ label, low, high }) => [
    { label: `${label}, low`, values: low },
    { label: `${label}, high`, values: high },
  ]);
  return seriesTable({ ...chart, kind: "series", curves: [{ label: "median", values: median }, ...ends] });
}

function histogramTable(chart: HistogramChart): string {
  const rows = binsOf(chart).map(({ label, counts }) => [
    cell(label),
    ...counts.map((count) => cell(formatNumber(count))),
  ]);
  return table(numberColumns([chart.xLabel, ...chart.series.map(({ label }) => label)]), rows);
}

function table(columns: Columns, rows: Rows): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [
    line(columns.map(({ heading }) => inCell(heading))),
    line(columns.map(({ align }) => (align === "right" ? "--:" : ":--"))),
    ...rows.map((row) =>
      line(row.map(({ text, muted }) => (muted && text.trim() !== "" ? `*${inCell(text)}*` : inCell(text)))),
    ),
  ].join("\n");
}

function captioned(caption: string, content: string): string {
  return `**${oneLine(caption)}**\n\n${content}`;
}

/** Fences a text with more backticks than it has in a row. */
function fenced(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}sh\n${text}\n${fence}`;
}

function cell(text: string): Cell {
  return { text };
}

function inCell(text: string): string {
  return text
    .trim()
    .split(/\s*\n\s*/)
    .map(escapeInline)
    .join("<br>");
}

function oneLine(text: string): string {
  return escapeInline(oneLineOf(text));
}

function oneLineOf(text: string): string {
  return text.trim().replace(/\s+/g, " ");
}

/** Escapes a line, and the characters at its start that would make it a block. */
function escapeLine(line: string): string {
  return escapeInline(line.trim()).replace(/^(#|[-+=]|\d+(?=[.)]))/, (start) =>
    /\d/.test(start) ? `${start}\\` : `\\${start}`,
  );
}

/** Escapes characters that mean more than themselves; `_` within a word does not. */
function escapeInline(text: string): string {
  return text
    .replace(/[\\`*[\]|~$]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\$&")
    .replace(/&(?=#?\w+;)/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/[^\P{Cc}\n\t]/gu, "\ufffd");
}
