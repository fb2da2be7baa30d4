/** A report as a document, before it is HTML or Markdown. Texts are plain: whoever renders them escapes them. */

export interface ReportDocument {
  readonly title: string;
  readonly sections: readonly Section[];
}

export interface Section {
  readonly heading: string;
  readonly blocks: readonly Block[];
}

export type Block = Paragraph | CommandBlock | Table | Chart;

export interface Paragraph {
  readonly kind: "paragraph";
  readonly text: string;
}

/** A command line to repeat. */
export interface CommandBlock {
  readonly kind: "command";
  readonly text: string;
}

export interface Table {
  readonly kind: "table";
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
}

export interface Column {
  readonly heading: string;
  /** Numbers are flush right. */
  readonly align: "left" | "right";
}

/** Columns of text. */
export function textColumns(headings: readonly string[]): readonly Column[] {
  return headings.map((heading) => ({ heading, align: "left" }));
}

/** Columns of numbers. */
export function numberColumns(headings: readonly string[]): readonly Column[] {
  return headings.map((heading) => ({ heading, align: "right" }));
}

export interface Cell {
  readonly text: string;
  /** Greyed: nothing is shown by it. Default: false. */
  readonly muted?: boolean;
}

export type Chart = ScalingChart | RatioChart | SeriesChart | HistogramChart;

/** An estimate with its 95 % interval. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Lines on logarithmic axes with error bars. All numbers are above 0. */
export interface ScalingChart {
  readonly kind: "scaling";
  readonly caption: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly lines: readonly {
    readonly label: string;
    readonly points: readonly { readonly x: number; readonly y: Estimate }[];
  }[];
}

/** Ratios to a baseline, one below the other on a logarithmic axis, with a line at 1 and the noise floor as a band. */
export interface RatioChart {
  readonly kind: "ratio";
  readonly caption: string;
  /** What above 1 means: "slower than the baseline". */
  readonly xLabel: string;
  /** Factor of the noise floor: ratios from 1 / floor to floor show nothing. */
  readonly noiseFloor: number | null;
  readonly rows: readonly { readonly label: string; readonly ratio: Estimate; readonly muted: boolean }[];
}

/** Curves over time, stepped: each value holds until the next. */
export interface SeriesChart {
  readonly kind: "series";
  readonly caption: string;
  /** In ms from the begin. */
  readonly timesMs: readonly number[];
  readonly yLabel: string;
  readonly curves: readonly { readonly label: string; readonly values: readonly number[] }[];
}

/** Bars of counts: how many calls asked for so many extents. */
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
