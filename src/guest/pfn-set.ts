import { describe } from "../arguments.js";

/** Which pages of a guest somebody holds: the bookkeeping that lets a wrong PFN be refused before it does harm. */
export class PfnSet {
  readonly #what: string;
  readonly #limit: number;
  #bits: Uint32Array | null = null;

  /**
   * @param what - what the pages in it are, for messages: "lent out".
   * @param limit - PFNs are below it.
   */
  constructor(what: string, limit: number) {
    this.#what = what;
    this.#limit = limit;
  }

  add(pfns: Uint32Array): void {
    this.#bits ??= new Uint32Array((this.#limit >>> 5) + 1);
    for (const pfn of pfns) this.#bits[pfn >>> 5] |= 1 << (pfn & 31);
  }

  has(pfn: number): boolean {
    return pfn < this.#limit && this.#bits !== null && (this.#bits[pfn >>> 5] & (1 << (pfn & 31))) !== 0;
  }

  /**
   * Takes them all out, or none.
   *
   * @throws TypeError when it is no Uint32Array; RangeError when a PFN is not in it, or is named twice.
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
    }
  }

  /** @throws TypeError when it is no Uint32Array; RangeError when a PFN is not in it. */
  check(name: string, pfns: Uint32Array): void {
    if (!(pfns instanceof Uint32Array)) {
      throw new TypeError(`${name}: expected PFNs as a Uint32Array, got ${describe(pfns)}`);
    }
    for (const pfn of pfns) {
      if (!this.has(pfn)) throw new RangeError(`${name}: expected pages that are ${this.#what}, got PFN ${pfn}`);
    }
  }

  /** Its pages, ascending. */
  *[Symbol.iterator](): Generator<number> {
    for (const [word, bits] of (this.#bits ?? []).entries()) {
      for (let rest = bits; rest !== 0; rest &= rest - 1) yield word * 32 + 31 - Math.clz32(rest & -rest);
    }
  }
}
