/**
 * Keeps the named arrays of ballooned pages of a script, as callers of alloc_xenballooned_pages do, and the callers that
 * wait for theirs.
 */

import { EBUSY, EEXIST, ENOENT } from "../host/errors.js";
import type { Saved } from "../host/saved.js";
import type { Pages } from "../host/units.js";
import type { Borrower } from "../world/borrower.js";
import type { WorldGuest } from "../world/guest.js";

/** The most arrays in use at once. */
const MAX_ARRAYS = 64;

/** Marks a position whose page was freed. */
const FREED = 0xffff_ffff;

/** The answer of an operation whose caller waits. */
const WAITS = 1;

export class BalloonedArrays {
  readonly #arrays = new Map<string, Uint32Array>();
  readonly #waiting = new Map<string, Borrower>();
  /** The waiting calls that ended in the last operation: name and result, in the order in which they ended. */
  done: (readonly [name: string, result: number])[] = [];

  /** The names of the arrays whose callers wait, in the order in which they started. */
  get waiting(): readonly string[] {
    return [...this.#waiting.keys()];
  }

  /**
   * Asks for ballooned pages and stores them in a new array.
   *
   * @returns 0, -EEXIST or the driver's error; WAITS where the array comes later
   * @throws RangeError - MAX_ARRAYS arrays are in use
   */
  alloc(guest: WorldGuest, name: string, pages: Pages, highmem: boolean): number {
    if (this.#arrays.has(name) || this.#waiting.has(name)) return EEXIST;
    if (this.#arrays.size + this.#waiting.size === MAX_ARRAYS) {
      throw new RangeError(`expected at most ${MAX_ARRAYS} arrays at once`);
    }
    let came = WAITS;
    const borrower = guest.allocBallooned(pages, highmem, (result) => {
      if (result instanceof Error) return;
      came = typeof result === "number" ? result : 0;
      if (this.#waiting.delete(name)) this.done.push([name, came]);
      if (typeof result !== "number") this.#arrays.set(name, result);
    });
    if (borrower !== null) this.#waiting.set(name, borrower);
    return came;
  }

  /**
   * Gives back every `every`th position of the array, and drops an array without pages.
   *
   * @returns the number of pages still in the array, -ENOENT, or -EBUSY while its caller waits
   */
  free(guest: WorldGuest, name: string, every: number): number {
    if (this.#waiting.has(name)) return EBUSY;
    const array = this.#arrays.get(name);
    if (array === undefined) return ENOENT;
    const pfns = new Uint32Array(Math.ceil(array.length / every));
    let freed = 0;
    for (let at = 0; at < array.length; at += every) {
      if (array[at] !== FREED) pfns[freed++] = array[at];
      array[at] = FREED;
    }
    guest.freeBallooned(pfns.subarray(0, freed), array.length);
    let left = 0;
    for (let at = 0; at < array.length; at++) if (array[at] !== FREED) left++;
    if (left === 0) this.#arrays.delete(name);
    return left;
  }

  /**
   * Sends a signal to the caller that waits for an array.
   *
   * @returns 0, or -ENOENT if none waits
   */
  signal(guest: WorldGuest, name: string): number {
    const borrower = this.#waiting.get(name);
    if (borrower === undefined) return ENOENT;
    guest.signal(borrower);
    return 0;
  }

  /** Saves the arrays, and which of them are waited for; the world saves how far those callers are. */
  save(): Saved {
    const arrays = [...this.#arrays].map(([name, pfns]) => [name, pfns.slice()] as const);
    const waiting = [...this.#waiting];
    const { done } = this;
    const restore = (): void => {
      this.#arrays.clear();
      // the array is written to, and may be wanted again
      for (const [name, pfns] of arrays) this.#arrays.set(name, pfns.slice());
      this.#waiting.clear();
      for (const [name, borrower] of waiting) this.#waiting.set(name, borrower);
      this.done = [...done];
    };
    return { bytes: arrays.reduce((sum, [, pfns]) => sum + pfns.byteLength, 0), restore };
  }
}
