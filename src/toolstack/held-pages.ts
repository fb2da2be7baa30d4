/** The pages that a guest's programs and page cache hold, as runs: they are many, and mostly contiguous. */
import type { Pages } from "../host/units.js";
import type { WorldGuest } from "../world/guest.js";

/** Pages go back in the order opposite to that in which they came. */
export class HeldPages {
  readonly #guest: WorldGuest;
  /** The first page of each run, and its length. */
  readonly #runs: [first: number, pages: Pages][] = [];
  #pages: Pages = 0;

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

  #take(pages: Pages): void {
    const pfns = this.#guest.enter((backend) => backend.allocPages(pages, true));
    for (let from = 0, end = 1; from < pfns.length; from = end, end = from + 1) {
      while (end < pfns.length && pfns[end] === pfns[end - 1] + 1) end++;
      const last = this.#runs[this.#runs.length - 1];
      if (last !== undefined && last[0] + last[1] === pfns[from]) last[1] += end - from;
      else this.#runs.push([pfns[from], end - from]);
    }
    this.#pages += pfns.length;
  }

  #free(pages: Pages): void {
    const pfns = new Uint32Array(pages);
    for (let left = pages; left > 0; ) {
      const run = this.#runs[this.#runs.length - 1];
      const count = Math.min(left, run[1]);
      run[1] -= count;
      left -= count;
      for (let i = 0; i < count; i++) pfns[left + i] = run[0] + run[1] + i;
      if (run[1] === 0) this.#runs.pop();
    }
    this.#guest.enter((backend) => backend.freePages(pfns));
    this.#pages -= pages;
  }
}
