/** The map's legend, a list of the pages in each state, and the map in a sentence for those who cannot see it. */
import { type Census, formatSize, grouped } from "xen-balloon/core";
import { Seldom } from "../seldom.js";
import { pagesByState, STATES } from "./map-states.js";

const SENTENCE_INTERVAL_MS = 2000;

/** The elements of the page. */
export interface LegendElements {
  readonly canvas: HTMLCanvasElement;
  /** An empty list, to be filled. */
  readonly legend: HTMLUListElement;
  /** Tells how large a cell is; the rulers tell which pages are shown. */
  readonly range: HTMLElement;
}

/** Shows censuses in the legend and in the sentence. */
export class MapLegend {
  readonly #elements: LegendElements;
  readonly #pages: readonly Text[];
  readonly #sentence = new Seldom(SENTENCE_INTERVAL_MS);

  constructor(elements: LegendElements) {
    this.#elements = elements;
    elements.legend.classList.add("map-legend");
    this.#pages = STATES.map(({ label, property }) => addEntry(elements.legend, label, property));
  }

  /** Shows what a census counted. */
  show(census: Census): void {
    const { canvas, range } = this.#elements;
    const counts = pagesByState(census);
    const described = describeCells(census);
    if (range.textContent !== described) range.textContent = described;
    for (const [at, text] of this.#pages.entries()) {
      const [, pages] = counts[at];
      write(text, pages === 0 ? "0" : `${grouped(pages)} (${formatSize(pages)})`);
    }
    this.#sentence.do(() => canvas.setAttribute("aria-label", sentence(census)));
  }

  /** No guest is there to be counted. */
  clear(): void {
    this.#elements.range.textContent = "";
    this.#elements.canvas.setAttribute("aria-label", "Map of the guest's memory, empty before a boot.");
    for (const text of this.#pages) write(text, "–");
  }
}

/** `in use 62.5 %, ballooned 37.5 %`: those there are. */
function sentence(census: Census): string {
  const shares = pagesByState(census)
    .filter(([, pages]) => pages > 0)
    .map(([label, pages]) => `${label} ${share(pages, census.pages)}`);
  return `Map of the guest's memory. ${describeRange(census)}: ${shares.join(", ")}.`;
}

function share(pages: number, of: number): string {
  const percent = (100 * pages) / of;
  if (percent < 0.1) return "under 0.1 %";
  if (percent > 99.9 && pages < of) return "over 99.9 %";
  return `${percent.toFixed(1)} %`;
}

function describeRange(census: Census): string {
  const { pfn, pages } = census;
  return `PFN ${grouped(pfn)} to ${grouped(pfn + pages - 1)}, ${describeCells(census)}`;
}

function describeCells({ cellPages }: Census): string {
  return `${cellPages === 1 ? "1 page" : formatSize(cellPages)} a cell`;
}

function addEntry(list: HTMLUListElement, label: string, property: string): Text {
  const entry = document.createElement("li");
  const swatch = document.createElement("span");
  swatch.className = "map-swatch";
  swatch.style.background = `var(${property})`;
  const pages = document.createTextNode("–");
  const count = document.createElement("span");
  count.className = "map-count";
  count.append(pages);
  entry.append(swatch, `${label} `, count);
  list.append(entry);
  return pages;
}

/** Texts that stay the same are left alone: a change makes the browser lay out the list again. */
function write(text: Text, value: string): void {
  if (text.data !== value) text.data = value;
}
