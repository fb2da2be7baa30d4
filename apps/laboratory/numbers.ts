/** Shows the figures of a guest with words and units. */
import { formatPages, formatTime } from "xen-balloon/core";
import type { Snapshot } from "./session/messages.js";

const NAMES = [
  "current",
  "target",
  "credit",
  "balloon_low",
  "balloon_high",
  "host free",
  "held by the domain",
  "free in the guest",
  "retry_count",
  "schedule_delay",
  "next run",
  "time",
] as const;

/** Overwrites the list in place, because a rebuilt list would lose the reader's position. */
export class Numbers {
  readonly #values = new Map<string, HTMLElement>();

  constructor(list: HTMLDListElement) {
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

  show({ now, state }: Snapshot): void {
    if (now === null || state === null) return;
    const { stats } = now;
    const texts: Record<(typeof NAMES)[number], string> = {
      current: formatPages(stats.current_pages),
      target: formatPages(stats.target_pages),
      credit: formatPages(now.creditPages),
      balloon_low: formatPages(stats.balloon_low),
      balloon_high: formatPages(stats.balloon_high),
      "host free": formatPages(now.hostFreeFrames),
      "held by the domain": formatPages(state.totPages),
      "free in the guest": formatPages(state.freeNormalPages + state.freeHighPages),
      retry_count: `${stats.retry_count}${stats.max_retry_count === 0 ? "" : ` of ${stats.max_retry_count}`}`,
      schedule_delay: `${stats.schedule_delay} s`,
      "next run": now.workDueMs === null ? "none is due" : `at ${formatTime(now.workDueMs)}`,
      time: formatTime(now.nowMs),
    };
    for (const [name, text] of Object.entries(texts)) {
      const value = this.#values.get(name);
      if (value !== undefined && value.textContent !== text) value.textContent = text;
    }
  }
}
