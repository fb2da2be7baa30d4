/** From a census to pixels: one for each cell of a view. */
import type { Census } from "xen-balloon/core";
import type { MapRange } from "./map-range.js";
import type { Palette } from "./map-states.js";

/** A pixel of ImageData seen as 32 bits, on the little-endian machines on which browsers run. */
const OPAQUE = 0xff00_0000;

/** A census as colours, one for each of its cells. */
export interface Picture {
  readonly census: Census;
  readonly colours: Uint32Array;
}

/** A cell's colour is the mix of its states' colours, weighted by their pages. */
export function colourCells(census: Census, palette: Palette): Picture {
  const { pages, cellPages, counts } = census;
  const colours = new Uint32Array(counts.inUse.length);
  const red = new Float32Array(colours.length);
  const green = new Float32Array(colours.length);
  const blue = new Float32Array(colours.length);
  for (const [state, r, g, b] of palette) {
    const of = counts[state];
    for (let cell = 0; cell < of.length; cell++) {
      const weight = of[cell];
      if (weight === 0) continue;
      red[cell] += weight * r;
      green[cell] += weight * g;
      blue[cell] += weight * b;
    }
  }
  for (let cell = 0; cell < colours.length; cell++) {
    const all = Math.min(cellPages, pages - cell * cellPages);
    const [r, g, b] = [red[cell] / all, green[cell] / all, blue[cell] / all];
    colours[cell] = OPAQUE | (Math.round(b) << 16) | (Math.round(g) << 8) | Math.round(r);
  }
  return { census, colours };
}

/**
 * Paints a view from the first picture that has the page at the beginning of a cell: an old one of other pages or other
 * cells stands in until there is a new one. What none has stays transparent.
 */
export function paintCells(view: MapRange, pictures: readonly Picture[], pixels: Uint32Array): void {
  pixels.fill(0);
  const { pfn, pages, cellPages } = view.range;
  const cells = Math.ceil(pages / cellPages);
  for (const { census, colours } of pictures.toReversed()) {
    const first = Math.max(0, Math.ceil((census.pfn - pfn) / cellPages));
    const end = Math.min(cells, Math.ceil((census.pfn + census.pages - pfn) / cellPages));
    for (let cell = first; cell < end; cell++) {
      const page = pfn + cell * cellPages;
      pixels[cell] = colours[Math.floor((page - census.pfn) / census.cellPages)];
    }
  }
}
