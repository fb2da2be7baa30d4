/**
 * Xen's side of one guest: its frames, its limit, and the two commands of memory_op (common/memory.c of Xen). It works
 * page by page on plain arrays on purpose, and shares nothing with assembly/xen: the Wasm engine is checked against it.
 */

import { INVALID_ENTRY, type Region } from "../host/backend.js";
import type { Domain } from "../host/hypercall.js";
import type { Saved } from "../host/saved.js";
import { ArraySaver } from "../host/saved-array.js";
import { shuffle } from "../host/shuffle.js";
import type { Pages } from "../host/units.js";
import { countPages } from "./backed-pages.js";
import type { NumberSet } from "./number-set.js";

/** The parts of its machine that a domain uses: the free frames, and the PFN of each frame of a pv domain. */
export interface Frames {
  readonly heap: NumberSet;
  readonly m2p: Uint32Array;
}

/** The options with which the toolstack creates a domain. */
export interface DomainConfig {
  readonly translated: boolean;
  /** Length of the P2M, in pages. */
  readonly pages: Pages;
  readonly maxPages: Pages;
  readonly frameListCapacity: number;
}

/** One domain; it has no frames until it is built. */
export class ReferenceDomain implements Domain {
  readonly frameList: Uint32Array;
  /**
   * MFN by PFN. For pv it is the guest's own array, which Xen does not write; for hvm the physmap, which Xen alone
   * writes.
   */
  readonly p2m: Uint32Array;
  /** PFN by MFN of the whole machine, which a pv guest can read; Xen alone writes it. */
  readonly m2p: Uint32Array;
  /** Auto-translated (hvm): frame_list holds PFNs and nothing is in M2P. */
  readonly translated: boolean;
  maxPages: Pages;
  totPages = 0;
  readonly #lost: number[] = [];
  readonly #heap: NumberSet;
  readonly #saver: ArraySaver;

  constructor({ translated, pages, maxPages, frameListCapacity }: DomainConfig, { heap, m2p }: Frames) {
    this.frameList = new Uint32Array(frameListCapacity);
    this.p2m = new Uint32Array(pages).fill(INVALID_ENTRY);
    this.m2p = m2p;
    this.translated = translated;
    this.maxPages = maxPages;
    this.#heap = heap;
    this.#saver = new ArraySaver(this.p2m);
  }

  /**
   * Gives every page of the regions a frame, as the domain builder does. The heap must have enough frames; maxPages
   * does not limit it. The frames are in random order if `mfnSeed` is not 0.
   */
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

  /**
   * Gives each PFN of frame_list the lowest free frame (XENMEM_populate_physmap). It ends early at maxPages or when the
   * heap is empty, and returns the extents done.
   */
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

  /**
   * Gives the frames of frame_list back to the heap; returns the extents done, all of them
   * (XENMEM_decrease_reservation).
   */
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

  /**
   * Gives all frames back to the heap. The P2M entry of a pv page in the balloon names the scratch page's frame, so a
   * frame is given back only if M2P says that it holds that page.
   */
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

  /** Saves the domain without its frames in the heap and in M2P, which the machine saves. */
  save(): Saved {
    const { maxPages, totPages } = this;
    const p2m = this.#saver.save();
    const lost = [...this.#lost];
    const restore = (): void => {
      p2m.restore();
      this.maxPages = maxPages;
      this.totPages = totPages;
      this.#lost.splice(0, this.#lost.length, ...lost);
    };
    return { bytes: p2m.bytes, restore };
  }

  memoryBytes(): number {
    return this.p2m.byteLength + this.frameList.byteLength;
  }
}
