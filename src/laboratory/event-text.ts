/** Events in words, and which of them make one row. */
import { formatPages, formatTime, plural } from "../scenario/quantity.js";
import type { LaboratoryEvent } from "./messages.js";

export type EventKind = LaboratoryEvent["kind"];

/** Every kind, and what the reader chooses it by. */
export const EVENT_KINDS: Readonly<Record<EventKind, string>> = {
  operation: "operations",
  populate: "populate_physmap",
  decrease: "decrease_reservation",
  retry: "retries",
  cancelled: "cancellations",
  hotplug: "hotplug",
  log: "kernel log",
  bug: "BUGs",
};

/** A row of the list. */
export interface EventRow {
  readonly nowMs: number;
  readonly kind: EventKind;
  readonly text: string;
  /** What says it to somebody who does not see the list; null where that would be too much. */
  readonly spoken: string | null;
}

/** Makes rows of events. Events that say the same right after each other make one. */
export class EventText {
  #last: LaboratoryEvent | null = null;
  #times = 0;
  /** Tries of the run that fails at present, as the last retry told. */
  #tries = 1;

  /** The row of an event, and whether it stands in place of the row before. */
  add(event: LaboratoryEvent): { row: EventRow; merged: boolean } {
    const merged = this.#last !== null && alike(this.#last, event);
    // the row keeps the time of its first
    const nowMs = merged && this.#last !== null ? this.#last.nowMs : event.nowMs;
    this.#times = (merged ? this.#times : 0) + timesOf(event);
    this.#last = { ...event, nowMs };
    if (event.kind === "retry") this.#tries = event.retryCount;
    const text = this.#words(event);
    if (event.kind === "cancelled") this.#tries = 1;
    return { row: { nowMs, kind: event.kind, text, spoken: SPOKEN.has(event.kind) ? text : null }, merged };
  }

  /** Nothing was before. */
  clear(): void {
    this.#last = null;
    this.#tries = 1;
  }

  #words(event: LaboratoryEvent): string {
    switch (event.kind) {
      case "operation":
        return event.line;
      case "populate":
        return `populate: ${extents(event.askedExtents, event.rc)}${calls(this.#times)}`;
      case "decrease":
        return `decrease: ${extents(event.askedExtents, event.rc)}${calls(this.#times)}`;
      case "retry":
        return `retry ${event.retryCount - 1}, next at ${formatTime(event.dueMs)}`;
      case "cancelled":
        return `cancelled after ${this.#tries === 1 ? "1 try" : `${this.#tries} tries`}`;
      case "hotplug":
        return `hotplug: memory ends at ${formatPages(event.maxPfn)}`;
      case "log":
        return this.#times === 1 ? event.line : `${event.line} (${grouped(this.#times)} times)`;
      case "bug":
        return `BUG_ON(${event.condition}): the guest has ended`;
    }
  }
}

const SPOKEN: ReadonlySet<EventKind> = new Set<EventKind>(["retry", "cancelled", "bug"]);

function alike(a: LaboratoryEvent, b: LaboratoryEvent): boolean {
  if (a.kind === "populate" || a.kind === "decrease") {
    return a.kind === b.kind && a.askedExtents === b.askedExtents && a.rc === b.rc;
  }
  return a.kind === "log" && b.kind === "log" && a.line === b.line;
}

function timesOf(event: LaboratoryEvent): number {
  return event.kind === "populate" || event.kind === "decrease" ? event.calls : 1;
}

function extents(asked: number, rc: number): string {
  if (rc === asked) return plural(asked, "extent");
  return `asked ${asked}, ${rc < 0 ? `answered ${rc}` : `granted ${rc}`}`;
}

function calls(times: number): string {
  return times === 1 ? "" : ` × ${grouped(times)} calls`;
}

/** `12,345`, whatever the reader's language: the page is in English. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=([0-9]{3})+$)/g, ",");
}
