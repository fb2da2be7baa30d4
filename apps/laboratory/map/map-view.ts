/** The map of a guest's memory, live. */
import type { Census, CensusRange } from "xen-balloon/core";
import { onColourScheme } from "../colour-scheme.js";
import type { LaboratoryState } from "../laboratory.js";
import type { Attempt } from "../notices.js";
import type { PageDetail } from "../session/messages.js";
import { listenToMap, type MapActions } from "./map-input.js";
import { type Inspector, MapInspection } from "./map-inspection.js";
import { MapLegend } from "./map-legend.js";
import { overviewOf } from "./map-overview.js";
import { colourCells, type Picture } from "./map-paint.js";
import { MapPlace, type MovedMap, type PlaceElements } from "./map-place.js";
import { gridFor, MapRange, type Point } from "./map-range.js";
import { type Palette, readPalette } from "./map-states.js";
import { MapSurface } from "./map-surface.js";
import "./map.css";

/** The elements of the page. The map fills the legend, the range and the status line, and the buttons zoom. */
export interface MapElements extends PlaceElements {
  readonly canvas: HTMLCanvasElement;
  readonly status: HTMLElement;
  readonly legend: HTMLUListElement;
  readonly range: HTMLElement;
}

/** The callbacks that the map needs from the page. */
export interface MapHandlers {
  /** Hears that the view has changed: the next census should have this range. */
  readonly onRange: (range: CensusRange) => void;
  /** Asks for a page, to be answered by showPage. */
  readonly onInspect: (pfn: number) => void;
  readonly attempt: Attempt;
}

const MIDDLE: Point = { x: 0.5, y: 0.5 };

/** Shows one guest at a time. */
export class MemoryMap {
  readonly #elements: MapElements;
  readonly #handlers: MapHandlers;
  readonly #surface: MapSurface;
  readonly #legend: MapLegend;
  readonly #inspection: MapInspection;
  readonly #place: MapPlace;
  #palette: Palette = readPalette();
  #view: MapRange = MapRange.whole(gridFor(1, 1), 1);
  #hasGuest = false;
  /** The newest picture, and the newest of the whole guest: that one stands in where a new view shows other pages. */
  #newest: Picture | null = null;
  #whole: Picture | null = null;
  #pointer: Point | null = null;
  #cursor = 0;
  #dragFrom: MapRange | null = null;
  #frame = 0;

