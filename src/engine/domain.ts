/**
 * The machine's side of one domain in Wasm: copies the frame list from the guest's memory to the machine's, and back.
 */

import type { GuestConfig } from "../host/backend.js";
import type { Domain } from "../host/hypercall.js";
import type { Pages, Pfn } from "../host/units.js";
import type { XenExports } from "./exports.js";

/** One domain of xen.wasm. */
export class WasmDomain implements Domain {
  readonly frameList: Uint32Array;
  readonly #xen: XenExports;
  readonly #id: number;
  readonly #pv: boolean;
  /** The machine's list, cut to the length of frameList: a batch crosses in one copy, without a new view. */
  #list: Uint32Array;
  readonly #lost: Uint32Array[] = [];

  /**
   * @param frameList - frame_list in the guest's memory.
   * @param list - the list in the machine's.
   */
  constructor(xen: XenExports, id: number, config: GuestConfig, frameList: Uint32Array, list: Uint32Array) {
    this.frameList = frameList;
    this.#xen = xen;
    this.#id = id;
    this.#pv = config.domain === "pv";
    this.#list = list.subarray(0, frameList.length);
  }

  /** Takes the new view of the machine's list after its memory has grown. */
  refresh(list: Uint32Array): void {
    this.#list = list.subarray(0, this.frameList.length);
  }

  populate(extents: number): number {
    this.#list.set(this.frameList);
    const granted = this.#xen.populate(this.#id, extents);
    // Xen writes frames to the list for a pv domain alone
    if (this.#pv) this.frameList.set(this.#list);
    return granted;
  }

  decrease(extents: number): number {
    this.#list.set(this.frameList);
    return this.#xen.decrease(this.#id, extents);
  }

  framePfns(extents: number): Uint32Array {
    this.#list.set(this.frameList);
    this.#xen.framesToPfns(extents);
    return this.#list;
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

  /** Gives the frames of pages pfn, pfn + 1, … back to the heap; `p2m` holds the entries of these pages. */
  release(pfn: Pfn, p2m: Uint32Array): void {
    this.#whole(p2m.length).set(p2m);
    this.#xen.releaseFrames(this.#id, pfn, p2m.length);
  }

  rememberLost(extents: number): void {
    const frames = this.frameList.slice(0, extents);
    if (!this.#pv) for (const [i, gfn] of frames.entries()) this.readPhysmap(gfn, frames.subarray(i, i + 1));
    this.#lost.push(frames);
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
    for (const frames of this.#lost) {
      this.#whole(frames.length).set(frames);
      this.#xen.reclaimFrames(this.#id, frames.length);
    }
    this.#xen.destroyDomain(this.#id);
  }
}
