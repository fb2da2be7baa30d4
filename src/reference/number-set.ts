/**
 * A set of numbers that gives the lowest first: the free frames of the machine, or the free pages of a zone. It is a
 * plain bitmap and takes one number at a time, on purpose: assembly/common/number-set.ts is checked against it.
 */

import type { Saved } from "../host/saved.js";
import { ArraySaver } from "../host/saved-array.js";

/** A subset of the numbers from 0 to `size - 1`, with a bit for each. */
export class NumberSet {
  /** How many numbers are in the set. */
  count = 0;
  readonly #words: Int32Array;
  readonly #saver: ArraySaver;
  /** No 32-bit word below this one has a bit set. */
  #lowestWord: number;

  constructor(size: number) {
    this.#words = new Int32Array(Math.ceil(size / 32));
    this.#lowestWord = this.#words.length;
    this.#saver = new ArraySaver(this.#words);
  }

  /** Adds a number, which must not be in the set. */
  put(value: number): void {
    const word = value >>> 5;
    this.#words[word] |= 1 << (value & 31);
    this.count++;
    if (word < this.#lowestWord) this.#lowestWord = word;
  }

  has(value: number): boolean {
    return (this.#words[value >>> 5] & (1 << (value & 31))) !== 0;
  }

  /** Takes out the lowest number; the set must not be empty. */
  take(): number {
    const words = this.#words;
    let word = this.#lowestWord;
    while (words[word] === 0) word++;
    this.#lowestWord = word;
    const bits = words[word];
    words[word] = bits & (bits - 1);
    this.count--;
    return word * 32 + 31 - Math.clz32(bits & -bits);
  }

  save(): Saved {
    const { count } = this;
    const lowestWord = this.#lowestWord;
    const words = this.#saver.save();
    const restore = (): void => {
      words.restore();
      this.count = count;
      this.#lowestWord = lowestWord;
    };
    return { bytes: words.bytes, restore };
  }

  memoryBytes(): number {
    return this.#words.byteLength;
  }
}
