/** The ruler beside the map: round addresses, with their PFNs. */
import { grouped, PAGE_BYTES } from "xen-balloon/core";
import type { MapRange } from "./map-range.js";

/** The least distance of two marks, and the height of a mark with its text. */
const APART_PX = 38;
const MARK_PX = 28;

const UNITS = ["KiB", "MiB", "GiB", "TiB"] as const;
/** An address with more digits is told as its distance from the first mark. */
const MOST_DIGITS = 10_000;

/** A mark beside the row that has its page. */
export interface Mark {
  /** The top of the row, as a fraction of the map's height. */
  readonly y: number;
  readonly pfn: number;
  readonly address: string;
}

/** The round addresses in a view, so many at most. */
export function marksOf(view: MapRange, most: number): Mark[] {
  const { pfn, pages } = view.range;
  const rowPages = view.columns * view.cellPages;
  let step = rowPages;
  while (pages / step > most) step *= 2;
  const first = Math.ceil(pfn / step) * step;
  const count = Math.max(0, Math.ceil((pfn + pages - first) / step));
  const address = addressesFrom(first, step, count);
  return Array.from({ length: count }, (_, at) => {
    const marked = first + at * step;
    return { y: Math.floor((marked - pfn) / rowPages) / view.rows, pfn: marked, address: address(at) };
  });
}

/** All in the unit of their steps; where that takes too many digits, the first roughly and the others from it on. */
function addressesFrom(first: number, step: number, count: number): (at: number) => string {
  const { unit, pages } = unitOf(2 * step);
  const write = (amount: number): string => `${amount < 1000 ? amount : grouped(amount)} ${unit}`;
  const last = (first + Math.max(0, count - 1) * step) / pages;
  if (last < MOST_DIGITS) return (at) => (first + at * step === 0 ? "0" : write((first + at * step) / pages));
  const base = unitOf(first);
  return (at) =>
    at === 0 ? `${Number((first / base.pages).toPrecision(5))} ${base.unit}` : `+${write((at * step) / pages)}`;
}

/** The largest unit of which so many pages are one at least. */
function unitOf(pages: number): { readonly unit: string; readonly pages: number } {
  let at = 0;
  while (at + 1 < UNITS.length && pages >= pagesOf(at + 1)) at++;
  return { unit: UNITS[at], pages: pagesOf(at) };
}

function pagesOf(unit: number): number {
  return 1024 ** (unit + 1) / PAGE_BYTES;
}

export class Ruler {
  readonly #ruler: HTMLElement;
  #shown = "";

  constructor(ruler: HTMLElement) {
    this.#ruler = ruler;
    ruler.classList.add("map-ruler");
  }

  /** @param view - null: no guest is there. */
  show(view: MapRange | null, heightPx: number): void {
    const all = view === null ? [] : marksOf(view, Math.max(1, Math.floor(heightPx / APART_PX)));
    const marks = all.filter(({ y }) => y * heightPx <= heightPx - MARK_PX);
    const shown = JSON.stringify(marks);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#ruler.replaceChildren(...marks.map(elementOf));
  }
}

function elementOf({ y, pfn, address }: Mark): HTMLElement {
  const mark = document.createElement("div");
  mark.style.insetBlockStart = `${y * 100}%`;
  const [first, second] = [address, `0x${pfn.toString(16)}`].map((text) => {
    const line = document.createElement("span");
    line.textContent = text;
    return line;
  });
  mark.append(first, second);
  return mark;
}
