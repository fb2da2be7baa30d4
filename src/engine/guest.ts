/** One guest in Wasm: its driver and its tables are in its module, its frames in the machine's xen.wasm. */

import type { DriverStats, GuestBackend, GuestConfig, GuestState, Kernel } from "../host/backend.js";
import { BalloonBug } from "../host/errors.js";
import type { FaultName, HypercallFault, KernelFault } from "../host/faults.js";
import { Hypercalls, XENMEM_DECREASE_RESERVATION, XENMEM_POPULATE_PHYSMAP } from "../host/hypercall.js";
import { U32_MAX } from "../host/integers.js";
import { backedPages, backedRuns } from "../host/memory-map.js";
import { type Saved, together } from "../host/saved.js";
import { shuffle } from "../host/shuffle.js";
import { statNames } from "../host/stats.js";
import type { TunableField } from "../host/stats-types.js";
import type { Mfn, Pages, Pfn } from "../host/units.js";
import type { BatchLists, WasmDomain } from "./domain.js";
import { WasmDriver2013 } from "./driver-2013.js";
import { WasmModernDriver } from "./driver-modern.js";
import type { BalloonExports, BalloonImports } from "./exports.js";
import { type DriverFigure, driverFigures } from "./figures.js";
import { LentPages } from "./lent-pages.js";
import { requireMemory } from "./linear-memory.js";
import type { EngineModules } from "./modules.js";
import { namedExports } from "./named-exports.js";
import { recordOf, writeRecord } from "./options.js";
import { MemorySaver } from "./saved-memory.js";

/** The conditions of kernel.bug and the messages of kernel.log, by their numbers in assembly/balloon/kernel.ts. */
const BUGS = ["ret == NULL", "page == NULL", "ret", "ret != nr_pages"];
const MESSAGES = [
  () => "Initialising balloon driver",
  (cpu: number) => `Failed to allocate balloon_scratch_page for cpu ${cpu}`,
  (rc: number) => `reserve_additional_memory: add_memory() failed: ${rc}`,
  () => "Cannot allocate new System RAM resource",
  () => "set_phys_to_machine() failed, no memory added",
  (rc: number) => `Cannot add additional memory (${rc})`,
];

/** A guest on the Wasm engine. */
export class WasmGuest implements GuestBackend {
  readonly hypercalls: Hypercalls;
  readonly driver: WasmDriver2013 | WasmModernDriver;
  readonly #config: GuestConfig;
  readonly #exports: BalloonExports;
  readonly #domain: WasmDomain;
  readonly #onDestroy: (guest: WasmGuest) => void;
  /** Lists of pages cross here. The guest's memory never grows after configure, so that the view stays valid. */
  readonly #window: Uint32Array;
  readonly #saver: MemorySaver;
  /** The place of each field of balloon_stats. */
  readonly #places: ReadonlyMap<string, number>;
  readonly #lent = new LentPages();

