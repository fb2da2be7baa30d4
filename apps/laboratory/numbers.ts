/** Shows the figures of a guest with words and units. */
import { formatPages, grouped } from "xen-balloon/core";
import type { LaboratoryState } from "./laboratory.js";
import { formatClock } from "./quantity.js";
import type { Figures } from "./session/messages.js";

const NAMES = [
  "current",
  "target",
  "credit",
  "host free",
  "balloon_low",
  "balloon_high",
  "held by the domain",
  "free in the guest",
  "retry_count",
  "schedule_delay",
  "next run",
  "time",
] as const;

type Name = (typeof NAMES)[number];

/** Overwrites the list in place, because a rebuilt list would lose the reader's position. */
export class Numbers {
  readonly #list: HTMLDListElement;
  readonly #values = new Map<Name, HTMLElement>();

  constructor(list: HTMLDListElement) {
    this.#list = list;
    for (const name of NAMES) {
      const term = document.createElement("dt");
      const value = document.createElement("dd");
      term.textContent = name;
      value.dataset.name = name;
      this.#values.set(name, value);
      const pair = document.createElement("div");
      pair.append(term, value);
      list.append(pair);
    }
  }

  /** Figures of a guest that has ended are those before its end, and look so. */
  render({ phase, snapshot }: LaboratoryState): void {
    const figures = snapshot?.figures ?? null;
    this.#list.classList.toggle("stale", phase !== "running");
    const texts = figures === null ? null : textsOf(figures);
    for (const [name, value] of this.#values) {
      const text = texts?.[name] ?? "–";
      if (value.textContent !== text) value.textContent = text;
    }
  }
}

function textsOf({ now, state }: Figures): Record<Name, string> {
  const { stats } = now;
  return {
    current: formatPages(stats.current_pages),
    target: formatPages(stats.target_pages),
    credit: formatPages(now.creditPages),
    balloon_low: formatPages(stats.balloon_low),
    balloon_high: formatPages(stats.balloon_high),
    "host free": formatPages(now.hostFreeFrames),
    "held by the domain": formatPages(state.totPages),
    "free in the guest": formatPages(state.freeNormalPages + state.freeHighPages),
    retry_count: `${grouped(stats.retry_count)}${stats.max_retry_count === 0 ? "" : ` of ${grouped(stats.max_retry_count)}`}`,
    schedule_delay: `${grouped(stats.schedule_delay)} s`,
    "next run": now.workDueMs === null ? "none is due" : `at ${formatClock(now.workDueMs)}`,
    time: formatClock(now.nowMs),
  };
}
