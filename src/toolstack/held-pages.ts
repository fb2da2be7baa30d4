/** The pages that a guest's programs and page cache hold, as runs: they are many, and mostly contiguous. */
import type { Pages } from "../host/units.js";
import type { WorldGuest } from "../world/guest.js";

/** The most pages that are taken or go back in one call. */
const PIECE_PAGES = 16_384;

/** Pages go back in the order opposite to that in which they came. */
export class HeldPages {
  readonly #guest: WorldGuest;
  /** The first page of each run, and its length. */
  readonly #runs: [first: number, pages: Pages][] = [];
  #pages: Pages = 0;
  readonly #piece = new Uint32Array(PIECE_PAGES);

  constructor(guest: WorldGuest) {
    this.#guest = guest;
  }

  get pages(): Pages {
    return this.#pages;
  }

  /** Takes or frees pages until it holds `pages`, or until the guest has no free page. */
  hold(pages: Pages): void {
    if (pages > this.#pages) this.#take(pages - this.#pages);
    else if (pages < this.#pages) this.#free(this.#pages - pages);
  }

  /** Takes piece by piece: a list of all the pages at once would be as long as they are many. */
  #take(pages: Pages): void {
    for (let left = pages; left > 0; ) {
      const asked = Math.min(left, PIECE_PAGES);
      const piece = this.#piece.subarray(0, asked);
      const taken = this.#guest.enter((backend) => backend.takePages(piece, true));
      this.#keep(piece.subarray(0, taken));
      if (taken < asked) return;
      left -= asked;
    }
  }

  #keep(pfns: Uint32Array): void {
    for (let from = 0, end = 0; from < pfns.length; from = end) {
      end = endOfRun(pfns, from);
      const last = this.#runs[this.#runs.length - 1];
      if (last !== undefined && last[0] + last[1] === pfns[from]) last[1] += end - from;
      else this.#runs.push([pfns[from], end - from]);
    }
    this.#pages += pfns.length;
  }

  #free(pages: Pages): void {
    for (let left = pages; left > 0; ) {
      const run = this.#runs[this.#runs.length - 1];
      const count = Math.min(left, run[1], PIECE_PAGES);
      run[1] -= count;
      left -= count;
      const first = run[0] + run[1];
      for (let i = 0; i < count; i++) this.#piece[i] = first + i;
      this.#guest.enter((backend) => backend.freePages(this.#piece.subarray(0, count)));
      if (run[1] === 0) this.#runs.pop();
    }
    this.#pages -= pages;
  }
}

/**
 * Returns the place behind the contiguous pages that begin at `from`. The allocator gives ascending pages, so that two of
 * them as far apart as their places have only contiguous ones between them.
 */
function endOfRun(pfns: Uint32Array, from: number): number {
  const isRun = (last: number): boolean => pfns[last] - pfns[from] === last - from;
  let [inside, outside] = [from, pfns.length];
  if (isRun(outside - 1)) return outside;
  while (outside - inside > 1) {
    const middle = (inside + outside) >>> 1;
    if (isRun(middle)) inside = middle;
    else outside = middle;
  }
  return outside;
}
