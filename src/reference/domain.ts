/** Xen's side of one guest: its frames, its limit, and what memory_op does. */
import { INVALID_ENTRY, type Region } from "../host/backend.js";
import type { Domain } from "../host/hypercall.js";
import { shuffle } from "../host/shuffle.js";
import { countPages } from "./backed-pages.js";
import type { NumberSet } from "./number-set.js";

/** What a domain needs of its machine: free frames, lowest first, and the PFN of each frame of a pv domain. */
export interface Frames {
  readonly heap: NumberSet;
  readonly m2p: Uint32Array;
}

/** What the toolstack says of a domain when it creates it. */
export interface DomainConfig {
  readonly translated: boolean;
  /** Length of the P2M, in pages. */
  readonly pages: number;
  readonly maxPages: number;
  readonly frameListCapacity: number;
}

/** A domain with no frames yet. */
export class ReferenceDomain implements Domain {
  readonly frameList: Uint32Array;
  /** MFN by PFN: for pv the guest's own array, which Xen does not write; for hvm the physmap, which Xen alone writes. */
  readonly p2m: Uint32Array;
  /** PFN by MFN of the whole machine, which a pv guest can read; Xen alone writes it. */
  readonly m2p: Uint32Array;
  /** Auto-translated (hvm): frame_list holds PFNs and nothing is in M2P. */
  readonly translated: boolean;
  maxPages: number;
  totPages = 0;
  readonly #lost: number[] = [];
  readonly #heap: NumberSet;

  constructor({ translated, pages, maxPages, frameListCapacity }: DomainConfig, { heap, m2p }: Frames) {
    this.frameList = new Uint32Array(frameListCapacity);
    this.p2m = new Uint32Array(pages).fill(INVALID_ENTRY);
    this.m2p = m2p;
    this.translated = translated;
    this.maxPages = maxPages;
    this.#heap = heap;
  }

  /** The domain builder: a frame for every page of the regions; the limit does not count, the heap must suffice. */
  build(backed: readonly Region[], mfnSeed: number): void {
    const mfns = new Uint32Array(countPages(backed));
    for (let i = 0; i < mfns.length; i++) mfns[i] = this.#heap.take();
    if (mfnSeed !== 0) shuffle(mfns, mfnSeed);
    let next = 0;
    for (const { start, pages } of backed) {
      for (let pfn = start; pfn < start + pages; pfn++) {
        const mfn = mfns[next++];
        this.p2m[pfn] = mfn;
        if (!this.translated) this.m2p[mfn] = pfn;
      }
    }
    this.totPages = mfns.length;
  }

  /** XENMEM_populate_physmap: ends early at the domain's limit or when the heap is empty. */
  populate(extents: number): number {
    const { frameList, p2m, m2p, translated } = this;
    const heap = this.#heap;
    let done = 0;
    while (done < extents && this.totPages < this.maxPages && heap.count > 0) {
      const pfn = frameList[done];
      const mfn = heap.take();
      this.totPages++;
      if (translated) {
        p2m[pfn] = mfn;
      } else {
        m2p[mfn] = pfn;
        frameList[done] = mfn;
      }
      done++;
    }
    return done;
  }

  /** XENMEM_decrease_reservation. */
  decrease(extents: number): number {
    const { frameList, p2m, m2p, translated } = this;
    for (let i = 0; i < extents; i++) {
      const mfn = translated ? p2m[frameList[i]] : frameList[i];
      if (translated) p2m[frameList[i]] = INVALID_ENTRY;
      else m2p[mfn] = INVALID_ENTRY;
      this.#heap.put(mfn);
      this.totPages--;
    }
    return extents;
  }

  framePfns(extents: number): Uint32Array {
    return this.frameList.subarray(0, extents).map((mfn) => this.m2p[mfn]);
  }

  rememberLost(extents: number): void {
    for (const entry of this.frameList.subarray(0, extents)) {
      this.#lost.push(this.translated ? this.p2m[entry] : entry);
    }
  }

  /** Gives all frames back to the heap. In a pv P2M, ballooned pages name the scratch page's frame: M2P tells. */
  destroy(): void {
    const { p2m, m2p, translated } = this;
    for (let pfn = 0; pfn < p2m.length; pfn++) {
      const mfn = p2m[pfn];
      if (mfn === INVALID_ENTRY || (!translated && m2p[mfn] !== pfn)) continue;
      m2p[mfn] = INVALID_ENTRY;
      this.#heap.put(mfn);
      this.totPages--;
    }
    p2m.fill(INVALID_ENTRY);
    for (const mfn of this.#lost.splice(0)) {
      if (this.#heap.has(mfn)) continue;
      m2p[mfn] = INVALID_ENTRY;
      this.#heap.put(mfn);
      this.totPages--;
    }
  }

  memoryBytes(): number {
    return this.p2m.byteLength + this.frameList.byteLength;
  }
}
