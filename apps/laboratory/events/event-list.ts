/** The list of events: newest last, of some kinds or all, and never more rows than a page bears. */
import "./event-list.css";
import { formatTime, grouped } from "xen-balloon/core";
import type { LaboratoryEvent } from "../session/messages.js";
import { EVENT_KINDS, type EventKind, type EventRow, EventRows, isSpoken, wordsOf } from "./event-text.js";

/** The elements that show the list. */
export interface EventListParts {
  /** Gets a `li` for each event, and scrolls. */
  readonly list: HTMLElement;
  /** Tells how many earlier ones are not shown. */
  readonly earlier: HTMLElement;
  /** A polite live region: says aloud what matters, where the list itself would be too much. */
  readonly status: HTMLElement;
  /** Gets a checkbox for each kind. */
  readonly filters: HTMLFieldSetElement;
}

const MAX_ROWS = 500;
/** Rows made in one frame: the newest; older ones follow in the frames after it. */
const ROWS_A_FRAME = 100;
/** Rows that a filter can bring back; some more are kept, for they are thrown away in bulk. */
const KEPT_ROWS = 20_000;
/** A list that is scrolled this near to its end counts as at its end, because heights are not whole pixels. */
const END_PX = 8;
const SPEECH_PAUSE_MS = 1000;

/** A row in the list. */
interface Shown {
  readonly at: number;
  readonly row: EventRow;
  readonly element: HTMLLIElement;
}

export class EventList {
  readonly #parts: EventListParts;
  readonly #rows = new EventRows();
  readonly #shownKinds = new Set<EventKind>(Object.keys(EVENT_KINDS) as EventKind[]);
  /** Rows there ever were, by kind. */
  readonly #counts = new Map<EventKind, number>();
  #kept: EventRow[] = [];
  /** Rows are numbered from the first ever: this is the number of the first that is kept. */
  #keptFrom = 0;
  /** In the list are the rows from here to there, those of the kinds that are shown. */
  #shown: Shown[] = [];
  #shownFrom = 0;
  #shownTo = 0;
  #frame: number | null = null;
  #following = true;
  #speech: ReturnType<typeof setTimeout> | null = null;
  #unspoken: EventRow | null = null;

  constructor(parts: EventListParts) {
    this.#parts = parts;
    const { list, filters } = parts;
    // a list that scrolls must be reached by the keyboard; no log, which would be read aloud as it grows
    list.tabIndex = 0;
    list.addEventListener(
      "scroll",
      () => {
        this.#following = list.scrollHeight - list.scrollTop - list.clientHeight < END_PX;
      },
      { passive: true },
    );
    filters.append(...Object.entries(EVENT_KINDS).map(([kind, name]) => this.#filter(kind as EventKind, name)));
  }

  /** Adds events, oldest first. They are seen with the next frame. */
  add(events: readonly LaboratoryEvent[]): void {
    for (const event of events) {
      const row = this.#rows.add(event);
      if (row !== this.#kept.at(-1)) {
        this.#kept.push(row);
        this.#counts.set(event.kind, (this.#counts.get(event.kind) ?? 0) + 1);
      }
      if (isSpoken(event)) this.#say(row);
    }
    if (this.#kept.length > 2 * KEPT_ROWS) {
      const over = this.#kept.length - KEPT_ROWS;
      this.#kept.splice(0, over);
      this.#keptFrom += over;
    }
    if (events.length > 0) this.#drawSoon();
  }

  /** Takes all away. */
  clear(): void {
    this.#rows.clear();
    this.#counts.clear();
    this.#kept = [];
    this.#keptFrom = 0;
    this.#unspoken = null;
    this.#parts.status.textContent = "";
    this.#following = true;
    this.#restart();
    this.#drawSoon();
  }

  #filter(kind: EventKind, name: string): HTMLLabelElement {
    const box = document.createElement("input");
    box.type = "checkbox";
    box.checked = true;
    box.value = kind;
    box.addEventListener("change", () => {
      if (box.checked) this.#shownKinds.add(kind);
      else this.#shownKinds.delete(kind);
      this.#restart();
      this.#drawSoon();
    });
    const label = document.createElement("label");
    label.append(box, ` ${name}`);
    return label;
  }

  #drawSoon(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null;
      this.#draw();
    });
  }

  /** Shows none: the last ones come from behind. */
  #restart(): void {
    this.#parts.list.replaceChildren();
    this.#shown = [];
    this.#shownFrom = this.#shownTo = this.#keptFrom + this.#kept.length;
  }

  #draw(): void {
    const { list, earlier } = this.#parts;
    // others may have been merged into it since
    const newest = this.#shown.at(-1);
    if (newest !== undefined) fill(newest);

    const end = this.#keptFrom + this.#kept.length;
    const fresh = this.#rowsBetween(Math.max(this.#shownTo, this.#keptFrom), end, ROWS_A_FRAME + 1);
    const tooMany = fresh.length > ROWS_A_FRAME;
    if (tooMany) this.#restart();
    else list.append(this.#make(fresh, (made) => this.#shown.push(...made)));
    this.#shownTo = end;
    const over = this.#shown.splice(0, Math.max(0, this.#shown.length - MAX_ROWS));
    for (const { element } of over) element.remove();
    if (over.length > 0) this.#shownFrom = this.#shown[0].at;

    const room = Math.min(ROWS_A_FRAME - (tooMany ? 0 : fresh.length), MAX_ROWS - this.#shown.length);
    const older = this.#rowsBetween(this.#keptFrom, this.#shownFrom, room);
    list.prepend(this.#make(older, (made) => this.#shown.unshift(...made)));
    this.#shownFrom = older.length < room ? this.#keptFrom : (this.#shown[0]?.at ?? end);
    if (older.length > 0) this.#drawSoon();

    let hidden = -this.#shown.length;
    for (const kind of this.#shownKinds) hidden += this.#counts.get(kind) ?? 0;
    earlier.hidden = hidden === 0;
    earlier.textContent = hidden === 0 ? "" : `${grouped(hidden)} earlier event${hidden === 1 ? "" : "s"} not shown`;
    if (this.#following) list.scrollTop = list.scrollHeight;
  }

  /** Numbers of the last `most` rows to be shown among those from `from` up to `to`, oldest first. */
  #rowsBetween(from: number, to: number, most: number): number[] {
    const found: number[] = [];
    for (let at = to - 1; at >= from && found.length < most; at--) {
      if (this.#shownKinds.has(this.#kept[at - this.#keptFrom].event.kind)) found.push(at);
    }
    return found.reverse();
  }

  #make(rows: readonly number[], keep: (made: readonly Shown[]) => void): DocumentFragment {
    const fragment = document.createDocumentFragment();
    const made = rows.map((at): Shown => {
      const element = document.createElement("li");
      element.append(document.createElement("time"), document.createElement("span"));
      const shown = { at, row: this.#kept[at - this.#keptFrom], element };
      fill(shown);
      fragment.append(element);
      return shown;
    });
    keep(made);
    return fragment;
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

function fill({ row, element }: Shown): void {
  const [time, text] = element.children;
  element.dataset.kind = row.event.kind;
  time.textContent = formatTime(row.event.nowMs);
  text.textContent = wordsOf(row);
}
