/** Every event of a guest that is kept, in rows that can be chosen by kind, searched and saved. */
import type { LaboratoryEvent } from "../session/messages.js";
import { EVENT_KINDS, type EventKind, type EventRow, EventRows, wordsOf } from "./event-text.js";

/** Rows that are kept; some more for a while, because they are dropped in bulk. */
const KEPT_ROWS = 100_000;

/** The rows that a reader has chosen to see. */
export interface Choice {
  readonly kinds: ReadonlySet<EventKind>;
  /** A part of the words; "" for any. */
  readonly search: string;
}

/** Rows are numbered from the first ever, from 0. */
export class EventLog {
  readonly #rows = new EventRows();
  readonly #keptRows: number;
  #kept: EventRow[] = [];
  #from = 0;

  constructor(keptRows: number = KEPT_ROWS) {
    this.#keptRows = keptRows;
  }

  /** Adds an event. @returns its row, which may be the last one. */
  add(event: LaboratoryEvent): EventRow {
    const row = this.#rows.add(event);
    if (row !== this.#kept.at(-1)) this.#kept.push(row);
    if (this.#kept.length > this.#keptRows * 1.25) {
      const over = this.#kept.length - this.#keptRows;
      this.#kept.splice(0, over);
      this.#from += over;
    }
    return row;
  }

  clear(): void {
    this.#rows.clear();
    this.#kept = [];
    this.#from = 0;
  }

  /** The number of the first row that is kept. */
  get from(): number {
    return this.#from;
  }

  /** The number after the last row's. */
  get to(): number {
    return this.#from + this.#kept.length;
  }

  /** @param at - the number of a row that is kept. */
  row(at: number): EventRow {
    return this.#kept[at - this.#from];
  }

  get last(): EventRow | null {
    return this.#kept.at(-1) ?? null;
  }

  /** The numbers of the last `most` chosen rows before `to`, oldest first; none before `from`. */
  before(to: number, most: number, choice: Choice, from: number = this.#from): number[] {
    const found: number[] = [];
    for (let at = to - 1; at >= Math.max(from, this.#from) && found.length < most; at--) {
      if (chosen(this.row(at), choice)) found.push(at);
    }
    return found.reverse();
  }

  /** The numbers of the first `most` chosen rows from `from` on. */
  after(from: number, most: number, choice: Choice): number[] {
    const found: number[] = [];
    for (let at = Math.max(from, this.#from); at < this.to && found.length < most; at++) {
      if (chosen(this.row(at), choice)) found.push(at);
    }
    return found;
  }

  /** Writes the chosen rows as a table of comma-separated values (RFC 4180). */
  csv(choice: Choice): string {
    const rows = this.after(this.#from, Number.POSITIVE_INFINITY, choice).map((at) => {
      const { event } = this.row(at);
      const words = wordsOf(this.row(at)).replaceAll('"', '""');
      return `${event.nowMs / 1000},${EVENT_KINDS[event.kind]},"${words}"`;
    });
    return ["time_s,kind,event", ...rows, ""].join("\r\n");
  }
}

function chosen(row: EventRow, { kinds, search }: Choice): boolean {
  return kinds.has(row.event.kind) && (search === "" || wordsOf(row).toLowerCase().includes(search));
}
