/** The things that are to happen on a host, in order of time. */

/** The order within one instant: the drivers go first, then the guests' programs and reports, then the policy. */
export type Rank = 0 | 1 | 2;

/** Something that is to happen. */
interface Entry {
  readonly timeMs: number;
  readonly rank: Rank;
  readonly order: number;
  readonly happen: () => void;
}

/** A binary heap of entries; among equals of one rank, the one that was put in first comes first. */
export class Agenda {
  readonly #heap: Entry[] = [];
  #order = 0;

  /** The time of the first entry; Infinity where there is none. */
  get nextMs(): number {
    return this.#heap.length === 0 ? Number.POSITIVE_INFINITY : this.#heap[0].timeMs;
  }

  /** Puts something in. It cannot be taken out: who does not want it any more ignores it. */
  put(timeMs: number, rank: Rank, happen: () => void): void {
    const entry: Entry = { timeMs, rank, order: this.#order++, happen };
    const heap = this.#heap;
    let at = heap.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(entry, heap[parent])) break;
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = entry;
  }

  /** Takes out what comes first. There must be an entry. */
  take(): () => void {
    const heap = this.#heap;
    const [first] = heap;
    const last = heap.pop() as Entry;
    if (heap.length > 0) this.#sink(last);
    return first.happen;
  }

  /** Puts `entry` in the place of the first, and below those that come before it. */
  #sink(entry: Entry): void {
    const heap = this.#heap;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1], heap[child])) child++;
      if (!before(heap[child], entry)) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = entry;
  }
}

function before(a: Entry, b: Entry): boolean {
  if (a.timeMs !== b.timeMs) return a.timeMs < b.timeMs;
  if (a.rank !== b.rank) return a.rank < b.rank;
  return a.order < b.order;
}
