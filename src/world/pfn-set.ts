/**
 * The set of the pages of a guest that others hold: a wrong PFN is refused before it does harm, and a census counts the
 * pages by cells. Lists of PFNs are mostly contiguous, so each run of them is done by words of 32 pages.
 */

import { ArgumentRangeError } from "../host/argument-error.js";
import type { Saved } from "../host/saved.js";
import { ArraySaver } from "../host/saved-array.js";
import type { Pages, Pfn } from "../host/units.js";

/** Handles the pages of one word that the bits of `mask` stand for. */
type WordChange = (word: number, mask: number) => void;

export class PfnSet {
  readonly #what: string;
  readonly #limit: number;
  /** A bit for each page; null until there is a page. */
  #bits: Uint32Array | null = null;
  #saver: ArraySaver | null = null;

  /**
   * @param what - describes the pages of the set in messages, for example "lent out".
   * @param limit - an upper bound: PFNs are below it.
   */
  constructor(what: string, limit: number) {
    this.#what = what;
    this.#limit = limit;
  }

  /** @param pfns - pages that are not in the set. */
  add(pfns: Uint32Array): void {
    if (pfns.length === 0) return;
    if (this.#bits === null) {
      this.#bits = new Uint32Array((this.#limit >>> 5) + 1);
      this.#saver = new ArraySaver(this.#bits);
    }
    const bits = this.#bits;
    for (let from = 0, end = 0; from < pfns.length; from = end) {
      end = endOfRun(pfns, from);
      eachWord(pfns[from], pfns[from] + end - from, (word, mask) => {
        bits[word] |= mask;
      });
    }
  }

  has(pfn: Pfn): boolean {
    return pfn < this.#limit && this.#bits !== null && (this.#bits[pfn >>> 5] & (1 << (pfn & 31))) !== 0;
  }

  /**
   * Removes all the PFNs, or none.
   *
   * @throws RangeError: a PFN is not in the set, or is named twice.
   */
  remove(name: string, pfns: Uint32Array): void {
    this.check(name, pfns);
    const bits = this.#bits;
    if (bits === null) return;
    for (let from = 0, end = 0; from < pfns.length; from = end) {
      end = endOfRun(pfns, from);
      const twice = this.#firstMissing(pfns, from, end);
      if (twice < end) {
        this.add(pfns.subarray(0, from));
        throw new ArgumentRangeError(name, "each PFN once", `${pfns[twice]} twice`);
      }
      eachWord(pfns[from], pfns[from] + end - from, (word, mask) => {
        bits[word] &= ~mask;
      });
    }
  }

  /** @throws RangeError: a PFN is not in the set. */
  check(name: string, pfns: Uint32Array): void {
    const missing = this.#firstMissing(pfns, 0, pfns.length);
    if (missing < pfns.length) {
      throw new ArgumentRangeError(name, `pages that are ${this.#what}`, `PFN ${pfns[missing]}`);
    }
  }

  /** Returns the first position from `from` to below `end` whose page is not in the set; `end` where there is none. */
  #firstMissing(pfns: Uint32Array, from: number, end: number): number {
    let at = from;
    while (at < end && this.has(pfns[at])) at++;
    return at;
  }

  save(): Saved {
    const saved = this.#saver?.save();
    // a set that had no page has none again
    return saved ?? { bytes: 0, restore: () => void this.#bits?.fill(0) };
  }

  /** Counts the pages of the set by cells, with the arguments of GuestBackend.countPages. */
  countPages(pfn: Pfn, pages: Pages, cellPages: Pages, out: Uint32Array): void {
    out.fill(0);
    const bits = this.#bits;
    if (bits === null) return;
    const end = pfn + pages;
    for (let cell = 0; cell < out.length; cell++) {
      const from = pfn + cell * cellPages;
      let count = 0;
      eachWord(from, Math.min(from + cellPages, end), (word, mask) => {
        if (bits[word] !== 0) count += ones(bits[word] & mask);
      });
      out[cell] = count;
    }
  }
}

/** Returns the position behind the contiguous PFNs that begin at `from`. */
function endOfRun(pfns: Uint32Array, from: number): number {
  let end = from + 1;
  while (end < pfns.length && pfns[end] === pfns[end - 1] + 1) end++;
  return end;
}

/** Calls `change` for each word of the pages from `pfn` to below `end`, which lies behind it. */
function eachWord(pfn: Pfn, end: number, change: WordChange): void {
  const last = (end - 1) >>> 5;
  for (let word = pfn >>> 5, mask = -1 << (pfn & 31); word <= last; word++, mask = -1) {
    change(word, word === last ? mask & (-1 >>> (31 - ((end - 1) & 31))) : mask);
  }
}

/** Counts the set bits. */
function ones(bits: number): number {
  const pairs = bits - ((bits >>> 1) & 0x5555_5555);
  const nibbles = (pairs & 0x3333_3333) + ((pairs >>> 2) & 0x3333_3333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}
