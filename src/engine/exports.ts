/**
 * The boundary: every export and import of the Wasm modules, with units. A test compares these declarations with
 * the modules. Booleans cross as 0 and 1, a u32 comes back signed (`>>> 0`), and a u64 crosses as a BigInt.
 */
import type { WasmGlobal, WasmMemory } from "../host/platform.js";
import type { DriverStats } from "../host/stats-types.js";
import type { Mfn, Pages, Pfn } from "../host/units.js";
import type { FigureGetters } from "./figures.js";
import type { OptionAddresses } from "./options.js";

/** The places of the fields of balloon_stats, those that the generation has. */
export type StatPlaces = { readonly [Field in keyof DriverStats as `stat_${Field}`]?: WasmGlobal };

/**
 * The exports of a guest's module that every generation of the driver has. Lists of PFNs cross at windowPtr(), at most
 * windowCapacity() entries at a time; frames cross at frameListPtr().
 */
export interface BalloonExports extends OptionAddresses, StatPlaces, FigureGetters {
  readonly memory: WasmMemory;
  /** Returns the bytes of linear memory that such a guest takes. */
  bytesFor(pfnLimit: number, highmemStart: number, pv: number, contents: number): bigint;
  /** Lays out a fresh instance, whose options are written (options.ts); returns 0 if there is not enough memory. */
  configure(): number;
  frameListPtr(): number;
  pfnListPtr(): number;
  windowPtr(): number;
  windowCapacity(): number;
  addBackedPages(start: number, pages: Pages, free: number): void;
  /** Sets the P2M of pages pfn, pfn + 1, … to the frames in the window (pv). */
  assignFrames(pfn: Pfn, count: number): void;
  /** Does the same for frames mfn, mfn + 1, … */
  assignRun(pfn: Pfn, mfn: Mfn, count: number): void;
  addExtraRegion(start: number, pages: Pages): void;
  setNewTarget(pages: bigint): void;
  /** Each makes one batch, like the worker or the thread, and returns an enum bp_state. */
  increaseReservation(pages: bigint, watched: number): number;
  decreaseReservation(pages: bigint, highmem: number, certain: bigint, watched: number): number;
  /** Each makes up to `batches` batches at once, and returns how many. */
  increaseRun(pages: bigint, batches: number): number;
  decreaseRun(pages: bigint, batches: number): number;
  failAddMemory(rc: number, times: number): void;
  online(sections: number): void;
  takePages(pages: Pages, highmem: number): number;
  givePages(count: number): void;
  fillPages(count: number, byte: number): void;
  /** Returns the field of balloon_stats at that place in the struct, as a signed number. A place is exported by name. */
  stat(place: number): number;
  setStat(place: number, value: bigint): void;
  /** Each writes a count for every cell of `cellPages` pages to the window; the first cell begins at `pfn`. */
  countFree(pfn: Pfn, pages: Pages, cellPages: Pages): void;
  countBallooned(pfn: Pfn, pages: Pages, cellPages: Pages): void;
  /** Starts a walk along ballooned_pages at its head. */
  listRewind(): void;
  /** Writes the next PFNs of the walk to the window; returns how many, 0 at the end. */
  listNext(): number;
  readP2m(pfn: Pfn, count: number): void;
  /** Sets the entries of this guest's frames in the window, which has the M2P entries of frames mfn, mfn + 1, … */
  readM2p(mfn: Mfn, count: number): void;
  /** Starts a walk over the frames that pages of the guest are on (pv). */
  framesRewind(): void;
  /** Writes the next of them to the window as runs, first frame and count; returns how many runs, 0 at the end. */
  framesNext(): number;
  /** Returns the u32 at place `index` of a page's contents. */
  readContents(pfn: Pfn, index: number): number;
  /** Writes the stretches of memory with state from address `from` on to the window, as XenExports.stretchesFrom. */
  stretchesFrom(from: number): number;
  /**
   * Returns 0, or the number of the first invariant that is broken (assembly/balloon/validate.ts). The debug build
   * alone has it.
   */
  validate?(): number;
}

/** The exports of balloon.wasm, a guest with the driver of 2013. */
export interface Driver2013Exports extends BalloonExports {
  /** Returns 0 or -errno. */
  balloonInit(): number;
  /** Returns an enum bp_state, or 3 for yielded. */
  runWorker(maxBatches: number): number;
  allocXenballoonedPages(pages: Pages, highmem: number): number;
  freeXenballoonedPages(pages: Pages): void;
  cpuUpPrepare(cpu: number): number;
  /** Returns a PFN, or -1 for none. */
  scratchPageOf(cpu: number): number;
  onCpu(cpu: number): void;
}

