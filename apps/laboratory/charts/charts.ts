/** The curves over time in three bands: sizes, credit, and the driver's back-off. */
import "./locale.js";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { onColourScheme } from "../colour-scheme.js";
import type { LaboratoryState } from "../laboratory.js";
import { Seldom } from "../seldom.js";
import { chartOptions, showLastUnlessPointed, type TimeWindow } from "./chart-options.js";
import { BANDS, type Band, describePoint } from "./curves.js";
import { type Columns, type History, pointAt } from "./history.js";
import "./charts.css";

const SUMMARY_INTERVAL_MS = 2000;
/** A step of the keyboard looks so much closer. */
const ZOOM = 2;

/** The elements of the page. */
export interface ChartElements {
  /** Has the charts, and gets the keys. */
  readonly charts: HTMLElement;
  /** The elements that each get a chart. */
  readonly pages: HTMLElement;
  readonly credit: HTMLElement;
  readonly backOff: HTMLElement;
  /** The choice of the time axis, with the values `virtual` and `page`. */
  readonly timeLine: HTMLSelectElement;
  readonly closer: HTMLButtonElement;
  readonly farther: HTMLButtonElement;
  readonly whole: HTMLButtonElement;
  /** Hidden from sight: the last point, and the one at the keyboard's cursor, which is read aloud. */
  readonly summary: HTMLElement;
  readonly cursor: HTMLElement;
  /** Receives the virtual time in ms that a reader has chosen. */
  readonly onPick: (nowMs: number) => void;
}

interface Chart {
  readonly container: HTMLElement;
  readonly band: Band;
  plot: uPlot | null;
}

/** Charts over one time line. */
export class Charts {
  readonly #elements: ChartElements;
  readonly #charts: readonly Chart[];
  readonly #summary = new Seldom(SUMMARY_INTERVAL_MS);
  #history: History | null = null;
  /** The version of the history that the charts show now. */
  #drawnVersion = -1;
  #window: TimeWindow = null;
  /** The point at the keyboard's cursor; null: none. */
  #point: number | null = null;
  #frame = 0;
  /** The virtual time in ms that is marked; null: none. */
  #markedMs: number | null = null;