  /**
   * @param createDomain - creates the machine's side of the guest, for the lists of its batches.
   * @param onDestroy - called when the guest has been destroyed.
   * @throws RangeError when the guest's tables do not fit in linear memory; nothing has changed then.
   */
  constructor(
    modules: EngineModules,
    config: GuestConfig,
    kernel: Kernel,
    createDomain: (lists: BatchLists) => WasmDomain,
    onDestroy: (guest: WasmGuest) => void,
  ) {
    this.#config = config;
    this.#onDestroy = onDestroy;
    const pv = config.domain === "pv";
    const imports: BalloonImports = {
      kernel: {
        schedule_delayed_work: (delaySeconds) => kernel.scheduleDelayedWork(delaySeconds),
        wake_thread: () => kernel.wakeThread(),
        wake_callers: () => kernel.wakeCallers(),
        log: (message, value) => kernel.log(`xen:balloon: ${MESSAGES[message](value)}`),
        bug: (condition) => {
          throw new BalloonBug(BUGS[condition]);
        },
        store_pages: (index, count) => this.#lent.pfns.set(this.#window.subarray(0, count), index),
        load_pages: (index, count) => this.#window.set(this.#lent.pfns.subarray(index, index + count)),
      },
      hypervisor: {
        batches_at_once: () => this.hypercalls.batchesAtOnce,
        memory_op: (cmd, extents) => this.hypercalls.memoryOp(cmd, extents),
        update_va_mappings: (extents, lowPages, writable, scratchMfn) =>
          this.hypercalls.updateVaMappings(extents, lowPages, writable !== 0, scratchMfn >>> 0),
        populate_run: (pfn, pages, step) => {
          const granted = this.#domain.populateRun(pfn >>> 0, pages >>> 0, step);
          this.hypercalls.ranRun(XENMEM_POPULATE_PHYSMAP, pfn >>> 0, granted, pv);
          return granted;
        },
        decrease_run: (pfn, mfn, pages) => {
          this.#domain.decreaseRun(pfn >>> 0, mfn >>> 0, pages >>> 0);
          this.hypercalls.ranRun(XENMEM_DECREASE_RESERVATION, pfn >>> 0, pages >>> 0, pv);
        },
        current_reservation: () => this.hypercalls.currentReservation(),
        populate_batches: (pages, end, topmost, nextEnd) => {
          const granted = this.#domain.populateBatches(pages >>> 0, end >>> 0, topmost >>> 0, nextEnd >>> 0);
          // only low pages come back in this way
          this.hypercalls.ranRun(XENMEM_POPULATE_PHYSMAP, 0, granted, pv);
          return granted;
        },
        decrease_part: (pfn, mfn, pages, extents) => {
          this.#domain.decreaseRun(pfn >>> 0, mfn >>> 0, pages >>> 0);
          this.hypercalls.ranPart(XENMEM_DECREASE_RESERVATION, pfn >>> 0, pages >>> 0, extents >>> 0, pv);
        },
      },
    };
    this.driver =
      config.driver === "modern"
        ? new WasmModernDriver(modules, imports, this.#lent)
        : new WasmDriver2013(modules, imports, this.#lent, config.pfnLimit);
    this.#exports = this.driver.exports;
    this.#places = namedExports(this.#exports, "stat_", "stat", statNames(config.driver));
    this.#configure();
    const { buffer } = this.#exports.memory;
    this.#window = new Uint32Array(buffer, this.#exports.windowPtr() >>> 0, this.#exports.windowCapacity());
    this.#saver = new MemorySaver(this.#exports, this.#window.byteOffset);
    // this array may not fit in memory: it is made before the domain, which would have to be undone
    const frames = new Uint32Array(config.mfnSeed === 0 ? 0 : backedPages(config));
    this.#domain = createDomain({
      frames: new Uint32Array(buffer, this.#exports.frameListPtr() >>> 0, config.frameListCapacity),
      pfns: new Uint32Array(buffer, this.#exports.pfnListPtr() >>> 0, config.frameListCapacity),
    });
    this.hypercalls = new Hypercalls(this.#domain, config);
    this.#populateAtBoot(config.mfnSeed, frames);
  }

  #configure(): void {
    const config = this.#config;
    const pv = config.domain === "pv" ? 1 : 0;
    const contents = config.contents ? 1 : 0;
    requireMemory("pfnLimit", "pages", config.pfnLimit, (pages) =>
      this.#exports.bytesFor(pages, config.highmemStart, pv, contents),
    );
    writeRecord(this.#exports, recordOf(config));
    const fits = this.#exports.configure();
    if (!fits) throw new RangeError(`pfnLimit: the system has no memory for the tables of ${config.pfnLimit} pages`);
  }

  /**
   * Gives each backed page a frame, and hands the pages to the guest's kernel. Pages in ascending order get the lowest
   * free frames, in ascending order if `seed` is 0, and else in random order.
   */
  #populateAtBoot(seed: number, frames: Uint32Array): void {
    const { reservedPages } = this.#config;
    const runs = backedRuns(this.#config);
    const shuffled = seed === 0 ? null : this.#takeShuffled(seed, frames);
    let next = 0;
    for (const { start, pages } of runs) {
      if (shuffled === null) {
        this.#assignLowest(start, pages);
      } else {
        this.#assign(start, shuffled.subarray(next, next + pages));
        next += pages;
      }
      const kernels = Math.min(Math.max(reservedPages - start, 0), pages);
      if (kernels > 0) this.#exports.addBackedPages(start, kernels, 0);
      if (pages > kernels) this.#exports.addBackedPages(start + kernels, pages - kernels, 1);
    }
  }

  /** Gives pages start, start + 1, … the lowest free frames. */
  #assignLowest(start: number, pages: Pages): void {
    for (let done = 0; done < pages; ) {
      const { mfn, count } = this.#domain.assignLowest(start + done, pages - done);
      if (this.#config.domain === "pv") this.#exports.assignRun(start + done, mfn, count);
      done += count;
    }
  }

  /** Gives pages start, start + 1, … these frames. */
  #assign(start: number, frames: Uint32Array): void {
    this.#inWindows(frames, (count, done) => {
      this.#domain.assign(start + done, this.#window.subarray(0, count));
      if (this.#config.domain === "pv") this.#exports.assignFrames(start + done, count);
    });
  }

  /** Fills `frames` with the lowest free frames, and shuffles them. */
  #takeShuffled(seed: number, frames: Uint32Array): Uint32Array {
    for (let done = 0; done < frames.length; ) {
      const piece = this.#domain.takeFrames(Math.min(this.#window.length, frames.length - done));
      frames.set(piece, done);
      done += piece.length;
    }
    shuffle(frames, seed);
    return frames;
  }

