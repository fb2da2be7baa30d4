/** Everything around the map that tells where its view is, and moves it: ruler, overview, the way to a PFN, buttons. */
import type { Census } from "xen-balloon/core";
import type { Attempt } from "../notices.js";
import { listenToGoTo } from "./map-goto.js";
import { Overview, type OverviewElements } from "./map-overview.js";
import type { MapRange } from "./map-range.js";
import { Ruler } from "./map-ruler.js";
import type { Palette } from "./map-states.js";

/** The elements of the page. */
export interface PlaceElements {
  /** Beside the map, as high as it is. */
  readonly ruler: HTMLElement;
  readonly overview: OverviewElements;
  /** Has a field `pfn`. */
  readonly goTo: HTMLFormElement;
  readonly zoomIn: HTMLButtonElement;
  readonly zoomOut: HTMLButtonElement;
  readonly whole: HTMLButtonElement;
}

/** The map, as far as it is moved from here. */
export interface MovedMap {
  /** Null: there is no guest. */
  readonly view: MapRange | null;
  show(view: MapRange): void;
  zoom(steps: number): void;
  /** Shows a page closely, and tells about it. */
  goTo(pfn: number): void;
}

export class MapPlace {
  readonly #elements: PlaceElements;
  readonly #map: MovedMap;
  readonly #ruler: Ruler;
  readonly #overview: Overview;
  /** The last census of the whole guest, for other colours. */
  #census: Census | null = null;

  constructor(elements: PlaceElements, map: MovedMap, attempt: Attempt) {
    const { ruler, overview, goTo, zoomIn, zoomOut, whole } = elements;
    this.#elements = elements;
    this.#map = map;
    this.#ruler = new Ruler(ruler);
    this.#overview = new Overview(
      overview,
      (pfn) => this.#move((view) => view.beginningAt(pfn)),
      (key) => this.zoomKey(key),
    );
    listenToGoTo(
      goTo,
      attempt,
      () => map.view?.pfnLimit ?? null,
      (pfn) => map.goTo(pfn),
    );
    zoomIn.addEventListener("click", () => map.zoom(1));
    zoomOut.addEventListener("click", () => map.zoom(-1));
    whole.addEventListener("click", () => this.#move((view) => view.whole()));
  }

  #move(to: (view: MapRange) => MapRange): void {
    const { view } = this.#map;
    if (view !== null) this.#map.show(to(view));
  }

  /** Zooms by a key. @returns false: it is none for that. */
  zoomKey(key: string): boolean {
    if (key === "+" || key === "=") this.#map.zoom(1);
    else if (key === "-") this.#map.zoom(-1);
    else return false;
    return true;
  }

  /** Tells where the view is. Buttons at their limit stay focusable. */
  show(heightPx: number): void {
    const { view } = this.#map;
    this.#ruler.show(view, heightPx);
    this.#overview.mark(view);
    const { zoomIn, zoomOut, whole } = this.#elements;
    zoomIn.setAttribute("aria-disabled", String(view?.isClosest ?? true));
    for (const button of [zoomOut, whole]) button.setAttribute("aria-disabled", String(view?.isWhole ?? true));
  }

  /** Paints the whole guest; null: nobody has counted it yet. */
  paint(census: Census | null, palette: Palette): void {
    this.#census = census;
    this.#overview.paint(census, palette);
  }

  recolour(palette: Palette): void {
    this.#overview.paint(this.#census, palette);
  }
}
