/** Guests as bars on one scale: used, held, target, minimum, maximum; and what the host has free. */
import type { GuestSample, HostSample } from "xen-balloon/core";
import type { HostGuest } from "xen-balloon/toolstack";
import { sizeOf } from "../../host/quantity.js";
import type { HostState } from "./host-show.js";
import { guestsOf, type ShownPlan } from "./plan.js";
import { standingOf } from "./standing.js";

const GIB = 2 ** 20;
/** The most ticks of the scale. */
const MOST_TICKS = 6;

type Part = "frame" | "held" | "used" | "lacking" | "minimum" | "target";

export class GuestBars {
  readonly #list: HTMLElement;
  readonly #scale: HTMLElement;
  readonly #open: (name: string) => void;
  #plan: ShownPlan | null = null;
  #rows: readonly Row[] = [];
  #free: FreeRow | null = null;
  #mostKib = 1;

  /** @param open - opens the map of a guest. */
  constructor(list: HTMLElement, scale: HTMLElement, open: (name: string) => void) {
    this.#list = list;
    this.#scale = scale;
    this.#open = open;
  }

  render({ plan, recording, timeMs }: HostState): void {
    if (plan === null) return;
    if (plan !== this.#plan) this.#reset(plan);
    const sample = recording.samples[recording.sliceAt(timeMs)];
    if (sample === undefined) return;
    this.#fitScale(sample);
    this.#free?.show(sample.freeKib, this.#mostKib);
    for (const [i, row] of this.#rows.entries()) {
      const { guest } = row;
      const standing = standingOf(guest, sample.guests[i], recording, timeMs, plan.policy);
      row.show(sample.guests[i], this.#mostKib);
      row.tell(standing.words, standing.isWrong);
    }
  }

  /** The focus of the keyboard comes back to a guest whose map is closed. */
  focus(name: string): void {
    this.#rows.find(({ guest }) => guest.name === name)?.button.focus();
  }

  #reset(plan: ShownPlan): void {
    this.#plan = plan;
    this.#mostKib = Math.max(...guestsOf(plan).map(({ maximumKib }) => maximumKib));
    this.#free = new FreeRow(plan.host.totalKib);
    this.#rows = guestsOf(plan).map((guest) => new Row(guest, this.#open));
    this.#list.replaceChildren(...this.#rows.map(({ item }) => item), this.#free.item);
    this.#showScale();
  }

  /** The scale grows where the host has more free than any guest may have; it never shrinks while a plan is on show. */
  #fitScale({ freeKib }: HostSample): void {
    if (freeKib <= this.#mostKib) return;
    this.#mostKib = freeKib;
    this.#showScale();
  }

  #showScale(): void {
    let step = GIB / 4;
    while (this.#mostKib / step > MOST_TICKS) step *= 2;
    const ticks: HTMLElement[] = [];
    for (let kib = 0; kib <= this.#mostKib; kib += step) {
      const tick = document.createElement("span");
      tick.textContent = kib === 0 ? "0" : sizeOf(kib);
      tick.style.insetInlineStart = percent(kib, this.#mostKib);
      // the last one stays within the bar
      tick.classList.toggle("end", kib > this.#mostKib * 0.93);
      ticks.push(tick);
    }
    this.#scale.replaceChildren(...ticks);
    this.#list.style.setProperty("--tick", percent(step, this.#mostKib));
  }
}

/** One guest. */
class Row {
  readonly item: HTMLElement = make("li", "host-row");
  readonly button: HTMLButtonElement = document.createElement("button");
  readonly guest: HostGuest;
  readonly #parts: Readonly<Record<Part, HTMLElement>>;
  readonly #figures: Readonly<Record<"used" | "held" | "target", HTMLElement>>;
  readonly #words = make("p", "host-words");

  constructor(guest: HostGuest, open: (name: string) => void) {
    this.guest = guest;
    this.button.type = "button";
    this.button.className = "host-name";
    this.button.textContent = guest.name;
    this.button.title = `Open the map of ${guest.name}`;
    this.button.addEventListener("click", () => open(guest.name));
    const part = (name: Part): HTMLElement => make("span", name);
    this.#parts = {
      frame: part("frame"),
      held: part("held"),
      used: part("used"),
      lacking: part("lacking"),
      minimum: part("minimum"),
      target: part("target"),
    };
    const bar = make("div", "host-bar");
    bar.append(...Object.values(this.#parts));
    const figures = make("p", "host-figures");
    this.#figures = { used: figure(figures, "used"), held: figure(figures, "held"), target: figure(figures, "target") };
    const limits = make("span", "hidden");
    limits.textContent = `, minimum ${sizeOf(guest.minimumKib)}, maximum ${sizeOf(guest.maximumKib)}`;
    figures.append(limits);
    this.item.append(this.button, bar, figures, this.#words);
  }

  show({ usedKib, residentKib, heldKib, targetKib }: GuestSample, mostKib: number): void {
    const runs = heldKib > 0;
    const { frame, held, used, lacking, minimum, target } = this.#parts;
    this.item.classList.toggle("absent", !runs);
    frame.style.inlineSize = percent(this.guest.maximumKib, mostKib);
    held.style.inlineSize = percent(heldKib, mostKib);
    used.style.inlineSize = percent(residentKib, mostKib);
    lacking.style.insetInlineStart = percent(residentKib, mostKib);
    lacking.style.inlineSize = percent(Math.min(usedKib, mostKib) - residentKib, mostKib);
    lacking.hidden = usedKib <= residentKib;
    minimum.style.insetInlineStart = percent(this.guest.minimumKib, mostKib);
    target.style.insetInlineStart = percent(Math.min(targetKib, mostKib), mostKib);
    target.hidden = !runs;
    write(this.#figures.used, runs ? sizeOf(usedKib) : "–");
    write(this.#figures.held, runs ? sizeOf(heldKib) : "–");
    write(this.#figures.target, runs ? sizeOf(targetKib) : "–");
  }

  tell(words: string, isWrong: boolean): void {
    write(this.#words, words);
    this.#words.hidden = words === "";
    this.#words.classList.toggle("wrong", isWrong);
    this.item.classList.toggle("short", isWrong);
  }
}

/** The memory that the host has free. */
class FreeRow {
  readonly item: HTMLElement = make("li", "host-row host-free");
  readonly #totalKib: number;
  readonly #bar = make("span", "free");
  readonly #size: HTMLElement;

  constructor(totalKib: number) {
    this.#totalKib = totalKib;
    const name = make("span", "host-name");
    name.textContent = "Host free";
    const bar = make("div", "host-bar");
    bar.append(this.#bar);
    const figures = make("p", "host-figures");
    this.#size = figure(figures, "free");
    figures.append(` of ${sizeOf(totalKib)}`);
    this.item.append(name, bar, figures);
  }

  show(freeKib: number, mostKib: number): void {
    this.#bar.style.inlineSize = percent(freeKib, mostKib);
    write(this.#size, freeKib === 0 && this.#totalKib > 0 ? "nothing" : sizeOf(freeKib));
  }
}

function figure(around: HTMLElement, label: string): HTMLElement {
  const value = make("b", "");
  const entry = make("span", "host-figure");
  entry.append(`${label} `, value);
  around.append(entry);
  return value;
}

function make(tag: string, className: string): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  return made;
}

function percent(kib: number, of: number): string {
  return `${(100 * kib) / of}%`;
}

function write(place: HTMLElement, text: string): void {
  if (place.textContent !== text) place.textContent = text;
}
