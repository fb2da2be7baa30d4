/** The document of a report, before it is HTML or Markdown. Its texts are plain: the renderers escape them. */
import type { Estimate } from "../statistics.js";

/** A report. */
export interface ReportDocument {
  readonly title: string;
  readonly sections: readonly Section[];
}

/** A part of a report under a heading. */
export interface Section {
  readonly heading: string;
  readonly blocks: readonly Block[];
  /** True where the page shows the heading alone until it is opened; print shows all. Default: false. */
  readonly isFolded?: true;
}

/** A piece of a section. */
export type Block = Paragraph | Warning | List | CommandBlock | Table | Chart;

/** A text; line ends break lines. */
export interface Paragraph {
  readonly kind: "paragraph";
  readonly text: string;
}

/** Makes paragraphs of texts. */
export function paragraphs(texts: readonly string[]): readonly Paragraph[] {
  return texts.map((text) => ({ kind: "paragraph", text }));
}

/** A reason not to trust what follows. */
export interface Warning {
  readonly kind: "warning";
  readonly text: string;
}

/** Sentences of equal rank. */
export interface List {
  readonly kind: "list";
  readonly items: readonly string[];
}

/** A command line that the reader can run, or another text to copy. */
export interface CommandBlock {
  readonly kind: "command";
  readonly text: string;
}

/** A table; each row has a cell a column. */
export interface Table {
  readonly kind: "table";
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  /** Definitions, under the table. */
  readonly note?: string;
}

/** A column of a table. */
export interface Column {
  readonly heading: string;
  /** Right for numbers. */
  readonly align: "left" | "right";
}

/** Makes columns of text. */
export function textColumns(headings: readonly string[]): readonly Column[] {
  return headings.map((heading) => ({ heading, align: "left" }));
}

/** Makes columns of numbers. */
export function numberColumns(headings: readonly string[]): readonly Column[] {
  return headings.map((heading) => ({ heading, align: "right" }));
}

/** A cell of a table. */
export interface Cell {
  readonly text: string;
  /** True: greyed, since it shows no difference or no value. Default: false. */
  readonly muted?: boolean;
}

/** A chart of any kind. */
export type Chart = ScalingChart | LineChart | RatioChart | BarChart | SeriesChart | BandChart | HistogramChart;

/** Lines on logarithmic axes with error bars. All numbers are above 0. */
export interface ScalingChart {
  readonly kind: "scaling";
  readonly caption: string;
  readonly xLabel: string;
  /** True where x is in bytes, which are shown as sizes. Default: false. */
  readonly xIsBytes?: boolean;
  readonly yLabel: string;
  readonly lines: readonly {
    readonly label: string;
    readonly points: readonly { readonly x: number; readonly y: Estimate }[];
    /** The exponent of the power law that is drawn through the points; null for none. */
    readonly exponent: number | null;
  }[];
}

/** Lines on linear axes, y from 0, with a band each where values have two ends. */
export interface LineChart {
  readonly kind: "lines";
  readonly caption: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly lines: readonly {
    readonly label: string;
    /** Ascending in x; y is 0 or more, and its ends are equal where it has no band. */
    readonly points: readonly { readonly x: number; readonly y: Estimate }[];
  }[];
}

/** Ratios to a baseline, one below the other on a logarithmic axis, with a line at 1 and the noise floor as a band. */
export interface RatioChart {
  readonly kind: "ratio";
  readonly caption: string;
  /** The meaning of ratios above 1, such as "slower than the baseline". */
  readonly xLabel: string;
  /** The noise floor as a factor: ratios from 1 / floor to floor show no difference. Null where it was not measured. */
  readonly noiseFloor: number | null;
  readonly rows: readonly { readonly label: string; readonly ratio: Estimate; readonly muted: boolean }[];
}

/** Bars from 0, one below the other. */
export interface BarChart {
  readonly kind: "bars";
  readonly caption: string;
  readonly xLabel: string;
  /** Values are 0 or more; the text stands at the end of the bar. */
  readonly rows: readonly { readonly label: string; readonly value: number; readonly text: string }[];
}

/** Curves over time, stepped: each value holds until the next. */
export interface SeriesChart {
  readonly kind: "series";
  readonly caption: string;
  /** Times in ms from the start, ascending. */
  readonly timesMs: readonly number[];
  readonly yLabel: string;
  /** The value up to which the y axis reaches at least, so that several charts have one scale. Default: the greatest. */
  readonly yMost?: number;
  readonly curves: readonly { readonly label: string; readonly values: readonly number[] }[];
  /** Kinds of events, marked at their times above the curves; a kind without times is left out. Default: none. */
  readonly events?: readonly { readonly label: string; readonly timesMs: readonly number[] }[];
}

/** How values of many spread over time, stepped: their median as a line on bands between quantiles. */
export interface BandChart {
  readonly kind: "bands";
  readonly caption: string;
  /** Times in ms, ascending. */
  readonly timesMs: readonly number[];
  readonly yLabel: string;
  readonly median: readonly number[];
  /** Each inside the one before. */
  readonly bands: readonly {
    readonly label: string;
    readonly low: readonly number[];
    readonly high: readonly number[];
  }[];
}

/** Bars of counts, such as calls by how many extents they asked for. */
export interface HistogramChart {
  readonly kind: "histogram";
  readonly caption: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly {
    readonly label: string;
    /** [x, count], ascending in x; whole numbers from 0. */
    readonly bars: readonly (readonly [number, number])[];
  }[];
}
