/** Asks about the page under the pointer or the keyboard's cursor and its run, and shows the answer. */
import { type Census, formatSize, grouped, plural } from "xen-balloon/core";
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
  readonly #lines = Array.from({ length: 3 }, () => document.createElement("p"));
  #census: Census | null = null;
  #pfn: number | null = null;
  #by: Inspector = "pointer";

  constructor(status: HTMLElement, ask: (pfn: number) => void) {
    this.#status = status;
    this.#ask = ask;
    status.classList.add("map-status");
    status.replaceChildren(...this.#lines);
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
    this.#write(["", HINT]);
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
    const cell = this.#census === null ? "" : describeCell(this.#census, detail);
    this.#write(["Page ", describePage(detail)], ["Run ", describeRun(detail)], ["Cell ", cell]);
  }

  /** A line without a text is left out. */
  #write(...lines: (readonly [label: string, text: string])[]): void {
    for (const [at, line] of this.#lines.entries()) {
      const [label, text] = lines[at] ?? ["", ""];
      const shown = text === "" ? "" : label + text;
      if (line.textContent === shown) continue;
      const strong = document.createElement("b");
      strong.textContent = label;
      line.replaceChildren(...(shown === "" ? [] : [strong, text]));
    }
  }
}

/** `PFN 5 (0x5), in use. P2M: MFN 9 (0x9).` */
export function describePage({ pfn, state, table, mfn, scratchPfn }: PageDetail): string {
  const frame = mfn === null ? "INVALID" : `MFN ${withHex(mfn)}`;
  const entry = scratchPfn === null ? frame : `${frame}, the scratch page’s frame (its PFN is ${hex(scratchPfn)})`;
  return `PFN ${withHex(pfn)}, ${labelOf(state)}. ${table}: ${entry}.`;
}

/** `PFN 0x0 to 0xfff, 4,096 pages (16.00 MiB), all in use. P2M: MFN 0x2710 to 0x370f, step +1.` */
export function describeRun(detail: PageDetail): string {
  const { first, last, state, table } = detail;
  if (first === last) return "this page alone.";
  const pages = last - first + 1;
  const where = `PFN ${hex(first)} to ${hex(last)}, ${plural(pages, "page")} (${formatSize(pages)})`;
  return `${where}, all ${labelOf(state)}. ${table}: ${describeFrames(detail)}.`;
}

/** The frames, and which pages have them if that is not the whole run. */
function describeFrames({ frames, first, last, mfn, scratchPfn }: PageDetail): string {
  if (frames === null) return "the neighbours’ frames are elsewhere";
  const { firstMfn, step, further } = frames;
  const lastMfn = firstMfn + step * (frames.last - frames.first);
  const same = mfn === null ? "INVALID" : scratchPfn === null ? "one frame" : "the scratch page’s frame";
  const what = step === 0 ? same : `MFN ${hex(firstMfn)} to ${hex(lastMfn)}, step ${step > 0 ? "+1" : "−1"}`;
  const whole = frames.first === first && frames.last === last;
  const part = whole ? "" : `, PFN ${hex(frames.first)} to ${hex(frames.last)}`;
  return `${what}${part}${further ? " at least" : ""}`;
}

/** `PFN 0x0 to 0xfff, 4,096 pages: 4,000 in use, 96 ballooned.`; nothing for a cell that is all of one run. */
function describeCell(census: Census, { pfn, first: runFirst, last: runLast }: PageDetail): string {
  const { pages, cellPages } = census;
  const cell = Math.floor((pfn - census.pfn) / cellPages);
  if (cellPages === 1 || pfn < census.pfn || pfn >= census.pfn + pages) return "";
  const first = census.pfn + cell * cellPages;
  const last = Math.min(first + cellPages, census.pfn + pages) - 1;
  if (runFirst <= first && last <= runLast) return "";
  const states = pagesByState(census, cell).filter(([, count]) => count > 0);
  const counts = states.map(([label, count]) => `${grouped(count)} ${label}`).join(", ");
  return `PFN ${hex(first)} to ${hex(last)}, ${plural(last - first + 1, "page")}: ${counts}.`;
}

function hex(number: number): string {
  return `0x${number.toString(16)}`;
}

function withHex(number: number): string {
  return `${grouped(number)} (${hex(number)})`;
}