  constructor(elements: MapElements, handlers: MapHandlers) {
    const { canvas, status } = elements;
    this.#elements = elements;
    this.#handlers = handlers;
    canvas.classList.add("map-canvas");
    canvas.setAttribute("role", "img");
    canvas.tabIndex = 0;
    this.#legend = new MapLegend(elements);
    this.#legend.clear();
    this.#inspection = new MapInspection(status, handlers.onInspect);
    this.#place = new MapPlace(elements, this.#moved(), handlers.attempt);
    this.#surface = new MapSurface(canvas, () => {
      this.#show(this.#view.withGrid(gridFor(this.#surface.width, this.#surface.height)));
      this.#showPlace();
      this.#paint();
    });
    listenToMap(canvas, this.#actions());
    canvas.addEventListener("focus", () => this.#repaint());
    canvas.addEventListener("blur", () => {
      if (this.#pointer === null) this.#inspection.stop();
      this.#repaint();
    });
    onColourScheme(() => this.#recolour());
    this.#showPlace();
  }

  /** The pages shown: what to ask the next census for. */
  get range(): CensusRange {
    return this.#view.range;
  }

  /** All of the guest: what to ask for beside it. */
  get overviewRange(): CensusRange {
    return overviewOf(this.#view.pfnLimit);
  }

  /** A guest that does not live is shown as it last stood, and looks so. */
  render({ phase }: Pick<LaboratoryState, "phase">): void {
    const { canvas, legend, overview } = this.#elements;
    for (const part of [canvas, legend, overview.slider]) part.classList.toggle("stale", phase !== "running");
  }

  /** A new guest, to be shown whole. */
  setGuest(pfnLimit: number): void {
    this.#hasGuest = true;
    this.#newest = this.#whole = null;
    this.#place.paint(null, this.#palette);
    this.#legend.clear();
    this.#cursor = 0;
    this.#inspection.stop();
    this.#view = MapRange.whole(gridFor(this.#surface.width, this.#surface.height), pfnLimit);
    this.#showPlace();
    this.#handlers.onRange(this.range);
  }

  /** Shows these pages, or a view that has them. */
  show(pfn: number, pages: number): void {
    this.#show(this.#view.showing(pfn, pages));
  }

  /** Shows a census, at the next frame. One of another range stands in for the one asked for. */
  draw(census: Census, overview: Census): void {
    this.#place.paint(overview, this.#palette);
    this.#newest = colourCells(census, this.#palette);
    if (census.pages === this.#view.pfnLimit) this.#whole = this.#newest;
    const { pfn, pages, cellPages } = this.range;
    if (census.pfn === pfn && census.pages === pages && census.cellPages === cellPages) {
      this.#legend.show(census);
      this.#inspection.refresh(census);
    }
    this.#repaint();
  }

  /** The answer to onInspect. */
  showPage(detail: PageDetail): void {
    this.#inspection.show(detail);
  }

  #moved(): MovedMap {
    const shown = (): MapRange | null => (this.#hasGuest ? this.#view : null);
    return {
      get view() {
        return shown();
      },
      show: (view) => this.#show(view),
      zoom: (steps) => this.#show(this.#view.zoom(steps, this.#centre())),
      goTo: (pfn) => {
        this.#cursor = pfn;
        this.#pointer = null;
        this.#show(this.#view.closeTo(pfn));
        this.#look(pfn, "cursor");
      },
    };
  }

  #actions(): MapActions {
    return {
      zoom: (steps, at) => this.#show(this.#view.zoom(steps, at)),
      canZoom: (closer) => !(closer ? this.#view.isClosest : this.#view.isWhole),
      dragStart: () => {
        this.#dragFrom = this.#view;
        this.#elements.canvas.classList.add("dragged");
      },
      drag: ({ x, y }) => {
        const { columns, rows } = this.#view;
        const cells = -Math.round(y * rows) * columns - Math.round(x * columns);
        this.#show((this.#dragFrom ?? this.#view).pan(cells));
      },
      dragEnd: () => this.#elements.canvas.classList.remove("dragged"),
      hover: (at) => {
        this.#pointer = at;
        this.#lookAtPointer();
      },
      pick: (at) => {
        this.#cursor = this.#view.pfnAt(at) ?? this.#cursor;
        this.#look(this.#cursor, "pointer");
      },
      key: (key) => this.#key(key),
    };
  }

  #key(key: string): boolean {
    const { columns, rows, cellPages } = this.#view;
    const row = columns * cellPages;
    const moves: Readonly<Record<string, number>> = {
      ArrowLeft: -cellPages,
      ArrowRight: cellPages,
      ArrowUp: -row,
      ArrowDown: row,
      PageUp: -row * rows,
      PageDown: row * rows,
      Enter: 0,
    };
    if (this.#place.zoomKey(key)) return true;
    if (key === "Home") this.#show(this.#view.whole());
    else if (key in moves) this.#moveCursor(moves[key], key.startsWith("Page"));
    else return false;
    return true;
  }

  #moveCursor(pages: number, pan: boolean): void {
    const moved = this.#cursor + pages;
    if (moved >= 0 && moved < this.#view.pfnLimit) this.#cursor = moved;
    const view = pan ? this.#view.pan(pages / this.#view.cellPages) : this.#view;
    this.#pointer = null;
    this.#show(view.reveal(this.#cursor));
    this.#look(this.#cursor, "cursor");
  }

  /** The place around which the buttons and keys zoom. */
  #centre(): Point {
    return this.#view.pointOf(this.#cursor) ?? MIDDLE;
  }

  #lookAtPointer(): void {
    const pfn = this.#pointer === null ? null : this.#view.pfnAt(this.#pointer);
    if (pfn === null) this.#inspection.stop();
    else this.#look(pfn, "pointer");
    this.#repaint();
  }

  #look(pfn: number, by: Inspector): void {
    if (this.#hasGuest) this.#inspection.look(pfn, by);
    this.#repaint();
  }

  #show(view: MapRange): void {
    if (sameView(view, this.#view)) return;
    this.#view = view;
    this.#showPlace();
    if (this.#pointer !== null) this.#lookAtPointer();
    this.#repaint();
    if (this.#hasGuest) this.#handlers.onRange(this.range);
  }

  /** Updates what tells where the view is. A finger that cannot pan the map scrolls the page. */
  #showPlace(): void {
    const { canvas } = this.#elements;
    this.#place.show(canvas.clientHeight);
    canvas.style.touchAction = this.#view.isWhole ? "pan-y" : "none";
  }

  #recolour(): void {
    this.#palette = readPalette();
    this.#surface.readColours();
    this.#place.recolour(this.#palette);
    const again = (picture: Picture | null) => picture && colourCells(picture.census, this.#palette);
    this.#newest = again(this.#newest);
    this.#whole = again(this.#whole);
    this.#repaint();
  }

  #repaint(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#paint());
  }

  #paint(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const pictures = [this.#newest, this.#whole].filter((picture) => picture !== null);
    if (pictures.length === 0) return;
    const focused = document.activeElement === this.#elements.canvas;
    const marked = this.#pointer === null && focused ? this.#cursor : this.#inspection.pfn;
    this.#surface.paint(this.#view, pictures, marked === null ? null : this.#view.pointOf(marked));
  }
}

function sameView(one: MapRange, other: MapRange): boolean {
  return one.pfn === other.pfn && one.columns === other.columns && one.cellPages === other.cellPages;
}
