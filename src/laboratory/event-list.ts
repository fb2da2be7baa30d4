/** The list of events: newest last, of some kinds or all, and never more rows than a page bears. */
import { formatTime } from "../scenario/quantity.js";
import { EVENT_KINDS, type EventKind, type EventRow, EventText, grouped } from "./event-text.js";
import type { LaboratoryEvent } from "./messages.js";

/** Where the list is shown. */
export interface EventListParts {
  readonly list: HTMLOListElement;
  /** What scrolls; the list or one that holds it. */
  readonly scroller: HTMLElement;
  /** Tells how many earlier ones are not shown. */
  readonly earlier: HTMLElement;
  /** Says aloud what matters: the list itself would be too much. */
  readonly status: HTMLElement;
  /** Gets a checkbox for each kind. */
  readonly filters: HTMLFieldSetElement;
}

const MAX_ROWS = 2000;
/** Rows that a filter can bring back; some more are kept, for they are thrown away in bulk. */
const KEPT_ROWS = 20_000;
/** As near to the end as this is at the end: heights are not whole pixels. */
const END_PX = 8;
const SPEECH_PAUSE_MS = 1000;

interface Entry {
  row: EventRow;
  element: HTMLLIElement | null;
}

export class EventList {
  readonly #parts: EventListParts;
  readonly #text = new EventText();
  readonly #shownKinds = new Set<EventKind>(Object.keys(EVENT_KINDS) as EventKind[]);
  /** Rows there ever were, by kind. */
  readonly #counts = new Map<EventKind, number>();
  #kept: Entry[] = [];
  /** How many of the last of them are not in the list yet. */
  #fresh = 0;
  /** The newest row in the list: others may have been merged into it since. */
  #newest: Entry | null = null;
  #frame: number | null = null;
  #following = true;
  #speech: ReturnType<typeof setTimeout> | null = null;
  #unspoken: EventRow | null = null;

  constructor(parts: EventListParts) {
    this.#parts = parts;
    const { scroller, status, filters } = parts;
    scroller.setAttribute("role", "log");
    scroller.setAttribute("aria-live", "off");
    status.setAttribute("role", "status");
    scroller.addEventListener(
      "scroll",
      () => {
        this.#following = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < END_PX;
      },
      { passive: true },
    );
    filters.append(...Object.entries(EVENT_KINDS).map(([kind, name]) => this.#filter(kind as EventKind, name)));
  }

  /** Adds events, oldest first. They are seen with the next frame. */
  add(events: readonly LaboratoryEvent[]): void {
    for (const event of events) {
      const { row, merged } = this.#text.add(event);
      const last = this.#kept.at(-1);
      if (merged && last !== undefined) last.row = row;
      else {
        this.#kept.push({ row, element: null });
        this.#fresh++;
        this.#counts.set(row.kind, (this.#counts.get(row.kind) ?? 0) + 1);
      }
      if (row.spoken !== null) this.#say(row);
    }
    if (this.#kept.length > 2 * KEPT_ROWS) this.#kept.splice(0, this.#kept.length - KEPT_ROWS);
    if (events.length > 0) this.#draw();
  }

  /** Takes all away. */
  clear(): void {
    this.#text.clear();
    this.#counts.clear();
    this.#kept = [];
    this.#unspoken = null;
    this.#parts.status.textContent = "";
    this.#following = true;
    this.#redrawAll();
  }

  #filter(kind: EventKind, name: string): HTMLLabelElement {
    const box = document.createElement("input");
    box.type = "checkbox";
    box.checked = true;
    box.value = kind;
    box.addEventListener("change", () => {
      if (box.checked) this.#shownKinds.add(kind);
      else this.#shownKinds.delete(kind);
      this.#redrawAll();
    });
    const label = document.createElement("label");
    label.append(box, ` ${name}`);
    return label;
  }

  #redrawAll(): void {
    for (const entry of this.#kept) entry.element = null;
    this.#newest = null;
    this.#fresh = this.#kept.length;
    this.#parts.list.replaceChildren();
    this.#draw();
  }

  #draw(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null;
      this.#drawFresh();
    });
  }

  #drawFresh(): void {
    const { list, scroller, earlier } = this.#parts;
    const newest = this.#newest;
    if (newest !== null && newest.element !== null) fill(newest.element, newest.row);
    const rows = this.#lastShown(Math.min(this.#fresh, this.#kept.length));
    this.#fresh = 0;
    if (rows.length === MAX_ROWS) list.replaceChildren();
    for (let over = list.childElementCount + rows.length - MAX_ROWS; over > 0; over--) list.firstElementChild?.remove();
    const fragment = document.createDocumentFragment();
    for (const entry of rows) {
      entry.element = document.createElement("li");
      entry.element.append(document.createElement("time"), document.createElement("span"));
      fill(entry.element, entry.row);
      fragment.append(entry.element);
    }
    list.append(fragment);
    this.#newest = rows.at(-1) ?? newest;
    let hidden = -list.childElementCount;
    for (const kind of this.#shownKinds) hidden += this.#counts.get(kind) ?? 0;
    earlier.hidden = hidden === 0;
    earlier.textContent = hidden === 0 ? "" : `${grouped(hidden)} earlier event${hidden === 1 ? "" : "s"} not shown`;
    if (this.#following) scroller.scrollTop = scroller.scrollHeight;
  }

  /** Of the last `count` rows those to be shown, oldest first. */
  #lastShown(count: number): Entry[] {
    const rows: Entry[] = [];
    for (let i = this.#kept.length - 1; i >= this.#kept.length - count && rows.length < MAX_ROWS; i--) {
      if (this.#shownKinds.has(this.#kept[i].row.kind)) rows.push(this.#kept[i]);
    }
    return rows.reverse();
  }

  /** The last of what happens in a pause; a BUG is the last of all. */
  #say(row: EventRow): void {
    this.#unspoken = row;
    this.#speech ??= setTimeout(() => {
      this.#speech = null;
      if (this.#unspoken !== null) this.#parts.status.textContent = this.#unspoken.spoken;
    }, SPEECH_PAUSE_MS);
  }
}

function fill(element: HTMLLIElement, row: EventRow): void {
  const [time, text] = element.children;
  element.dataset.kind = row.kind;
  time.textContent = formatTime(row.nowMs);
  text.textContent = row.text;
}