  constructor(elements: ChartElements) {
    this.#elements = elements;
    const { charts, pages, credit, backOff, timeLine, closer, farther, whole } = elements;
    this.#charts = [
      { container: pages, band: BANDS.pages, plot: null },
      { container: credit, band: BANDS.credit, plot: null },
      { container: backOff, band: BANDS.backOff, plot: null },
    ];
    timeLine.addEventListener("change", () => this.#select(null));
    closer.addEventListener("click", () => this.#zoom(1 / ZOOM));
    farther.addEventListener("click", () => this.#zoom(ZOOM));
    whole.addEventListener("click", () => this.#select(null));
    charts.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (this.#key(event.key)) event.preventDefault();
    });
    charts.addEventListener("blur", () => this.#point !== null && this.#pointAt(null));
    // with the next frame: a chart's legend has a new height only once it is laid out
    const observer = new ResizeObserver(() => requestAnimationFrame(() => this.#fit()));
    for (const { container } of this.#charts) observer.observe(container);
    onColourScheme(() => this.#rebuild());
    this.#rebuild();
    this.#showLimits();
  }

  /** Another guest is on show, for which the selected times have no meaning. */
  reset(): void {
    this.#window = null;
    this.#point = null;
  }

  render({ phase }: LaboratoryState): void {
    this.#elements.charts.classList.toggle("stale", phase !== "running");
  }

  /** Shows the present points of a history, at the next frame. */
  update(history: History): void {
    if (history === this.#history && history.version === this.#drawnVersion) return;
    this.#history = history;
    this.#redraw();
  }

  /** Marks the moment that the other views show; null: they show the present. */
  mark(nowMs: number | null): void {
    if (nowMs === this.#markedMs) return;
    this.#markedMs = nowMs;
    this.#placeMarks();
  }

  #placeMarks(): void {
    const ms = this.#markedMs;
    const columns = this.#history?.columns;
    const seconds = ms === null || columns === undefined ? null : this.#onAxis(columns, ms / 1000);
    for (const { plot } of this.#charts) {
      const mark = plot?.over.querySelector<HTMLElement>(".chart-mark");
      if (plot === null || !mark) continue;
      const left = seconds === null ? -1 : plot.valToPos(seconds, "x");
      mark.hidden = !(left >= 0 && left <= plot.over.clientWidth);
      mark.style.translate = `${left}px`;
    }
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

  #redraw(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    this.#frame = 0;
    const history = this.#history;
    if (history === null) return;
    const { columns } = history;
    this.#drawnVersion = history.version;
    for (const { plot, band } of this.#charts) {
      if (plot === null) continue;
      plot.batch(() => {
        plot.setData([this.#timesOf(columns), ...band.curves.map(({ column }) => columns[column])]);
        showLastUnlessPointed(plot);
      });
    }
    this.#showLimits();
    this.#placeMarks();
    this.#summary.do(() => {
      this.#elements.summary.textContent = describePoint(columns, history.length - 1);
    });
  }

  /** Buttons at their limit stay focusable. */
  #showLimits(): void {
    const { farther, whole } = this.#elements;
    for (const button of [farther, whole]) button.setAttribute("aria-disabled", String(this.#window === null));
  }

  #timesOf(columns: Columns): number[] {
    return this.#elements.timeLine.value === "page" ? columns.pageSeconds : columns.virtualSeconds;
  }

  get #times(): readonly number[] {
    return this.#history === null ? [] : this.#timesOf(this.#history.columns);
  }

  #select(window: TimeWindow): void {
    this.#window = window;
    this.#redraw();
  }

  #key(key: string): boolean {
    if (key === "+" || key === "=") this.#zoom(1 / ZOOM);
    else if (key === "-") this.#zoom(ZOOM);
    else if (key === "Home") this.#select(null);
    else if (key === "ArrowLeft") this.#step(-1);
    else if (key === "ArrowRight") this.#step(1);
    else if (key === "Escape") this.#pointAt(null);
    else if (key === "Enter" && this.#point !== null) this.#pick(this.#times[this.#point]);
    else return false;
    return true;
  }

  /** To the next time at which something changed. */
  #step(by: 1 | -1): void {
    const times = this.#times;
    if (times.length === 0) return;
    const at = this.#point ?? times.length - 1;
    const time = times[at];
    let to = at;
    while (to + by >= 0 && to + by < times.length && times[to] === time) to += by;
    this.#pointAt(pointAt(times, times[to]));
  }

  #pointAt(point: number | null): void {
    this.#point = point;
    const history = this.#history;
    this.#elements.cursor.textContent = point === null || history === null ? "" : describePoint(history.columns, point);
    const time = point === null ? null : this.#times[point];
    if (time !== null && this.#window !== null && (time < this.#window[0] || time > this.#window[1])) {
      const half = (this.#window[1] - this.#window[0]) / 2;
      this.#window = [time - half, time + half];
      this.#draw();
    }
    for (const { plot } of this.#charts) {
      const left = time === null || plot === null ? -10 : Math.max(0, plot.valToPos(time, "x"));
      plot?.setCursor({ left, top: 0 });
    }
  }

  /** Looks at a time that is so many times as long, about the cursor, or about the end. */
  #zoom(factor: number): void {
    const times = this.#times;
    if (times.length === 0) return;
    const all: readonly [number, number] = [times[0], Math.max(times[times.length - 1], times[0] + 1)];
    const [from, to] = this.#window ?? all;
    const at = this.#point === null ? to : times[this.#point];
    const start = Math.max(all[0], at - (at - from) * factor);
    const end = Math.min(all[1], at + (to - at) * factor);
    this.#select(end - start >= all[1] - all[0] || end <= start ? null : [start, end]);
  }

  #fit(): void {
    for (const { container, plot } of this.#charts) {
      if (plot === null) continue;
      const legend = plot.root.querySelector<HTMLElement>(".u-legend")?.offsetHeight ?? 0;
      const width = container.clientWidth;
      const height = Math.max(40, container.clientHeight - legend);
      if (width > 0 && (width !== plot.width || height !== plot.height)) plot.setSize({ width, height });
    }
    this.#placeMarks();
  }

  /** Colours are fixed when a chart is made. */
  #rebuild(): void {
    for (const chart of this.#charts) {
      chart.plot?.destroy();
      const { container, band } = chart;
      const options = chartOptions(band, {
        window: () => this.#window,
        onSelect: (window) => this.#select(window),
      });
      const plot = new uPlot(options, [[], ...band.curves.map(() => [])], container);
      const mark = document.createElement("div");
      mark.className = "chart-mark";
      mark.hidden = true;
      plot.over.append(mark);
      // uPlot keeps the click that ends a drag to itself
      plot.over.addEventListener("click", ({ offsetX }) => this.#pick(plot.posToVal(offsetX, "x")));
      chart.plot = plot;
    }
    this.#fit();
    this.#redraw();
  }
}
