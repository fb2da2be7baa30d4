/** The machine's side of one domain in Wasm: hands the frame list from the guest's memory to the machine's, and back. */
import type { GuestConfig } from "../host/backend.js";
import type { Domain } from "../host/hypercall.js";
import type { XenExports } from "./exports.js";

export class WasmDomain implements Domain {
  readonly frameList: Uint32Array;
  readonly #xen: XenExports;
  readonly #id: number;
  readonly #pv: boolean;
  /** As long as frameList, so that a batch crosses as one copy and without a new view. */
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

  /** The machine's memory has grown. */
  refresh(list: Uint32Array): void {
    this.#list = list.subarray(0, this.frameList.length);
  }

  populate(extents: number): number {
    this.#list.set(this.frameList);
    const granted = this.#xen.populate(this.#id, extents);
    // Xen writes frames back for a pv domain alone
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

  /** Frames of the heap for the pages of a booting guest, lowest first, `count` of them: valid until the next call. */
  takeFrames(count: number): Uint32Array {
    this.#xen.takeFrames(count);
    return this.#whole(count);
  }

  /** The domain builder: pages pfn, pfn + 1, … get these frames. */
  assign(pfn: number, frames: Uint32Array): void {
    this.#whole(frames.length).set(frames);
    this.#xen.assign(this.#id, pfn, frames.length);
  }

  /** Their frames go back to the heap; `p2m` holds the pages' entries (pv). */
  release(pfn: number, p2m: Uint32Array): void {
    this.#whole(p2m.length).set(p2m);
    this.#xen.releaseFrames(this.#id, pfn, p2m.length);
  }

  rememberLost(extents: number): void {
    const frames = this.frameList.slice(0, extents);
    if (!this.#pv) for (const [i, gfn] of frames.entries()) this.readPhysmap(gfn, frames.subarray(i, i + 1));
    this.#lost.push(frames);
  }

  /** What physmap says of pages gfn, gfn + 1, … */
  readPhysmap(gfn: number, out: Uint32Array): void {
    this.#xen.readPhysmap(this.#id, gfn, out.length);
    out.set(this.#whole(out.length));
  }

  /** The list may be longer than a batch of this guest. */
  #whole(length: number): Uint32Array {
    return new Uint32Array(this.#list.buffer, this.#list.byteOffset, length);
  }

  get totPages(): number {
    return this.#xen.totPages(this.#id) >>> 0;
  }

  setMaxPages(pages: number): void {
    this.#xen.setMaxPages(this.#id, pages);
  }

  /** After the frames of all its pages were released. */
  destroy(): void {
    for (const frames of this.#lost) {
      this.#whole(frames.length).set(frames);
      this.#xen.reclaimFrames(this.#id, frames.length);
    }
    this.#xen.destroyDomain(this.#id);
  }
}
