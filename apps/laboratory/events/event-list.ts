/** The list of events: the newest, or any page of all that are kept; of some kinds, or with some words. */
import "./event-list.css";
import { grouped, plural } from "xen-balloon/core";
import { formatClock } from "../quantity.js";
import type { LaboratoryEvent } from "../session/messages.js";
import { type Choice, EventLog } from "./event-log.js";
import { EVENT_KINDS, type EventKind, type EventRow, isSpoken, wordsOf } from "./event-text.js";

/** The elements that show the list. */
export interface EventListParts {
  /** Gets a `li` for each event, and scrolls. */
  readonly list: HTMLElement;
  /** Tells which rows are shown, and of how many. */
  readonly shown: HTMLElement;
  /** Tells the last event, while the list itself is folded away, too. */
  readonly last: HTMLElement;
  /** A polite live region: says aloud what matters, where the list itself would be too much. */
  readonly status: HTMLElement;
  /** Gets a checkbox for each kind. */
  readonly filters: HTMLFieldSetElement;
  readonly search: HTMLInputElement;
  readonly first: HTMLButtonElement;
  readonly back: HTMLButtonElement;
  readonly on: HTMLButtonElement;
  readonly follow: HTMLButtonElement;
  readonly save: HTMLButtonElement;
}

/** Rows of a page. */
const ROWS = 200;
/** A list that is scrolled this near to its end counts as at its end, because heights are not whole pixels. */
const END_PX = 8;
const SPEECH_PAUSE_MS = 1000;

/** A row in the list. */
interface Shown {
  readonly at: number;
  readonly element: HTMLLIElement;
}

export class EventList {
  readonly #parts: EventListParts;
  readonly #log = new EventLog();
  readonly #kinds = new Set<EventKind>(Object.keys(EVENT_KINDS) as EventKind[]);
  #search = "";
  #shown: Shown[] = [];
  /** Rows up to here have been looked at. */
  #seenTo = 0;
  /** True: the newest rows are shown as they come. */
  #following = true;
  #atEnd = true;
  #frame: number | null = null;
  #speech: ReturnType<typeof setTimeout> | null = null;
  #unspoken: EventRow | null = null;
  #marked: Shown | null = null;

