/** The machine in Wasm: its frames, M2P, and the domains on it. */

import type { GuestBackend, GuestConfig, Kernel, MachineBackend } from "../host/backend.js";
import { BalloonError, ENOMEM } from "../host/errors.js";
import { requireFrames } from "../host/memory-map.js";
import type { Mfn, Pages } from "../host/units.js";
import { WasmDomain } from "./domain.js";
import type { XenExports } from "./exports.js";
import { WasmGuest } from "./guest.js";
import { requireMemory } from "./linear-memory.js";
import { type EngineModules, instantiateXen } from "./modules.js";

/** The results of createDomain in xen.wasm if it creates none. */
const NO_SLOT = -1;
const NO_MEMORY = -2;

/** A machine on the Wasm engine. */
export class WasmMachine implements MachineBackend {
  readonly hostPages: Pages;
  readonly #modules: EngineModules;
  readonly #xen: XenExports;
  readonly #domains = new Set<WasmDomain>();
  /** Lists cross here. The view is made anew when linear memory has grown, which detaches the old one. */
  #list: Uint32Array;

  /**
   * @param hostPages - the number of frames of the machine.
   * @param mfnBase - the frames below this one are never free.
   * @throws RangeError when the tables of that many frames do not fit in linear memory; it says how many would.
   */
  constructor(modules: EngineModules, hostPages: Pages, mfnBase: Mfn) {
    this.hostPages = hostPages;
    this.#modules = modules;
    this.#xen = instantiateXen(modules);
    requireMemory("hostPages", "frames", hostPages, (frames) => this.#xen.bytesFor(frames, 0n));
    if (!this.#xen.configure(hostPages, mfnBase)) {
      throw new RangeError(`hostPages: the system has no memory for the tables of ${hostPages} frames`);
    }
    this.#list = this.#listView();
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
    for (let done = 0; done < out.length; done += this.#list.length) {
      const count = Math.min(this.#list.length, out.length - done);
      this.#xen.readM2p(mfn + done, count);
      out.set(this.#list.subarray(0, count), done);
    }
  }

  createGuest(config: GuestConfig, kernel: Kernel): GuestBackend {
    requireFrames(config, this.freeFrames());
    return new WasmGuest(
      this.#modules,
      config,
      kernel,
      (frameList) => this.#createDomain(config, frameList),
      (domain) => this.#domains.delete(domain),
    );
  }

  #createDomain(config: GuestConfig, frameList: Uint32Array): WasmDomain {
    const physmapPages = config.domain === "hvm" ? Math.max(config.pfnLimit, 1) : 0;
    const id = this.#xen.createDomain(config.maxPages, physmapPages);
    if (id === NO_SLOT) throw new BalloonError(ENOMEM, "256 domains are running, and the machine has room for no more");
    if (id === NO_MEMORY) {
      throw new RangeError(`pfnLimit: the machine's linear memory has no room for a physmap of ${physmapPages} pages`);
    }
    this.#list = this.#listView();
    for (const domain of this.#domains) domain.refresh(this.#list);
    const domain = new WasmDomain(this.#xen, id, config, frameList, this.#list);
    this.#domains.add(domain);
    return domain;
  }

  /** Returns the number of the first invariant of the tables that is broken; 0 if none is, and in a release build. */
  validate(): number {
    return this.#xen.validate?.() ?? 0;
  }

  memoryBytes(): number {
    return this.#xen.memory.buffer.byteLength;
  }
}