  init(): number {
    for (const { start, pages } of this.#config.extraRegions) this.#exports.addExtraRegion(start, pages);
    return this.driver.init(this.#config);
  }

  setTarget(pages: Pages): void {
    this.#exports.setNewTarget(BigInt(pages));
  }

  tune(field: TunableField, value: number): void {
    const place = this.#places.get(field);
    if (place !== undefined) this.#exports.setStat(place, BigInt(value));
    else if (this.driver.generation === "modern") this.driver.set(field, value !== 0);
  }

  online(sections: number): void {
    this.#exports.online(Math.min(sections, U32_MAX));
  }

  inject(fault: FaultName, amount: number, times: number): void {
    if (fault in this.hypercalls.faults) {
      Object.assign(this.hypercalls.faults[fault as HypercallFault], { amount, times });
    } else {
      this.driver.fail(fault as KernelFault, amount, Math.min(times, U32_MAX));
    }
  }

  takePages(into: Uint32Array, highmem: boolean): number {
    let done = 0;
    for (let got = -1; got !== 0 && done < into.length; done += got) {
      got = this.#exports.takePages(into.length - done, highmem ? 1 : 0);
      into.set(this.#window.subarray(0, got), done);
    }
    return done;
  }

  freePages(pfns: Uint32Array): void {
    this.#inWindows(pfns, (count) => this.#exports.givePages(count));
  }

  fillPages(pfns: Uint32Array, byte: number): void {
    this.#inWindows(pfns, (count) => this.#exports.fillPages(count, byte));
  }

  /** Copies the entries to the window, a windowful at a time; calls `use` with its length and the entries before it. */
  #inWindows(entries: Uint32Array, use: (count: number, done: number) => void): void {
    for (let done = 0; done < entries.length; done += this.#window.length) {
      const piece = entries.subarray(done, done + this.#window.length);
      this.#window.set(piece);
      use(piece.length, done);
    }
  }

  setMaxPages(pages: Pages): void {
    this.#domain.setMaxPages(Math.min(pages, U32_MAX));
  }

  stats(): DriverStats {
    const stats: Record<string, number> = {};
    for (const name of statNames(this.#config.driver))
      stats[name] = this.#exports.stat(this.#places.get(name) as number);
    return stats as unknown as DriverStats;
  }

  state(): GuestState {
    const state: Record<string, number> = {};
    for (const name of driverFigures(this.#config.driver)) state[name] = this.#exports[`state_${name}`]?.() as number;
    const { totPages, maxPages } = this.#domain;
    const { memoryOps, vaMappings } = this.hypercalls;
    return { ...(state as Pick<GuestState, DriverFigure>), totPages, maxPages, memoryOps, vaMappings };
  }

  *balloonedPages(limit: number = Number.POSITIVE_INFINITY): Generator<Uint32Array> {
    this.#exports.listRewind();
    for (let left = limit; left > 0; ) {
      const count = Math.min(this.#exports.listNext(), left);
      if (count === 0) return;
      left -= count;
      yield this.#window.slice(0, count);
    }
  }

  countPages(state: "free" | "ballooned", pfn: Pfn, pages: Pages, cellPages: Pages, out: Uint32Array): void {
    const count = state === "free" ? this.#exports.countFree : this.#exports.countBallooned;
    for (let done = 0; done < out.length; done += this.#window.length) {
      const cells = out.subarray(done, done + this.#window.length);
      const before = done * cellPages;
      count(pfn + before, Math.min(cells.length * cellPages, pages - before), cellPages);
      cells.set(this.#window.subarray(0, cells.length));
    }
  }

  readP2m(pfn: Pfn, out: Uint32Array): void {
    for (let done = 0; done < out.length; done += this.#window.length) {
      const piece = out.subarray(done, done + this.#window.length);
      if (this.#config.domain === "pv") {
        this.#exports.readP2m(pfn + done, piece.length);
        piece.set(this.#window.subarray(0, piece.length));
      } else {
        this.#domain.readPhysmap(pfn + done, piece);
      }
    }
  }

  readWord(pfn: Pfn, word: number): number {
    return this.#exports.readContents(pfn, word) >>> 0;
  }

  /** Returns the number of the first invariant of the tables that is broken; 0 if none is, and in a release build. */
  validate(): number {
    return this.#exports.validate?.() ?? 0;
  }

  memoryBytes(): number {
    return this.#exports.memory.buffer.byteLength;
  }

  save(): Saved {
    return together([this.#saver.save(), this.#domain.save(), this.hypercalls.save()]);
  }

  /** Sets the M2P entries of the frames that belong to this guest among those from `mfn` on, whose entries `out` has. */
  readM2p(mfn: Mfn, out: Uint32Array): void {
    if (this.#config.domain !== "pv") return;
    this.#inWindows(out, (count, done) => {
      this.#exports.readM2p(mfn + done, count);
      out.set(this.#window.subarray(0, count), done);
    });
    this.#domain.readLostM2p(mfn, out);
  }

  /** Takes the new view of the machine's list after its memory has grown. */
  refresh(list: Uint32Array): void {
    this.#domain.refresh(list);
  }

  destroy(): void {
    if (this.#config.domain === "pv") {
      this.#exports.framesRewind();
      for (let runs = this.#exports.framesNext(); runs > 0; runs = this.#exports.framesNext()) {
        this.#domain.releaseRuns(this.#window.subarray(0, 2 * runs));
      }
    } else {
      this.#domain.releasePhysmap();
    }
    this.#domain.destroy();
    this.#onDestroy(this);
  }
}
