/**
 * ballooned_pages (drivers/xen/balloon.c): the doubly linked list that the kernel keeps in its page structures (struct
 * list_head lru). It is linked page by page here too, on purpose: the deques of assembly/balloon are checked against
 * it.
 */

import { type Saved, together } from "../host/saved.js";
import { ArraySaver } from "../host/saved-array.js";
import type { Pfn } from "../host/units.js";

/** The most PFNs in one piece of the list when it is read. */
const PIECE_PAGES = 4096;

/** A list of PFNs below `size`; each is in it at most once. */
export class PageList {
  /** The number of the list head, which links the last page to the first; no page of the guest has it. */
  readonly #head: number;
  readonly #next: Uint32Array;
  readonly #prev: Uint32Array;
  readonly #savers: readonly ArraySaver[];

  constructor(size: number) {
    this.#head = size;
    this.#next = new Uint32Array(size + 1);
    this.#prev = new Uint32Array(size + 1);
    this.#next[size] = size;
    this.#prev[size] = size;
    this.#savers = [new ArraySaver(this.#next), new ArraySaver(this.#prev)];
  }

  get isEmpty(): boolean {
    return this.#next[this.#head] === this.#head;
  }

  /** The page at the head; the list must not be empty. */
  get first(): number {
    return this.#next[this.#head];
  }

  /** The page at the tail; the list must not be empty. */
  get last(): number {
    return this.#prev[this.#head];
  }

  /** True if there is a page after `pfn`. */
  hasNext(pfn: Pfn): boolean {
    return this.#next[pfn] !== this.#head;
  }

  next(pfn: Pfn): number {
    return this.#next[pfn];
  }

  /** Puts a page before all others (list_add). */
  add(pfn: Pfn): void {
    this.#insert(pfn, this.#head, this.#next[this.#head]);
  }

  /** Puts a page after all others (list_add_tail). */
  addTail(pfn: Pfn): void {
    this.#insert(pfn, this.#prev[this.#head], this.#head);
  }

  /** Takes a page out of the list (list_del). */
  delete(pfn: Pfn): void {
    const before = this.#prev[pfn];
    const after = this.#next[pfn];
    this.#next[before] = after;
    this.#prev[after] = before;
  }

  #insert(pfn: Pfn, before: number, after: number): void {
    this.#next[before] = pfn;
    this.#prev[pfn] = before;
    this.#next[pfn] = after;
    this.#prev[after] = pfn;
  }

  /** Yields the first `limit` pages from head to tail, in pieces; a piece is valid until the next is taken. */
  *pieces(limit: number): Generator<Uint32Array> {
    const piece = new Uint32Array(Math.min(limit, PIECE_PAGES));
    let pfn = this.first;
    for (let left = limit; left > 0 && pfn !== this.#head; ) {
      let pages = 0;
      for (; pages < Math.min(left, piece.length) && pfn !== this.#head; pages++) {
        piece[pages] = pfn;
        pfn = this.#next[pfn];
      }
      left -= pages;
      yield piece.subarray(0, pages);
    }
  }

  save(): Saved {
    return together(this.#savers.map((saver) => saver.save()));
  }

  memoryBytes(): number {
    return this.#next.byteLength + this.#prev.byteLength;
  }
}
