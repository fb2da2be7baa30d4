/** The curves over time: sizes, and the driver's back-off. */
import "./locale.js";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { onColourScheme } from "../colour-scheme.js";
import { Seldom } from "../seldom.js";
import { chartOptions, chartSize, showLastUnlessPointed, type TimeWindow } from "./chart-options.js";
import { BACK_OFF_CURVES, type Curve, describeLast, PAGE_CURVES } from "./curves.js";
import type { Columns, History } from "./history.js";
import "./charts.css";

const SUMMARY_INTERVAL_MS = 2000;

/** The elements of the page. */
export interface ChartElements {
  /** The elements that each get a chart. */
  readonly pages: HTMLElement;
  readonly backOff: HTMLElement;
  /** The choice of the time axis, with the values `virtual` and `page`. */
  readonly timeLine: HTMLSelectElement;
  /** Hidden from sight. */
  readonly summary: HTMLElement;
}

interface Chart {
  readonly container: HTMLElement;
  readonly curves: readonly Curve[];
  plot: uPlot | null;
}

/** Two charts over the same time line. */
export class Charts {
  readonly #elements: ChartElements;
  readonly #charts: readonly Chart[];
  readonly #summary = new Seldom(SUMMARY_INTERVAL_MS);
  #history: History | null = null;
  /** The version of the history that the charts show now. */
  #drawnVersion = -1;
  #firstSeconds: number | undefined;
  #window: TimeWindow = null;
  #frame = 0;

  constructor(elements: ChartElements) {
    this.#elements = elements;
    this.#charts = [
      { container: elements.pages, curves: PAGE_CURVES, plot: null },
      { container: elements.backOff, curves: BACK_OFF_CURVES, plot: null },
    ];
    elements.timeLine.addEventListener("change", () => this.#select(null));
    const observer = new ResizeObserver(() => this.#fit());
    for (const { container } of this.#charts) observer.observe(container);
    onColourScheme(() => this.#rebuild());
    this.#rebuild();
  }

  /** Shows the present points of a history, at the next frame. */
  update(history: History): void {
    if (history === this.#history && history.version === this.#drawnVersion) return;
    this.#history = history;
    this.#redraw();
  }

  #redraw(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    this.#frame = 0;
    const history = this.#history;
    if (history === null) return;
    const { columns } = history;
    // Another first point means another guest, for which the selected times have no meaning.
    if (columns.pageSeconds[0] !== this.#firstSeconds) this.#window = null;
    this.#firstSeconds = columns.pageSeconds[0];
    this.#drawnVersion = history.version;
    for (const { plot, curves } of this.#charts) {
      if (plot === null) continue;
      plot.batch(() => {
        plot.setData(this.#dataOf(columns, curves));
        showLastUnlessPointed(plot);
      });
    }
    this.#summary.do(() => {
      this.#elements.summary.textContent = describeLast(columns);
    });
  }

  #dataOf(columns: Columns, curves: readonly Curve[]): uPlot.AlignedData {
    const times = this.#elements.timeLine.value === "page" ? columns.pageSeconds : columns.virtualSeconds;
    return [times, ...curves.map(({ column }) => columns[column])];
  }

  #select(window: TimeWindow): void {
    this.#window = window;
    this.#redraw();
  }

  #fit(): void {
    for (const { container, plot } of this.#charts) {
      const size = chartSize(container);
      if (plot !== null && size.width > 0 && size.width !== plot.width) plot.setSize(size);
    }
  }

  /** Colours are fixed when a chart is made. */
  #rebuild(): void {
    for (const chart of this.#charts) {
      chart.plot?.destroy();
      const { container, curves } = chart;
      const options = chartOptions(container, curves, {
        window: () => this.#window,
        onSelect: (window) => this.#select(window),
      });
      chart.plot = new uPlot(options, [[], ...curves.map(() => [])], container);
    }
    this.#redraw();
  }
}
