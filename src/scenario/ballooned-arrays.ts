/**
 * Keeps the named arrays of ballooned pages of a script, as callers of alloc_xenballooned_pages do.
 */

import { EEXIST, ENOENT, ENOMEM } from "../host/errors.js";
import type { Saved } from "../host/saved.js";
import type { Pages } from "../host/units.js";
import type { WorldGuest } from "../world/guest.js";

/** The most arrays in use at once. */
const MAX_ARRAYS = 64;

/** Marks a position whose page was freed. */
const FREED = 0xffff_ffff;

export class BalloonedArrays {
  readonly #arrays = new Map<string, Uint32Array>();

  /**
   * Calls alloc_xenballooned_pages and stores the pages in a new array.
   *
   * @returns 0, -EEXIST or -ENOMEM
   * @throws RangeError - MAX_ARRAYS arrays are in use
   */
  alloc(guest: WorldGuest, name: string, pages: Pages, highmem: boolean): number {
    if (this.#arrays.has(name)) return EEXIST;
    if (this.#arrays.size === MAX_ARRAYS) throw new RangeError(`expected at most ${MAX_ARRAYS} arrays at once`);
    const pfns = guest.allocBallooned(pages, highmem);
    if (pfns === null) return ENOMEM;
    this.#arrays.set(name, pfns);
    return 0;
  }

  /**
   * Calls free_xenballooned_pages with every `every`th position of the array, and drops an array without pages.
   *
   * @returns the number of pages still in the array, or -ENOENT
   */
  free(guest: WorldGuest, name: string, every: number): number {
    const array = this.#arrays.get(name);
    if (array === undefined) return ENOENT;
    const pfns = new Uint32Array(Math.ceil(array.length / every));
    let freed = 0;
    for (let at = 0; at < array.length; at += every) {
      if (array[at] !== FREED) pfns[freed++] = array[at];
      array[at] = FREED;
    }
    guest.freeBallooned(pfns.subarray(0, freed));
    let left = 0;
    for (let at = 0; at < array.length; at++) if (array[at] !== FREED) left++;
    if (left === 0) this.#arrays.delete(name);
    return left;
  }

  save(): Saved {
    const arrays = [...this.#arrays].map(([name, pfns]) => [name, pfns.slice()] as const);
    const restore = (): void => {
      this.#arrays.clear();
      // the array is written to, and may be wanted again
      for (const [name, pfns] of arrays) this.#arrays.set(name, pfns.slice());
    };
    return { bytes: arrays.reduce((sum, [, pfns]) => sum + pfns.byteLength, 0), restore };
  }
}
