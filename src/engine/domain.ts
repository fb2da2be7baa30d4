/**
 * The machine's side of one domain in Wasm: copies the frame list from the guest's memory to the machine's, and back.
 */

import type { GuestConfig } from "../host/backend.js";
import type { Domain } from "../host/hypercall.js";
import type { Saved } from "../host/saved.js";
import type { Mfn, Pages, Pfn } from "../host/units.js";
import type { XenExports } from "./exports.js";

/** The lists of a batch in the memory of its guest, of equal length. */
export interface BatchLists {
  /** frame_list. */
  readonly frames: Uint32Array;
  /** The pages of a batch of a pv guest that somebody watches. */
  readonly pfns: Uint32Array;
}

/** One domain of xen.wasm. */
export class WasmDomain implements Domain {
  readonly frameList: Uint32Array;
  readonly #xen: XenExports;
  readonly #id: number;
  readonly #pv: boolean;
  /** The machine's list, cut to the length of frameList: a batch crosses in one copy, without a new view. */
  #list: Uint32Array;
  readonly #pfnList: Uint32Array;
  /** Frames of which the driver no longer knows, and the page that M2P names for each (pv). */
  readonly #lost: { readonly frames: Uint32Array; readonly pfns: Uint32Array }[] = [];

  /**
   * @param lists - frame_list and pfn_list in the guest's memory.
   * @param list - the list in the machine's.
   */
  constructor(xen: XenExports, id: number, config: GuestConfig, lists: BatchLists, list: Uint32Array) {
    this.frameList = lists.frames;
    this.#pfnList = lists.pfns;
    this.#xen = xen;
    this.#id = id;
    this.#pv = config.domain === "pv";
    this.#list = list.subarray(0, this.frameList.length);
  }

  /** Takes the new view of the machine's list after its memory has grown. */
  refresh(list: Uint32Array): void {
    this.#list = list.subarray(0, this.frameList.length);
  }

  populate(extents: number): number {
    // Xen reads the list for an auto-translated domain, and writes it for a pv domain
    if (!this.#pv) this.#list.set(this.frameList);
    const granted = this.#xen.populate(this.#id, extents);
    if (this.#pv) this.frameList.set(granted < this.#list.length ? this.#list.subarray(0, granted) : this.#list);
    return granted;
  }

  decrease(extents: number): number {
    this.#list.set(this.frameList);
    return this.#xen.decrease(this.#id, extents);
  }

  /**
   * Does populate for pages pfn, pfn + step, … batch by batch; returns how many got a frame, the first in frameList.
   */
  populateRun(pfn: Pfn, pages: Pages, step: number): number {
    const granted = this.#xen.populateRun(this.#id, pfn, pages, step, this.frameList.length) >>> 0;
    this.frameList[0] = this.#list[0];
    return granted;
  }

  /**
   * Does the same for the `topmost` pages before `end`, then the batch before `nextEnd`, then the batch before that one, and
   * so on, each in ascending order.
   */
  populateBatches(pages: Pages, end: Pfn, topmost: Pages, nextEnd: Pfn): number {
    const granted = this.#xen.populateBatches(this.#id, pages, end, topmost, nextEnd, this.frameList.length) >>> 0;
    this.frameList[0] = this.#list[0];
    return granted;
  }

  /** Does decrease for pages pfn, pfn + 1, … batch by batch; those of a pv guest are on frames mfn, mfn + 1, … */
  decreaseRun(pfn: Pfn, mfn: Mfn, pages: Pages): void {
    this.#xen.decreaseRun(this.#id, pfn, mfn, pages);
  }

  framePfns(extents: number): Uint32Array {
    return this.#pfnList.subarray(0, extents);
  }

  /**
   * Takes `count` frames from the heap, lowest first, for the pages of a guest that boots. The heap must have that
   * many. The array is valid until the next call.
   */
  takeFrames(count: number): Uint32Array {
    this.#xen.takeFrames(count);
    return this.#whole(count);
  }

  /** Gives pages pfn, pfn + 1, … these frames, as the domain builder does. */
  assign(pfn: Pfn, frames: Uint32Array): void {
    this.#whole(frames.length).set(frames);
    this.#xen.assign(this.#id, pfn, frames.length);
  }

  /**
   * Gives up to `pages` pages from `pfn` on the lowest free frames, as far as those are a run; the heap must have some.
   *
   * @returns the first frame, and how many pages got one.
   */
  assignLowest(pfn: Pfn, pages: Pages): { readonly mfn: Mfn; readonly count: number } {
    const count = this.#xen.assignLowest(this.#id, pfn, pages) >>> 0;
    return { mfn: this.#list[0], count };
  }

  /** Gives runs of frames of a pv guest back to the heap: the lowest frame and the length of each. */
  releaseRuns(runs: Uint32Array): void {
    this.#whole(runs.length).set(runs);
    this.#xen.releaseRuns(runs.length / 2);
  }

  /** Gives all frames of an auto-translated guest back to the heap. */
  releasePhysmap(): void {
    this.#xen.releasePhysmap(this.#id);
  }

  rememberLost(extents: number): void {
    const frames = this.frameList.slice(0, extents);
    if (!this.#pv) for (const [i, gfn] of frames.entries()) this.readPhysmap(gfn, frames.subarray(i, i + 1));
    this.#lost.push({ frames, pfns: this.#pfnList.slice(0, this.#pv ? extents : 0) });
  }

  /** Sets the M2P entries of the lost frames among those from `mfn` on, whose entries `out` has. */
  readLostM2p(mfn: Mfn, out: Uint32Array): void {
    for (const { frames, pfns } of this.#lost) {
      for (const [i, pfn] of pfns.entries()) if (frames[i] - mfn in out) out[frames[i] - mfn] = pfn;
    }
  }

  /** Writes the frames of pages gfn, gfn + 1, … of an auto-translated domain to `out`. */
  readPhysmap(gfn: number, out: Uint32Array): void {
    this.#xen.readPhysmap(this.#id, gfn, out.length);
    out.set(this.#whole(out.length));
  }

  /** Returns a view of the first `length` entries of the machine's list, which is longer than a batch may be. */
  #whole(length: number): Uint32Array {
    return new Uint32Array(this.#list.buffer, this.#list.byteOffset, length);
  }

  /** Saves the lost frames; everything else is in the machine's memory. */
  save(): Saved {
    const lost = [...this.#lost];
    return { bytes: 0, restore: () => void this.#lost.splice(0, this.#lost.length, ...lost) };
  }

  get totPages(): number {
    return this.#xen.totPages(this.#id) >>> 0;
  }

  get maxPages(): number {
    return this.#xen.maxPages(this.#id) >>> 0;
  }

  setMaxPages(pages: Pages): void {
    this.#xen.setMaxPages(this.#id, pages);
  }

  /** Frees the domain. The caller has released the frames of all its pages. */
  destroy(): void {
    for (const { frames } of this.#lost) {
      this.#whole(frames.length).set(frames);
      this.#xen.reclaimFrames(frames.length);
    }
    this.#xen.destroyDomain(this.#id);
  }
}
