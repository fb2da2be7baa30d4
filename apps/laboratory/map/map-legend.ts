/** The map's legend, a table of the pages in each state, and the map in a sentence for those who cannot see it. */
import { type Census, formatSize } from "xen-balloon/core";
import { Seldom } from "../seldom.js";
import { pagesByState, STATES } from "./map-states.js";

const SENTENCE_INTERVAL_MS = 2000;

interface Row {
  readonly pages: Text;
  readonly size: Text;
}

/** Shows censuses in the legend and in the sentence. */
export class MapLegend {
  readonly #canvas: HTMLCanvasElement;
  readonly #caption: Text = document.createTextNode("");
  readonly #rows: readonly Row[];
  readonly #sentence = new Seldom(SENTENCE_INTERVAL_MS);

  /** @param table - an empty table, to be filled. */
  constructor(table: HTMLTableElement, canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    table.classList.add("map-legend");
    table.createCaption().append(this.#caption);
    const head = table.createTHead().insertRow();
    for (const title of ["State", "Pages", "Size"]) {
      const cell = document.createElement("th");
      cell.scope = "col";
      cell.textContent = title;
      head.append(cell);
    }
    const body = table.createTBody();
    this.#rows = STATES.map(({ label, property }) => addRow(body, label, property));
  }

  /** Shows what a census counted. */
  show(census: Census): void {
    const counts = pagesByState(census);
    write(this.#caption, describeRange(census));
    for (const [at, { pages, size }] of this.#rows.entries()) {
      write(pages, counts[at][1].toLocaleString("en"));
      write(size, formatSize(counts[at][1]));
    }
    this.#sentence.do(() => this.#canvas.setAttribute("aria-label", sentence(census)));
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

function describeRange({ pfn, pages, cellPages }: Census): string {
  const last = pfn + pages - 1;
  return `PFN ${pfn} to ${last}, ${cellPages === 1 ? "one page" : `${cellPages} pages`} a cell`;
}

function addRow(body: HTMLTableSectionElement, label: string, property: string): Row {
  const row = body.insertRow();
  const name = document.createElement("th");
  name.scope = "row";
  const swatch = document.createElement("span");
  swatch.className = "map-swatch";
  swatch.style.background = `var(${property})`;
  name.append(swatch, label);
  row.append(name);
  const texts = { pages: document.createTextNode(""), size: document.createTextNode("") };
  row.insertCell().append(texts.pages);
  row.insertCell().append(texts.size);
  return texts;
}

/** Texts that stay the same are left alone: a change makes the browser lay out the table again. */
function write(text: Text, value: string): void {
  if (text.data !== value) text.data = value;
}