/** The exports of balloon-modern.wasm, a guest with the driver of today. */
export interface ModernExports extends BalloonExports {
  /** Returns 0 or -errno. `physicalPages`: PFNs below maxPfn that are memory. */
  balloonInit(physicalPages: Pages): number;
  /** Takes an enum bp_state and returns one, or 4 for yielded. */
  runThread(state: number, maxBatches: number): number;
  listIsEmpty(): number;
  /** Each returns 0, -errno, or 1 if the caller has to wait; loanGot() tells how many pages are in its array then. */
  beginLoan(pages: Pages): number;
  continueLoan(pages: Pages, had: Pages): number;
  cancelLoan(pages: Pages, had: Pages): void;
  loanGot(): number;
  /** Takes back the first `count` pages of an array of `pages` places. */
  freeBalloonedPages(count: Pages, pages: Pages): void;
  failResource(rc: number, times: number): void;
  failSetP2m(rc: number, times: number): void;
  failAllocP2m(rc: number, times: number): void;
  setScrub(scrub: number): void;
  setHotplugUnpopulated(wait: number): void;
}

/**
 * The exports of xen.wasm, which is one machine. Lists cross at frameListPtr(), at most frameListCapacity() entries at
 * a time.
 */
export interface XenExports {
  readonly memory: WasmMemory;
  /** Lays out a fresh instance; returns 0 if there is not enough memory. */
  configure(hostPages: Pages, mfnBase: Mfn): number;
  frameListPtr(): number;
  frameListCapacity(): number;
  /**
   * Creates a domain, auto-translated if physmapPages is not 0. Returns its id, -1 if all slots are in use, or -2 if
   * there is not enough memory.
   */
  createDomain(maxPages: Pages, physmapPages: Pages): number;
  destroyDomain(id: number): void;
  /** Each works on the list in place and returns the extents done. */
  populate(id: number, extents: number): number;
  decrease(id: number, extents: number): number;
  /**
   * Gives pages pfn, pfn + step, … the lowest free frames as far as they are a run, whole batches or all; returns how many,
   * and writes the first frame to the list.
   */
  populateRun(id: number, pfn: Pfn, pages: Pages, step: number, batchPages: Pages): number;
  /**
   * Does the same for the `topmost` pages before `end`, then the batch before `nextEnd`, then the batch before that one, and
   * so on, each in ascending order.
   */
  populateBatches(id: number, pages: Pages, end: Pfn, topmost: Pages, nextEnd: Pfn, batchPages: Pages): number;
  /** Gives the frames of pages pfn, pfn + 1, … back to the heap; for a pv domain they are frames mfn, mfn + 1, … */
  decreaseRun(id: number, pfn: Pfn, mfn: Mfn, pages: Pages): void;
  /** Gives pages pfn, pfn + 1, … the frames of the list. */
  assign(id: number, pfn: Pfn, count: number): void;
  /**
   * Gives pages pfn, pfn + 1, … the lowest free frames as far as they are a run; returns how many, and writes the first
   * to the list.
   */
  assignLowest(id: number, pfn: Pfn, count: number): number;
  /** Gives `count` runs of frames of a pv domain, first frame and count in the list, back to the heap. */
  releaseRuns(count: number): void;
  /** Gives all frames of an auto-translated domain back to the heap. */
  releasePhysmap(id: number): void;
  /** Gives those frames of the list that are not free yet back to the heap. */
  reclaimFrames(count: number): void;
  takeFrames(count: number): number;
  giveFrames(count: number): void;
  readPhysmap(id: number, gfn: number, count: number): void;
  freeFrames(): number;
  totPages(id: number): number;
  maxPages(id: number): number;
  setMaxPages(id: number, pages: Pages): void;
  /**
   * Writes the stretches of memory with state from address `from` on to the list, start and end of each; returns how many,
   * 0 at the end.
   */
  stretchesFrom(from: number): number;
  /** Returns 0, or the number of the first invariant that is broken (assembly/xen/validate.ts); debug build alone. */
  validate?(): number;
}

/** The imports of the guests' modules: the kernel and the hypervisor. A module has those of its generation. */
export interface BalloonImports {
  readonly kernel: {
    /** In balloon.wasm alone. */
    schedule_delayed_work(delaySeconds: number): void;
    /** Both of balloon-modern.wasm alone. */
    wake_thread(): void;
    wake_callers(): void;
    log(message: number, value: number): void;
    bug(condition: number): never;
    /** Copies the first `count` entries of the window to the caller's array, from place `index` on. */
    store_pages(index: number, count: number): void;
    /** Copies `count` entries of the caller's array, from place `index` on, to the window. */
    load_pages(index: number, count: number): void;
  };
  readonly hypervisor: {
    batches_at_once(): number;
    memory_op(cmd: number, extents: number): number;
    update_va_mappings(extents: number, lowPages: Pages, writable: number, scratchMfn: Mfn): number;
    populate_run(pfn: Pfn, pages: Pages, step: number): number;
    /** In balloon.wasm alone. */
    decrease_run(pfn: Pfn, mfn: Mfn, pages: Pages): void;
    /** These three of balloon-modern.wasm alone. */
    current_reservation(): number;
    populate_batches(pages: Pages, end: Pfn, topmost: Pages, nextEnd: Pfn): number;
    decrease_part(pfn: Pfn, mfn: Mfn, pages: Pages, extents: Pages): void;
  };
}
