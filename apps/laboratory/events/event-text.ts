/** Events in words, and which of them make one row. */
import { cancelledAfter, extentsOfAsked, formatPages, grouped, nextTry } from "xen-balloon/core";
import type { LaboratoryEvent } from "../session/messages.js";

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

/** A row of the list: an event, and those that said the same right after it. */
export interface EventRow {
  /** The first of them. */
  readonly event: LaboratoryEvent;
  /** Calls or lines in all. */
  times: number;
}

/** Makes rows of events. */
export class EventRows {
  #last: EventRow | null = null;

  /** The row of an event: a new one, or the last one, which now stands for it, too. */
  add(event: LaboratoryEvent): EventRow {
    if (this.#last !== null && alike(this.#last.event, event)) {
      this.#last.times += timesOf(event);
      return this.#last;
    }
    this.#last = { event, times: timesOf(event) };
    return this.#last;
  }

  /** Nothing was before. */
  clear(): void {
    this.#last = null;
  }
}

/** Tells a row in words. */
export function wordsOf({ event, times }: EventRow): string {
  switch (event.kind) {
    case "operation": {
      const { line, movedPages, came } = event;
      const moved = movedPages === 0 ? [] : [`${movedPages < 0 ? "-" : "+"}${formatPages(Math.abs(movedPages))}`];
      const told = [...moved, ...came].join("; ");
      return told === "" ? line : `${line}: ${told}`;
    }
    case "populate":
    case "decrease":
      return `${event.kind}: ${extentsOfAsked(event.askedExtents, event.rc, event.why)}${times === 1 ? "" : ` × ${grouped(times)} calls`}`;
    case "retry":
      return `retry: ${nextTry(event.retryCount - 1, event.dueMs)}`;
    case "cancelled":
      return cancelledAfter(event.tries);
    case "hotplug":
      return `hotplug: memory ends at ${formatPages(event.maxPfn)}`;
    case "log":
      return times === 1 ? event.line : `${event.line} (${grouped(times)} times)`;
    case "bug":
      return `BUG_ON(${event.condition}): the guest has ended`;
  }
}

/** Whether a reader who does not see the list is told. */
export function isSpoken({ kind }: LaboratoryEvent): boolean {
  return kind === "retry" || kind === "cancelled" || kind === "bug";
}

function alike(a: LaboratoryEvent, b: LaboratoryEvent): boolean {
  if (a.kind === "populate" || a.kind === "decrease") {
    return a.kind === b.kind && a.askedExtents === b.askedExtents && a.rc === b.rc && a.why === b.why;
  }
  return a.kind === "log" && b.kind === "log" && a.line === b.line;
}

function timesOf(event: LaboratoryEvent): number {
  return event.kind === "populate" || event.kind === "decrease" ? event.calls : 1;
}
