/**
 * Passes a workload's moves on to its guest, and watches them: the pages that went each way, the time that this took,
 * and the targets that were not reached.
 */
import type { Stand } from "./stand.js";
import type { Subject } from "./workloads.js";

/** The moves of one way: out of the guest, or in. */
export interface WayMoved {
  /** Pages moved, counted by the frames that the guest holds. */
  pages: number;
  /** The time of the balloon's work, in ns; counting is left out. */
  ns: number;
  /** The most pages that were still to go this way when a settle or the way ended; 0 where each target was reached. */
  missedPages: number;
}

/** The moves of a pass, by way. */
export interface Moved {
  readonly out: WayMoved;
  readonly in: WayMoved;
}

export class Movement implements Subject {
  readonly #stand: Stand;
  #moved: Moved = noMoves();

  constructor(stand: Stand) {
    this.#stand = stand;
  }

  get guest(): Subject["guest"] {
    return this.#stand.guest;
  }

  get machine(): Subject["machine"] {
    return this.#stand.machine;
  }

  /** Begins a pass: nothing has moved yet. */
  begin(): void {
    this.#moved = noMoves();
  }

  /** The moves since `begin`. */
  get moved(): Moved {
    return this.#moved;
  }

  settle(targetPages: number): void {
    const way = this.#wayTo(targetPages);
    this.watch(way, () => this.#stand.settle(targetPages));
    this.ended(way);
  }

  /** Notes, as a way ends, how many pages are still to go that way. */
  ended(way: keyof Moved): void {
    const { target_pages, current_pages } = this.#stand.guest.stats();
    const missedPages = way === "out" ? current_pages - target_pages : target_pages - current_pages;
    this.#moved[way].missedPages = Math.max(this.#moved[way].missedPages, missedPages);
  }

  advance(ms: number): void {
    this.watch(this.#wayTo(this.#stand.guest.stats().target_pages), () => this.#stand.advance(ms));
  }

  /** Times the balloon's work, which moves pages one way alone, and counts them. */
  watch(way: keyof Moved, work: () => void): void {
    const before = this.#stand.guest.state().totPages;
    const begun = performance.now();
    work();
    const ns = (performance.now() - begun) * 1e6;
    this.#moved[way].ns += ns;
    this.#moved[way].pages += Math.abs(this.#stand.guest.state().totPages - before);
  }

  #wayTo(targetPages: number): keyof Moved {
    return targetPages < this.#stand.guest.stats().current_pages ? "out" : "in";
  }
}

/** The moves of a pass that has not begun. */
export function noMoves(): Moved {
  return { out: { pages: 0, ns: 0, missedPages: 0 }, in: { pages: 0, ns: 0, missedPages: 0 } };
}
