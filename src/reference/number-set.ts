/** Sets of numbers that give the lowest first: free frames of the machine, free pages of a zone. */

/** A subset of 0 to `size - 1`, a bit for each number. */
export class NumberSet {
  /** Numbers in the set. */
  count = 0;
  readonly #words: Int32Array;
  /** No word below this one has a bit. */
  #lowestWord: number;

  constructor(size: number) {
    this.#words = new Int32Array(Math.ceil(size / 32));
    this.#lowestWord = this.#words.length;
  }

  /** Adds a number that is not in the set. */
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

  memoryBytes(): number {
    return this.#words.byteLength;
  }
}
