/** The machine of the reference engine: the frame heap, M2P and the domains on it. */

import { ArgumentRangeError } from "../host/argument-error.js";
import {
  type GuestBackend,
  type GuestConfig,
  INVALID_ENTRY,
  type Kernel,
  type MachineBackend,
  PAGE_BYTES,
} from "../host/backend.js";
import { requireFrames } from "../host/memory-map.js";
import { type Saved, together } from "../host/saved.js";
import { ArraySaver } from "../host/saved-array.js";
import type { Mfn, Pages } from "../host/units.js";
import { backedRegions } from "./backed-pages.js";
import { ReferenceGuest } from "./guest.js";
import { NumberSet } from "./number-set.js";

/** The most pages whose contents one array holds in every runtime: 4 GiB. */
const MAX_CONTENTS_PAGES = 2 ** 32 / PAGE_BYTES;

/**
 * A machine whose guests run the driver in plain TypeScript, page by page like the kernel. The Wasm engine is compared
 * with it, both in its results and in its time.
 *
 * @example
 * const machine = new ReferenceMachine(1 << 20, 0);
 * const guest = machine.createGuest(config, kernel);
 */
export class ReferenceMachine implements MachineBackend {
  readonly hostPages: Pages;
  readonly #heap: NumberSet;
  readonly #m2p: Uint32Array;
  readonly #saver: ArraySaver;

  /**
   * @param hostPages - machine frames run from 0 to this
   * @param mfnBase - frames below this are never free
   * @throws RangeError - M2P does not fit in memory
   */
  constructor(hostPages: Pages, mfnBase: Mfn) {
    this.hostPages = hostPages;
    this.#heap = new NumberSet(hostPages);
    this.#m2p = new Uint32Array(hostPages).fill(INVALID_ENTRY);
    this.#saver = new ArraySaver(this.#m2p);
    for (let mfn = mfnBase; mfn < hostPages; mfn++) this.#heap.put(mfn);
  }

  freeFrames(): number {
    return this.#heap.count;
  }

  takeFrames(count: number): Uint32Array {
    const mfns = new Uint32Array(Math.min(count, this.#heap.count));
    for (let i = 0; i < mfns.length; i++) mfns[i] = this.#heap.take();
    return mfns;
  }

  putFrames(frames: Uint32Array): void {
    for (let i = 0; i < frames.length; i++) this.#heap.put(frames[i]);
  }

  readM2p(mfn: Mfn, out: Uint32Array): void {
    out.set(this.#m2p.subarray(mfn, mfn + out.length));
  }

  createGuest(config: GuestConfig, kernel: Kernel): GuestBackend {
    const { pfnLimit, contents } = config;
    if (contents && pfnLimit > MAX_CONTENTS_PAGES) {
      throw new ArgumentRangeError(
        "pfnLimit",
        `at most ${MAX_CONTENTS_PAGES} pages with contents`,
        `${pfnLimit} pages`,
      );
    }
    const backed = backedRegions(config);
    requireFrames(config, this.#heap.count);
    try {
      return new ReferenceGuest(config, backed, { heap: this.#heap, m2p: this.#m2p }, kernel);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      const what = contents ? "tables and contents" : "tables";
      throw new ArgumentRangeError("pfnLimit", `pages whose ${what} fit in memory`, `${pfnLimit} pages`, {
        cause: error,
      });
    }
  }

  save(): Saved {
    return together([this.#heap.save(), this.#saver.save()]);
  }

  memoryBytes(): number {
    return this.#heap.memoryBytes() + this.#m2p.byteLength;
  }
}
