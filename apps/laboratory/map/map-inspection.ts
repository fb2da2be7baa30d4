/** Asks about the page under the pointer or the keyboard's cursor, and shows the answer. */
import { type Census, grouped, plural } from "xen-balloon/core";
import { Seldom } from "../seldom.js";
import type { PageDetail } from "../session/messages.js";
import { labelOf, pagesByState } from "./map-states.js";

const ASK_INTERVAL_MS = 100;
const HINT = "Point at the map to see what a page is, or focus it and use the arrow keys.";

/**
 * The source of a question. A pointer's page is asked with every census, a cursor's once, because it may be read out.
 */
export type Inspector = "pointer" | "cursor";

/** Asks, and writes the answers into the status line. */
export class MapInspection {
  readonly #status: HTMLElement;
  readonly #ask: (pfn: number) => void;
  readonly #asking = new Seldom(ASK_INTERVAL_MS);
  readonly #cell: HTMLElement;
  readonly #page: HTMLElement;
  #census: Census | null = null;
  #pfn: number | null = null;
  #by: Inspector = "pointer";

  constructor(status: HTMLElement, ask: (pfn: number) => void) {
    this.#status = status;
    this.#ask = ask;
    status.classList.add("map-status");
    this.#cell = document.createElement("span");
    this.#page = document.createElement("span");
    status.replaceChildren(this.#cell, this.#page);
    this.stop();
  }

  get pfn(): number | null {
    return this.#pfn;
  }

  /** Asks for a page. */
  look(pfn: number, by: Inspector): void {
    this.#pfn = pfn;
    this.#by = by;
    this.#status.setAttribute("aria-live", by === "cursor" ? "polite" : "off");
    this.#asking.do(() => this.#ask(pfn));
  }

  /** Ends the inspection. */
  stop(): void {
    this.#pfn = null;
    this.#asking.cancel();
    this.#status.setAttribute("aria-live", "off");
    this.#cell.textContent = "";
    this.#page.textContent = HINT;
  }

  /** Takes a newer census, which may make the text about a cell wrong. */
  refresh(census: Census): void {
    const before = this.#census;
    this.#census = census;
    const otherCells = before?.pfn !== census.pfn || before.cellPages !== census.cellPages;
    if (this.#pfn !== null && (this.#by === "pointer" || otherCells)) this.look(this.#pfn, this.#by);
  }

  /** Shows the answer, and ignores a late one. */
  show(detail: PageDetail): void {
    if (this.#pfn === null || (this.#by === "cursor" && detail.pfn !== this.#pfn)) return;
    this.#cell.textContent = this.#census === null ? "" : describeCell(this.#census, detail.pfn);
    this.#page.textContent = describePage(detail);
  }
}

/** `PFN 0 to 4,095, 4,096 pages: 4,000 in use, 96 ballooned.`; nothing for a cell of one page. */
function describeCell(census: Census, pfn: number): string {
  const { pages, cellPages } = census;
  const cell = Math.floor((pfn - census.pfn) / cellPages);
  if (cellPages === 1 || pfn < census.pfn || pfn >= census.pfn + pages) return "";
  const first = census.pfn + cell * cellPages;
  const last = Math.min(first + cellPages, census.pfn + pages) - 1;
  const states = pagesByState(census, cell).filter(([, count]) => count > 0);
  const counts = states.map(([label, count]) => `${grouped(count)} ${label}`).join(", ");
  return `PFN ${grouped(first)} to ${grouped(last)}, ${plural(last - first + 1, "page")}: ${counts}.`;
}

/** `PFN 5 (0x5), MFN 9 (0x9): in use.` */
function describePage({ pfn, mfn, state }: PageDetail): string {
  return `PFN ${withHex(pfn)}, ${mfn === null ? "no MFN" : `MFN ${withHex(mfn)}`}: ${labelOf(state)}.`;
}

function withHex(number: number): string {
  return `${grouped(number)} (0x${number.toString(16)})`;
}
