/** The machine in Wasm: its frames, and the domains on it. */

import {
  type GuestBackend,
  type GuestConfig,
  INVALID_ENTRY,
  type Kernel,
  type MachineBackend,
} from "../host/backend.js";
import { BalloonError, ENOMEM } from "../host/errors.js";
import { requireFrames } from "../host/memory-map.js";
import type { Saved } from "../host/saved.js";
import type { Mfn, Pages } from "../host/units.js";
import { type BatchLists, WasmDomain } from "./domain.js";
import type { XenExports } from "./exports.js";
import { WasmGuest } from "./guest.js";
import { type EngineModules, instantiateXen } from "./modules.js";
import { MemorySaver } from "./saved-memory.js";

/** The results of createDomain in xen.wasm if it creates none. */
const NO_SLOT = -1;
const NO_MEMORY = -2;

/** A machine on the Wasm engine. */
export class WasmMachine implements MachineBackend {
  readonly hostPages: Pages;
  readonly #modules: EngineModules;
  readonly #xen: XenExports;
  readonly #guests = new Set<WasmGuest>();
  /** Lists cross here. The view is made anew when linear memory has grown, which detaches the old one. */
  #list: Uint32Array;
  readonly #saver: MemorySaver;

  /**
   * @param hostPages - the number of frames of the machine.
   * @param mfnBase - the frames below this one are never free.
   * @throws RangeError when the system has no memory for the tables of that many frames.
   */
  constructor(modules: EngineModules, hostPages: Pages, mfnBase: Mfn) {
    this.hostPages = hostPages;
    this.#modules = modules;
    this.#xen = instantiateXen(modules);
    if (!this.#xen.configure(hostPages, mfnBase)) {
      throw new RangeError(`hostPages: the system has no memory for the tables of ${hostPages} frames`);
    }
    this.#list = this.#listView();
    this.#saver = new MemorySaver(this.#xen, this.#list.byteOffset);
  }

  #listView(): Uint32Array {
    return new Uint32Array(this.#xen.memory.buffer, this.#xen.frameListPtr() >>> 0, this.#xen.frameListCapacity());
  }

  freeFrames(): number {
    return this.#xen.freeFrames() >>> 0;
  }

  takeFrames(count: number): Uint32Array {
    const frames = new Uint32Array(Math.min(count, this.freeFrames()));
    for (let done = 0; done < frames.length; ) {
      const taken = this.#xen.takeFrames(frames.length - done);
      frames.set(this.#list.subarray(0, taken), done);
      done += taken;
    }
    return frames;
  }

  putFrames(frames: Uint32Array): void {
    for (let done = 0; done < frames.length; done += this.#list.length) {
      const piece = frames.subarray(done, done + this.#list.length);
      this.#list.set(piece);
      this.#xen.giveFrames(piece.length);
    }
  }

  readM2p(mfn: Mfn, out: Uint32Array): void {
    out.fill(INVALID_ENTRY);
    for (const guest of this.#guests) guest.readM2p(mfn, out);
  }

  createGuest(config: GuestConfig, kernel: Kernel): GuestBackend {
    requireFrames(config, this.freeFrames());
    const guest = new WasmGuest(
      this.#modules,
      config,
      kernel,
      (lists) => this.#createDomain(config, lists),
      (destroyed) => this.#guests.delete(destroyed),
    );
    this.#guests.add(guest);
    return guest;
  }

  #createDomain(config: GuestConfig, lists: BatchLists): WasmDomain {
    const physmapPages = config.domain === "hvm" ? Math.max(config.pfnLimit, 1) : 0;
    const id = this.#xen.createDomain(config.maxPages, physmapPages);
    if (id === NO_SLOT) throw new BalloonError(ENOMEM, "256 domains are running, and the machine has room for no more");
    if (id === NO_MEMORY) {
      throw new RangeError(`pfnLimit: the machine's linear memory has no room for a physmap of ${physmapPages} pages`);
    }
    this.#refresh();
    return new WasmDomain(this.#xen, id, config, lists, this.#list);
  }

  /** Makes the views of the list anew, which the growth of linear memory detaches. */
  #refresh(): void {
    this.#list = this.#listView();
    for (const guest of this.#guests) guest.refresh(this.#list);
  }

  save(): Saved {
    const guests = [...this.#guests];
    const memory = this.#saver.save();
    const restore = (): void => {
      memory.restore();
      this.#guests.clear();
      for (const guest of guests) this.#guests.add(guest);
      // memory may have grown while one of them was closed
      this.#refresh();
    };
    return { bytes: memory.bytes, restore };
  }

  /** Returns the number of the first invariant of the tables that is broken; 0 if none is, and in a release build. */
  validate(): number {
    return this.#xen.validate?.() ?? 0;
  }

  memoryBytes(): number {
    return this.#xen.memory.buffer.byteLength;
  }
}
