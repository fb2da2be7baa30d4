/**
 * The boundary as declared: every export and import of the two Wasm modules, with units. A test holds these lists
 * against the modules themselves. Booleans cross as 0 and 1, u32 comes back signed (`>>> 0`), u64 as BigInt.
 */
import type { DriverStats } from "../host/stats-types.js";
import type { OptionAddresses } from "./options.js";

/** The places of the fields of balloon_stats. */
export type StatPlaces = { readonly [Field in keyof DriverStats as `stat_${Field}`]: WebAssembly.Global };

/** balloon.wasm: one guest. PFN lists cross at windowPtr(), at most windowCapacity() entries; frames at frameListPtr(). */
export interface BalloonExports extends OptionAddresses, StatPlaces {
  readonly memory: WebAssembly.Memory;
  /** Bytes of linear memory for such a guest. */
  bytesFor(pfnLimit: number, highmemStart: number, pv: number, contents: number): bigint;
  /** Lays out a fresh instance, whose options are written (options.ts); 0 where memory does not suffice. */
  configure(): number;
  frameListPtr(): number;
  windowPtr(): number;
  windowCapacity(): number;
  addBackedPages(start: number, pages: number, free: number): void;
  /** Frames of pages pfn, pfn + 1, … by the window (pv). */
  assignFrames(pfn: number, count: number): void;
  addExtraRegion(start: number, pages: number): void;
  /** 0 or -errno. */
  balloonInit(): number;
  setNewTarget(pages: bigint): void;
  /** enum bp_state, or 3 for yielded. */
  runWorker(maxBatches: number): number;
  /** One batch each, as the worker makes them: enum bp_state. */
  increaseReservation(pages: bigint): number;
  decreaseReservation(pages: bigint, highmem: number, certain: bigint): number;
  allocXenballoonedPages(pages: number, highmem: number): number;
  freeXenballoonedPages(pages: number): void;
  setMaxRetryCount(count: bigint): void;
  setMaxScheduleDelay(seconds: bigint): void;
  cpuUpPrepare(cpu: number): number;
  /** PFN, or -1 for none. */
  scratchPageOf(cpu: number): number;
  onCpu(cpu: number): void;
  failAddMemory(rc: number, times: number): void;
  online(sections: number): void;
  takePages(pages: number, highmem: number): number;
  givePages(count: number): void;
  fillPages(count: number, byte: number): void;
  /** Field of balloon_stats by its place in the struct, which is exported under its name, as signed. */
  stat(place: number): number;
  credit(): number;
  freeNormalPages(): number;
  freeHighPages(): number;
  managedPages(): number;
  managedHighPages(): number;
  maxPfn(): number;
  onlineFrom(): number;
  scrubbedPages(): number;
  tlbFlushes(): number;
  kmapFlushes(): number;
  /** Pages of each cell that are so, by the window: cells of `cellPages` of the pages from `pfn` on. */
  countFree(pfn: number, pages: number, cellPages: number): void;
  countBallooned(pfn: number, pages: number, cellPages: number): void;
  /** A walk along ballooned_pages by the window; 0 at its end. */
  listRewind(): void;
  listNext(): number;
  readP2m(pfn: number, count: number): void;
  readWord(pfn: number, word: number): number;
  /** Debug build alone: 0, or the number of the first invariant that is broken (assembly/balloon/validate.ts). */
  validate?(): number;
}

/** xen.wasm: one machine. Lists cross at frameListPtr(), at most frameListCapacity() entries. */
export interface XenExports {
  readonly memory: WebAssembly.Memory;
  bytesFor(hostPages: number, physmapPages: bigint): bigint;
  /** 0 where memory does not suffice. */
  configure(hostPages: number, mfnBase: number): number;
  frameListPtr(): number;
  frameListCapacity(): number;
  /** Id of a new domain, auto-translated where physmapPages is not 0; -1 where all slots are taken, -2 for no memory. */
  createDomain(maxPages: number, physmapPages: number): number;
  destroyDomain(id: number): void;
  /** Extents done; on the list in place. */
  populate(id: number, extents: number): number;
  decrease(id: number, extents: number): number;
  /** The frames of the list become those of pages pfn, pfn + 1, … */
  assign(id: number, pfn: number, count: number): void;
  /** The frames of pages pfn, pfn + 1, … go back to the heap; for a pv domain the list holds their P2M entries. */
  releaseFrames(id: number, pfn: number, count: number): void;
  /** Of the listed frames those that are still the domain's go back, too. */
  reclaimFrames(id: number, count: number): void;
  takeFrames(count: number): number;
  giveFrames(count: number): void;
  framesToPfns(count: number): void;
  readM2p(mfn: number, count: number): void;
  readPhysmap(id: number, gfn: number, count: number): void;
  freeFrames(): number;
  totPages(id: number): number;
  setMaxPages(id: number, pages: number): void;
  /** Debug build alone, as the guest's (assembly/xen/validate.ts). */
  validate?(): number;
}

/** What balloon.wasm imports: the kernel and the hypervisor. */
export interface BalloonImports extends WebAssembly.Imports {
  readonly kernel: {
    schedule_delayed_work(delaySeconds: number): void;
    log(message: number, value: number): void;
    bug(condition: number): never;
    /** Entries of the caller's array from `index` on, out of the window or into it. */
    store_pages(index: number, count: number): void;
    load_pages(index: number, count: number): void;
  };
  readonly hypervisor: {
    memory_op(cmd: number, extents: number): number;
    update_va_mappings(extents: number, lowPages: number, writable: number, scratchMfn: number): number;
  };
}
