/** Records which pages of a guest a caller holds, so that a wrong PFN is refused before it does harm. */
export class PfnSet {
  readonly #what: string;
  readonly #limit: number;
  #bits: Uint32Array | null = null;
  /** The number of PFNs in the set. */
  #size = 0;

  /**
   * @param what - describes the pages of the set in messages, for example "lent out".
   * @param limit - an upper bound: PFNs are below it.
   */
  constructor(what: string, limit: number) {
    this.#what = what;
    this.#limit = limit;
  }

  add(pfns: Uint32Array): void {
    this.#bits ??= new Uint32Array((this.#limit >>> 5) + 1);
    for (const pfn of pfns) {
      if (this.has(pfn)) continue;
      this.#bits[pfn >>> 5] |= 1 << (pfn & 31);
      this.#size++;
    }
  }

  has(pfn: number): boolean {
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
    for (const [i, pfn] of pfns.entries()) {
      if ((bits[pfn >>> 5] & (1 << (pfn & 31))) === 0) {
        this.add(pfns.subarray(0, i));
        throw new RangeError(`${name}: PFN ${pfn} is named twice`);
      }
      bits[pfn >>> 5] &= ~(1 << (pfn & 31));
      this.#size--;
    }
  }

  /** @throws RangeError: a PFN is not in the set. */
  check(name: string, pfns: Uint32Array): void {
    for (const pfn of pfns) {
      if (!this.has(pfn)) throw new RangeError(`${name}: expected pages that are ${this.#what}, got PFN ${pfn}`);
    }
  }

  /** Counts the pages of the set by cells, with the arguments of GuestBackend.countPages. */
  countPages(pfn: number, pages: number, cellPages: number, out: Uint32Array): void {
    out.fill(0);
    if (this.#size === 0) return;
    const end = pfn + pages;
    for (let cell = 0; cell < out.length; cell++) {
      const from = pfn + cell * cellPages;
      out[cell] = this.#countBetween(from, Math.min(from + cellPages, end));
    }
  }

  /** @param end - the PFN behind the last one, not before `from`. */
  #countBetween(from: number, end: number): number {
    const words = this.#bits as Uint32Array;
    const first = from >>> 5;
    const last = (end - 1) >>> 5;
    let count = 0;
    for (let word = first; word <= last; word++) {
      let bits = words[word];
      if (bits === 0) continue;
      if (word === first) bits &= -1 << (from & 31);
      if (word === last) bits &= -1 >>> (31 - ((end - 1) & 31));
      count += ones(bits);
    }
    return count;
  }
}

/** Counts the set bits. */
function ones(bits: number): number {
  const pairs = bits - ((bits >>> 1) & 0x5555_5555);
  const nibbles = (pairs & 0x3333_3333) + ((pairs >>> 2) & 0x3333_3333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}
