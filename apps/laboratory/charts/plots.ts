/** Plots over one time line: they share their cursor and the part of it that is looked at, by pointer and by keyboard. */
import "./locale.js";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { onColourScheme } from "../colour-scheme.js";
import { chartOptions, showLastUnlessPointed, type TimeWindow } from "./chart-options.js";
import type { Band, Line } from "./curves.js";
import { pointAt } from "./history.js";
import "./charts.css";

/** A step of the keyboard looks so much closer. */
const ZOOM = 2;
/** A plot that is lower shows nothing. */
const LEAST_PX = 40;

/** The elements of the page. */
export interface PlotElements {
  /** Gets the keys. */
  readonly charts: HTMLElement;
  readonly closer: HTMLButtonElement;
  readonly farther: HTMLButtonElement;
  readonly whole: HTMLButtonElement;
  /** Hidden from sight: the point at the keyboard's cursor, which is read aloud. */
  readonly cursor: HTMLElement;
}

/** A band with the element that gets its plot. */
export interface PlotPlace<L extends Line> {
  readonly container: HTMLElement;
  readonly band: Band<L>;
}

/** The points that are shown. */
export interface PlotData<L extends Line> {
  /** In seconds; they never fall. */
  readonly times: readonly number[];
  /** A value for each time; null where there is none. */
  readonly valuesOf: (line: L) => readonly (number | null)[];
  /** Describes a point in a sentence, for readers who cannot see it. */
  readonly describe: (point: number) => string;
}

export interface PlotHandlers<L extends Line> {
  /** The plots with this key share their cursor. */
  readonly syncKey: string;
  /** Asked for before each drawing; null: there is nothing to show. */
  readonly data: () => PlotData<L> | null;
  /** Receives the time that a reader has chosen. */
  readonly onPick?: (time: number) => void;
  readonly onDrawn?: () => void;
}

interface Placed<L extends Line> extends PlotPlace<L> {
  plot: uPlot | null;
}

export class Plots<L extends Line> {
  readonly #elements: PlotElements;
  readonly #places: readonly Placed<L>[];
  readonly #handlers: PlotHandlers<L>;
  #data: PlotData<L> | null = null;
  #window: TimeWindow = null;
  /** The point at the keyboard's cursor; null: none. */
  #point: number | null = null;
  #frame = 0;
  /** The time that is marked; null: none. */
  #marked: number | null = null;

  constructor(elements: PlotElements, places: readonly PlotPlace<L>[], handlers: PlotHandlers<L>) {
    this.#elements = elements;
    this.#handlers = handlers;
    this.#places = places.map((place) => ({ ...place, plot: null }));
    const { charts, closer, farther, whole } = elements;
    closer.addEventListener("click", () => this.#zoom(1 / ZOOM));
    farther.addEventListener("click", () => this.#zoom(ZOOM));
    whole.addEventListener("click", () => this.select(null));
    charts.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (this.#key(event.key)) event.preventDefault();
    });
    charts.addEventListener("blur", () => this.#point !== null && this.#pointAt(null));
    // with the next frame: a chart's legend has a new height only once it is laid out
    const observer = new ResizeObserver(() => requestAnimationFrame(() => this.#fit()));
    for (const { container } of this.#places) observer.observe(container);
    onColourScheme(() => this.#rebuild());
    this.#rebuild();
    this.#showLimits();
  }

  /** Other points follow, for which the selected times have no meaning. */
  reset(): void {
    this.#window = null;
    this.#point = null;
  }

  /** Draws at the next frame. */
  redraw(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#draw());
  }

  /** Looks at a part of the times; null: at all. */
  select(window: TimeWindow): void {
    this.#window = window;
    this.redraw();
  }

  /** Marks a time; null: none. */
  mark(time: number | null): void {
    this.#marked = time;
    this.#placeMarks();
  }

  /** The canvases as they are drawn, in the order of their places. */
  get canvases(): readonly HTMLCanvasElement[] {
    return this.#places.flatMap(({ plot }) => (plot === null ? [] : [plot.ctx.canvas]));
  }

  #placeMarks(): void {
    const time = this.#data === null ? null : this.#marked;
    for (const { plot } of this.#places) {
      const mark = plot?.over.querySelector<HTMLElement>(".chart-mark");
      if (plot === null || !mark) continue;
      const left = time === null ? -1 : plot.valToPos(time, "x");
      mark.hidden = !(left >= 0 && left <= plot.over.clientWidth);
      mark.style.translate = `${left}px`;
    }
  }

  #draw(): void {
    this.#frame = 0;
    const data = this.#handlers.data();
    this.#data = data;
    if (data === null) return;
    for (const { plot, band } of this.#places) {
      plot?.batch(() => {
        plot.setData([data.times, ...band.curves.map(data.valuesOf)] as uPlot.AlignedData);
        showLastUnlessPointed(plot);
      });
    }
    this.#showLimits();
    this.#placeMarks();
    this.#handlers.onDrawn?.();
  }

  /** Buttons at their limit stay focusable. */
  #showLimits(): void {
    const { farther, whole } = this.#elements;
    for (const button of [farther, whole]) button.setAttribute("aria-disabled", String(this.#window === null));
  }

  get #times(): readonly number[] {
    return this.#data?.times ?? [];
  }

  #key(key: string): boolean {
    if (key === "+" || key === "=") this.#zoom(1 / ZOOM);
    else if (key === "-") this.#zoom(ZOOM);
    else if (key === "Home") this.select(null);
    else if (key === "ArrowLeft") this.#step(-1);
    else if (key === "ArrowRight") this.#step(1);
    else if (key === "Escape") this.#pointAt(null);
    else if (key === "Enter" && this.#point !== null) this.#handlers.onPick?.(this.#times[this.#point]);
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
    this.#elements.cursor.textContent = point === null ? "" : (this.#data?.describe(point) ?? "");
    const time = point === null ? null : this.#times[point];
    if (time !== null && this.#window !== null && (time < this.#window[0] || time > this.#window[1])) {
      const half = (this.#window[1] - this.#window[0]) / 2;
      this.#window = [time - half, time + half];
      this.#draw();
    }
    for (const { plot } of this.#places) {
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
    this.select(end - start >= all[1] - all[0] || end <= start ? null : [start, end]);
  }

  #fit(): void {
    for (const { container, plot } of this.#places) {
      if (plot === null) continue;
      const legend = plot.root.querySelector<HTMLElement>(".u-legend")?.offsetHeight ?? 0;
      const width = container.clientWidth;
      const height = Math.max(LEAST_PX, container.clientHeight - legend);
      if (width > 0 && (width !== plot.width || height !== plot.height)) plot.setSize({ width, height });
    }
    this.#placeMarks();
  }

  /** Colours are fixed when a chart is made. */
  #rebuild(): void {
    for (const place of this.#places) {
      place.plot?.destroy();
      const { container, band } = place;
      const options = chartOptions(band, {
        syncKey: this.#handlers.syncKey,
        roomRight: this.#places.some(({ band: { axes } }) => axes.length > 1),
        window: () => this.#window,
        onSelect: (window) => this.select(window),
      });
      const plot = new uPlot(options, [[], ...band.curves.map(() => [])], container);
      const mark = document.createElement("div");
      mark.className = "chart-mark";
      mark.hidden = true;
      plot.over.append(mark);
      // uPlot keeps the click that ends a drag to itself
      plot.over.addEventListener("click", ({ offsetX }) => this.#handlers.onPick?.(plot.posToVal(offsetX, "x")));
      place.plot = plot;
    }
    this.#fit();
    this.redraw();
  }
}