  /**
   * @param save - gives the reader a file of comma-separated values.
   * @param onPick - receives the time in ms of an event that a reader has chosen.
   */
  constructor(parts: EventListParts, save: (csv: string) => void, onPick: (nowMs: number) => void) {
    this.#parts = parts;
    parts.list.addEventListener("click", ({ target }) => {
      const row = (target as Element).closest("button")?.closest("li");
      const shown = this.#shown.find(({ element }) => element === row);
      if (shown !== undefined) onPick(this.#log.row(shown.at).event.nowMs);
    });
    const { list, filters, search } = parts;
    list.addEventListener(
      "scroll",
      () => {
        this.#atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < END_PX;
      },
      { passive: true },
    );
    filters.append(...Object.entries(EVENT_KINDS).map(([kind, name]) => this.#filter(kind as EventKind, name)));
    search.addEventListener("input", () => {
      this.#search = search.value.trim().toLowerCase();
      this.#follow();
    });
    parts.first.addEventListener("click", () => this.#page(this.#log.after(this.#log.from, ROWS, this.#choice)));
    parts.back.addEventListener("click", () => {
      const [first] = this.#shown;
      const earlier = this.#log.before(first?.at ?? this.#log.to, ROWS, this.#choice);
      if (earlier.length > 0) this.#page(earlier);
    });
    parts.on.addEventListener("click", () => {
      const last = this.#shown.at(-1);
      const later = this.#log.after((last?.at ?? this.#log.from) + 1, ROWS, this.#choice);
      if (later.length < ROWS) this.#follow();
      else this.#page(later);
    });
    parts.follow.addEventListener("click", () => this.#follow());
    parts.save.addEventListener("click", () => save(this.#log.csv(this.#choice)));
  }

  /** Adds events, oldest first. They are seen with the next frame. */
  add(events: readonly LaboratoryEvent[]): void {
    for (const event of events) {
      const row = this.#log.add(event);
      if (isSpoken(event)) this.#say(row);
    }
    if (events.length > 0) this.draw();
  }

  /** Marks the last row of a moment that the other views show; null: they show the present. */
  mark(nowMs: number | null): void {
    const before = ({ at }: Shown): boolean => nowMs !== null && this.#log.row(at).event.nowMs <= nowMs;
    const marked = this.#shown.findLast(before) ?? null;
    if (marked === this.#marked) return;
    this.#marked?.element.removeAttribute("aria-current");
    marked?.element.setAttribute("aria-current", "true");
    marked?.element.scrollIntoView({ block: "nearest" });
    this.#marked = marked;
  }

  /** Takes all away. */
  clear(): void {
    this.#log.clear();
    this.#unspoken = null;
    this.#parts.status.textContent = "";
    this.#follow();
  }

  /** Draws with the next frame. Must be called when the list comes into sight. */
  draw(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null;
      this.#draw();
    });
  }

  get #choice(): Choice {
    return { kinds: this.#kinds, search: this.#search };
  }

  #filter(kind: EventKind, name: string): HTMLLabelElement {
    const box = document.createElement("input");
    box.type = "checkbox";
    box.checked = true;
    box.value = kind;
    box.addEventListener("change", () => {
      if (box.checked) this.#kinds.add(kind);
      else this.#kinds.delete(kind);
      this.#follow();
    });
    const label = document.createElement("label");
    label.append(box, ` ${name}`);
    return label;
  }

  /** Shows the newest rows, and those that come. */
  #follow(): void {
    this.#following = true;
    this.#atEnd = true;
    this.#parts.list.replaceChildren();
    this.#shown = [];
    this.#seenTo = this.#log.from;
    this.draw();
  }

  /** Shows these rows, whatever comes. */
  #page(rows: readonly number[]): void {
    this.#following = false;
    this.#parts.list.replaceChildren();
    this.#shown = [];
    this.#append(rows);
    this.#parts.list.scrollTop = 0;
    this.#tell();
  }

  #draw(): void {
    const { list, last } = this.#parts;
    const newest = this.#log.last;
    last.textContent = newest === null ? "" : `${formatClock(newest.event.nowMs)} ${wordsOf(newest)}`;
    // a list out of sight catches up when it comes into sight
    if (list.offsetParent === null) return;
    if (this.#following) {
      // others may have been merged into it since
      const shown = this.#shown.at(-1);
      if (shown !== undefined && shown.at >= this.#log.from) this.#fill(shown);
      this.#append(this.#log.before(this.#log.to, ROWS, this.#choice, this.#seenTo));
      this.#seenTo = this.#log.to;
      for (const { element } of this.#shown.splice(0, Math.max(0, this.#shown.length - ROWS))) element.remove();
      if (this.#atEnd) list.scrollTop = list.scrollHeight;
    }
    this.#tell();
  }

  /** Which rows are shown. */
  #tell(): void {
    const { shown, first, back, on, follow } = this.#parts;
    const [oldest] = this.#shown;
    const newest = this.#shown.at(-1);
    const chosen = this.#search !== "" || this.#kinds.size < Object.keys(EVENT_KINDS).length;
    const range = oldest && newest ? `${grouped(oldest.at + 1)} to ${grouped(newest.at + 1)} of ` : "";
    const dropped = this.#log.from === 0 ? "" : `, the first ${grouped(this.#log.from)} are dropped`;
    shown.textContent = `${range}${plural(this.#log.to, "event")}${chosen ? ", those chosen" : ""}${dropped}`;
    const atStart = oldest === undefined || oldest.at <= this.#log.from;
    for (const button of [first, back]) button.setAttribute("aria-disabled", String(atStart));
    for (const button of [on, follow]) button.setAttribute("aria-disabled", String(this.#following));
  }

  #append(rows: readonly number[]): void {
    const made = rows.map((at): Shown => {
      const element = document.createElement("li");
      const time = document.createElement("button");
      time.type = "button";
      time.className = "event-time";
      time.title = "To this time";
      // the keyboard has the time line: hundreds of stops would be none
      time.tabIndex = -1;
      element.append(time, document.createElement("span"));
      const shown = { at, element };
      this.#fill(shown);
      return shown;
    });
    this.#shown.push(...made);
    this.#parts.list.append(...made.map(({ element }) => element));
  }

  #fill({ at, element }: Shown): void {
    const row = this.#log.row(at);
    const [time, text] = element.children;
    element.dataset.kind = row.event.kind;
    time.textContent = formatClock(row.event.nowMs);
    text.textContent = wordsOf(row);
  }

  /** Speaks the last of the events that came during a pause. */
  #say(row: EventRow): void {
    this.#unspoken = row;
    this.#speech ??= setTimeout(() => {
      this.#speech = null;
      if (this.#unspoken !== null) this.#parts.status.textContent = wordsOf(this.#unspoken);
    }, SPEECH_PAUSE_MS);
  }
}
