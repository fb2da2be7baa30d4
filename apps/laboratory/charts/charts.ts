/** The curves of the guest over time in three bands: sizes, credit, and the driver's back-off. */
import type { LaboratoryState } from "../laboratory.js";
import { Seldom } from "../seldom.js";
import { BANDS, type Curve, describePoint } from "./curves.js";
import { type Columns, type History, pointAt } from "./history.js";
import { type PlotElements, Plots } from "./plots.js";

const SUMMARY_INTERVAL_MS = 2000;

/** The elements of the page. */
export interface ChartElements extends PlotElements {
  /** The elements that each get a chart. */
  readonly pages: HTMLElement;
  readonly credit: HTMLElement;
  readonly backOff: HTMLElement;
  /** The choice of the time axis, with the values `virtual` and `page`. */
  readonly timeLine: HTMLSelectElement;
  /** Hidden from sight: the last point. */
  readonly summary: HTMLElement;
  /** Receives the virtual time in ms that a reader has chosen. */
  readonly onPick: (nowMs: number) => void;
}

export class Charts {
  readonly #elements: ChartElements;
  readonly #plots: Plots<Curve>;
  readonly #summary = new Seldom(SUMMARY_INTERVAL_MS);
  #history: History | null = null;
  /** The version of the history that the charts show now. */
  #drawnVersion = -1;
  /** The virtual time in ms that is marked; null: none. */
  #markedMs: number | null = null;

  constructor(elements: ChartElements) {
    this.#elements = elements;
    const { pages, credit, backOff, timeLine } = elements;
    const places = [
      { container: pages, band: BANDS.pages },
      { container: credit, band: BANDS.credit },
      { container: backOff, band: BANDS.backOff },
    ];
    this.#plots = new Plots(elements, places, {
      syncKey: "laboratory",
      data: () => {
        const history = this.#history;
        if (history === null) return null;
        const { columns } = history;
        this.#drawnVersion = history.version;
        return {
          times: this.#timesOf(columns),
          valuesOf: ({ column }) => columns[column],
          describe: (point) => describePoint(columns, point),
        };
      },
      onPick: (time) => this.#pick(time),
      onDrawn: () => {
        this.#mark();
        this.#summary.do(() => this.#summarize());
      },
    });
    timeLine.addEventListener("change", () => this.#plots.select(null));
  }

  /** Another guest is on show, for which the selected times have no meaning. */
  reset(): void {
    this.#plots.reset();
  }

  render({ phase }: LaboratoryState): void {
    this.#elements.charts.classList.toggle("stale", phase !== "running");
  }

  /** Shows the present points of a history, at the next frame. */
  update(history: History): void {
    if (history === this.#history && history.version === this.#drawnVersion) return;
    this.#history = history;
    this.#plots.redraw();
  }

  /** Marks the moment that the other views show; null: they show the present. */
  mark(nowMs: number | null): void {
    if (nowMs === this.#markedMs) return;
    this.#markedMs = nowMs;
    this.#mark();
  }

  #mark(): void {
    const columns = this.#history?.columns;
    const ms = this.#markedMs;
    this.#plots.mark(ms === null || columns === undefined ? null : this.#onAxis(columns, ms / 1000));
  }

  #summarize(): void {
    const history = this.#history;
    if (history !== null) this.#elements.summary.textContent = describePoint(history.columns, history.length - 1);
  }

  /** A virtual time on the axis that is shown. */
  #onAxis(columns: Columns, virtualSeconds: number): number {
    if (this.#elements.timeLine.value !== "page") return virtualSeconds;
    return columns.pageSeconds[pointAt(columns.virtualSeconds, virtualSeconds)];
  }

  /** A time of the axis, as virtual time. */
  #pick(time: number): void {
    const columns = this.#history?.columns;
    if (columns === undefined || columns.virtualSeconds.length === 0) return;
    const isPage = this.#elements.timeLine.value === "page";
    const seconds = isPage ? columns.virtualSeconds[pointAt(columns.pageSeconds, time)] : time;
    this.#elements.onPick(Math.round(seconds * 1000));
  }

  #timesOf(columns: Columns): number[] {
    return this.#elements.timeLine.value === "page" ? columns.pageSeconds : columns.virtualSeconds;
  }
}
