/** All of the guest in one strip, with the part that the map shows: a slider that moves the map. */
import { type Census, type CensusRange, grouped } from "xen-balloon/core";
import { colourCells } from "./map-paint.js";
import type { MapRange } from "./map-range.js";
import type { Palette } from "./map-states.js";

/** The most cells of the strip, a power of two. */
const MOST_CELLS = 512;

/** The census that the strip needs of a guest. */
export function overviewOf(pfnLimit: number): CensusRange {
  let cellPages = 1;
  while (pfnLimit / cellPages > MOST_CELLS) cellPages *= 2;
  return { pfn: 0, pages: pfnLimit, cellPages };
}

/** The elements of the page. */
export interface OverviewElements {
  /** Gets the focus, and has the others in it. */
  readonly slider: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  readonly window: HTMLElement;
}

export class Overview {
  readonly #elements: OverviewElements;
  readonly #context: CanvasRenderingContext2D;
  readonly #move: (pfn: number) => void;
  #view: MapRange | null = null;
  /** The pages from the begin of the window to where a drag holds it; null: none drags. */
  #grip: number | null = null;

  /**
   * @param move - shows the pages from this one on, as far as there are so many.
   * @param key - takes the keys that are those of the map, too. @returns false: it is none of them.
   */
  constructor(elements: OverviewElements, move: (pfn: number) => void, key: (key: string) => boolean) {
    const { slider, canvas } = elements;
    const context = canvas.getContext("2d");
    if (context === null) throw new Error("this browser has no 2D canvas");
    this.#elements = elements;
    this.#context = context;
    this.#move = move;
    slider.addEventListener("pointerdown", (event) => this.#press(event));
    slider.addEventListener("pointermove", (event) => {
      if (this.#grip !== null) this.#move(this.#pfnAt(event) - this.#grip);
    });
    for (const end of ["pointerup", "pointercancel"]) {
      slider.addEventListener(end, () => {
        this.#grip = null;
      });
    }
    slider.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (this.#key(event.key) || key(event.key)) event.preventDefault();
    });
  }

  /** Marks the part of the guest that the map shows; null: there is no guest. */
  mark(view: MapRange | null): void {
    this.#view = view;
    const { slider, window } = this.#elements;
    slider.setAttribute("aria-disabled", String(view === null || view.isWhole));
    const { pfn, pages } = view?.range ?? { pfn: 0, pages: 1 };
    const limit = view?.pfnLimit ?? 1;
    window.style.insetInlineStart = `${(100 * pfn) / limit}%`;
    window.style.inlineSize = `${(100 * pages) / limit}%`;
    slider.setAttribute("aria-valuemax", String(limit - 1));
    slider.setAttribute("aria-valuenow", String(pfn));
    const shown = `PFN ${grouped(pfn)} to ${grouped(pfn + pages - 1)} of ${grouped(limit)}`;
    slider.setAttribute("aria-valuetext", view === null ? "no guest" : view.isWhole ? "all of the guest" : shown);
  }

  /** Paints the census of overviewOf; null: there is none yet. */
  paint(census: Census | null, palette: Palette): void {
    const { canvas } = this.#elements;
    if (census === null) {
      this.#context.clearRect(0, 0, canvas.width, 1);
      return;
    }
    const { colours } = colourCells(census, palette);
    canvas.width = colours.length;
    // its last cell may reach beyond the guest
    canvas.style.inlineSize = `${(100 * colours.length * census.cellPages) / census.pages}%`;
    const image = new ImageData(colours.length, 1);
    new Uint32Array(image.data.buffer).set(colours);
    this.#context.putImageData(image, 0, 0);
  }

  #press(event: PointerEvent): void {
    if (event.button !== 0 || this.#view === null) return;
    this.#elements.slider.setPointerCapture(event.pointerId);
    const { pfn, pages } = this.#view.range;
    const at = this.#pfnAt(event);
    // beside the window: its middle comes there
    const inside = at >= pfn && at < pfn + pages;
    this.#grip = inside ? at - pfn : Math.floor(pages / 2);
    if (!inside) this.#move(at - this.#grip);
  }

  #pfnAt({ clientX }: PointerEvent): number {
    const { left, width } = this.#elements.slider.getBoundingClientRect();
    return Math.floor(((clientX - left) / width) * (this.#view?.pfnLimit ?? 0));
  }

  #key(key: string): boolean {
    if (this.#view === null) return false;
    const { pfn, pages } = this.#view.range;
    const row = this.#view.columns * this.#view.cellPages;
    const to: Readonly<Record<string, number>> = {
      ArrowLeft: pfn - row,
      ArrowDown: pfn - row,
      ArrowRight: pfn + row,
      ArrowUp: pfn + row,
      PageUp: pfn - pages,
      PageDown: pfn + pages,
      Home: 0,
      End: this.#view.pfnLimit,
    };
    if (!(key in to)) return false;
    this.#move(to[key]);
    return true;
  }
}
