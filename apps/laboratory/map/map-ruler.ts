/** The ruler beside the map: round addresses, with their PFNs. */
import { PAGE_BYTES } from "xen-balloon/core";
import { writePages } from "../quantity.js";
import type { MapRange } from "./map-range.js";

/** The least distance of two marks, and the height of a mark with its text. */
const APART_PX = 38;
const MARK_PX = 28;

/** Addresses that take more characters are told as distances from the first mark. */
const MOST_CHARACTERS = 10;

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

/** Each as it is; where that takes too many characters, the first roughly and the others from it on. */
function addressesFrom(first: number, step: number, count: number): (at: number) => string {
  const write = (at: number): string => (first + at * step === 0 ? "0" : writePages(first + at * step));
  const isShort = (text: string): boolean => text.length <= MOST_CHARACTERS && !text.endsWith("pages");
  if (Array.from({ length: count }, (_, at) => write(at)).every(isShort)) return write;
  return (at) => (at === 0 ? roughly(first) : `+${writePages(at * step)}`);
}

/** `11.719 GiB` */
function roughly(pages: number): string {
  const gib = 2 ** 30 / PAGE_BYTES;
  const [unit, each] = pages < gib ? ["MiB", gib / 1024] : ["GiB", gib];
  return `${Number((pages / each).toPrecision(5))} ${unit}`;
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
