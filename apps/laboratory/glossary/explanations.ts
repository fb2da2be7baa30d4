/**
 * Explains the terms of the page on focus or hover, in one box. As WCAG 1.4.13 asks, Escape dismisses it, the pointer may
 * move onto it, and it stays until the pointer or the focus leaves.
 */
import { TERMS, type Term } from "../../glossary/terms.js";
import { element } from "../elements.js";
import "./glossary.css";

const BY_WORD: ReadonlyMap<string, Term> = new Map(
  TERMS.flatMap((term) => [term.title, ...(term.also ?? [])].map((word) => [word.toLowerCase(), term] as const)),
);

/** The names of curves are terms, too; uPlot makes them anew with each chart. */
const CURVE_NAMES = ".u-legend .u-label";
const EXPLAINED = `[data-term], ${CURVE_NAMES}`;
/** The time in which the pointer may cross to the box, in ms. */
const LEAVE_MS = 200;
const MARGIN_PX = 8;

/** The place of a term in the driver, in words. */
function placeWords({ place }: Term): string {
  return place === null ? "Not of the driver." : `${place.name}, line ${place.line} of drivers/xen/balloon.c`;
}

export class Explanations {
  readonly #box = element("explanation", HTMLElement);
  readonly #text = document.createElement("span");
  readonly #place = document.createElement("span");
  #of: HTMLElement | null = null;
  #leaving: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    const box = this.#box;
    this.#place.className = "hint";
    box.append(this.#text, this.#place);
    document.addEventListener("pointerover", ({ target }) => {
      const over = explained(target);
      if (over !== null) this.#show(over);
      else if (target instanceof Node && box.contains(target)) clearTimeout(this.#leaving);
      else this.#leave();
    });
    document.addEventListener("focusin", ({ target }) => {
      const on = explained(target);
      if (on === null) this.#hide();
      else this.#show(on);
    });
    document.addEventListener("focusout", () => this.#hide());
    document.addEventListener("keydown", ({ key }) => key === "Escape" && this.#hide());
    addEventListener("scroll", () => this.#hide(), { capture: true, passive: true });
  }

  #show(of: HTMLElement): void {
    const term = termOf(of);
    if (term === undefined) return;
    clearTimeout(this.#leaving);
    if (of === this.#of) return;
    this.#hide();
    this.#of = of;
    of.setAttribute("aria-describedby", this.#box.id);
    this.#text.textContent = term.text;
    this.#place.textContent = placeWords(term);
    this.#box.hidden = false;
    this.#put(of.getBoundingClientRect());
  }

  /** Below the term, or above it where there is no room. */
  #put(of: DOMRect): void {
    const { offsetWidth, offsetHeight } = this.#box;
    const left = Math.min(of.left, innerWidth - offsetWidth - MARGIN_PX);
    const fits = of.bottom + offsetHeight + MARGIN_PX < innerHeight;
    this.#box.style.left = `${Math.max(MARGIN_PX, left)}px`;
    this.#box.style.top = `${fits ? of.bottom + 2 : Math.max(MARGIN_PX, of.top - offsetHeight - 2)}px`;
  }

  #leave(): void {
    if (this.#of === null || this.#of === document.activeElement) return;
    clearTimeout(this.#leaving);
    this.#leaving = setTimeout(() => this.#hide(), LEAVE_MS);
  }

  #hide(): void {
    clearTimeout(this.#leaving);
    this.#of?.removeAttribute("aria-describedby");
    this.#of = null;
    this.#box.hidden = true;
  }
}

function explained(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>(EXPLAINED) : null;
}

function termOf(of: HTMLElement): Term | undefined {
  return BY_WORD.get((of.dataset.term ?? of.textContent).trim().toLowerCase());
}

/** Makes terms of the elements' texts that are words of the glossary. The keyboard reaches each. */
export function markTerms(elements: Iterable<Element>): void {
  for (const each of elements) {
    for (const node of [...each.childNodes]) {
      if (!(node instanceof Text) || !BY_WORD.has(node.data.trim().toLowerCase())) continue;
      const term = document.createElement("span");
      term.textContent = node.data.trim();
      asTerm(term, term.textContent);
      node.replaceWith(term, node.data.endsWith(" ") ? " " : "");
    }
  }
}

/** Makes a term of an element that names it in data-term. */
export function asTerm(element: HTMLElement, word: string = element.dataset.term ?? ""): void {
  element.dataset.term = word;
  element.classList.add("term");
  element.tabIndex = 0;
}

/** Writes the whole glossary into a list. */
export function listTerms(list: HTMLDListElement): void {
  for (const term of TERMS.toSorted((one, other) => one.title.localeCompare(other.title, "en"))) {
    const word = document.createElement("dt");
    word.textContent = [term.title, ...(term.also ?? [])].join(", ");
    const text = document.createElement("dd");
    const place = document.createElement("span");
    place.className = "hint";
    place.textContent = placeWords(term);
    text.append(`${term.text} `, place);
    list.append(word, text);
  }
}
