/**
 * The one interface behind which both engines stand: the driver in Wasm (engine/) and the driver in plain TypeScript
 * (reference/). Everything above it (the API, the scenarios, the benchmarks) runs on either. Calls are synchronous;
 * arguments were checked by the caller. Pages are 4096 bytes; a PFN numbers a page of the guest, an MFN a frame of
 * the machine.
 */

import type { Hypercalls } from "./hypercall.js";
import type { GuestConfig } from "./options/types.js";
import type { DriverStats } from "./stats-types.js";

export { MAX_CPUS } from "./options/limits.js";
export type { Region } from "./options/region.js";
export type { GuestConfig } from "./options/types.js";
export type { DriverStats } from "./stats-types.js";

/** A P2M, M2P or physmap entry of a page or frame that has none. */
export const INVALID_ENTRY = 0xffff_ffff;

/** A page is this many bytes (PAGE_SIZE). */
export const PAGE_BYTES = 4096;

/** What can be seen of a guest besides the stats; sizes in pages. */
export interface GuestState {
  /** current_credit(). */
  readonly credit: number;
  /** Free pages [Normal, HighMem]. */
  readonly freePages: readonly [number, number];
  /** Managed pages [all, high]. */
  readonly managedPages: readonly [number, number];
  readonly maxPfn: number;
  /** Added memory from here to maxPfn is not online yet. */
  readonly onlineFrom: number;
  /** Frames the domain holds. */
  readonly totPages: number;
  /** The most frames that populate lets it hold. */
  readonly maxPages: number;
  /** Since boot: pages cleared, flush_tlb_all and kmap_flush_unused calls. */
  readonly scrubbedPages: number;
  readonly tlbFlushes: number;
  readonly kmapFlushes: number;
}

/** How a run of the worker ended (enum bp_state), or that it was stopped between two batches and holds the mutex. */
export type WorkerState = "done" | "eagain" | "ecanceled" | "yielded";

/** What the kernel offers the driver. */
export interface Kernel {
  /** schedule_delayed_work(&balloon_worker, …): ignored while the work is pending. */
  scheduleDelayedWork(delaySeconds: number): void;
  /** A line of the kernel log, without its newline. */
  log(line: string): void;
}

/** One guest: its driver and its memory. A BUG_ON throws BalloonBug; the guest must not be used after it. */
export interface GuestBackend {
  /** The hypercalls of this guest: counters, faults to inject, and who watches. */
  readonly hypercalls: Hypercalls;
  /** balloon_init: 0, -ENODEV or -ENOMEM. Called once, before anything else. */
  init(): number;
  /** balloon_set_new_target. */
  setTarget(pages: number): void;
  /** balloon_process, at most `maxBatches` turns of its loop; a run that yielded goes on with the next call. */
  runWorker(maxBatches: number): WorkerState;
  /** alloc_xenballooned_pages: the PFNs, or null for -ENOMEM. */
  allocBallooned(pages: number, highmem: boolean): Uint32Array | null;
  /** free_xenballooned_pages. */
  freeBallooned(pfns: Uint32Array): void;
  setMaxRetryCount(count: number): void;
  setMaxScheduleDelay(seconds: number): void;
  /** CPU_UP_PREPARE: 0 or -ENOMEM. */
  cpuUp(cpu: number): number;
  /** The driver runs on this CPU from now on. */
  onCpu(cpu: number): void;
  /** Onlines hot-added memory: the first `sections`, or all of it for 0. */
  online(sections: number): void;
  /** The next `times` calls of add_memory answer `rc` and do nothing. */
  failAddMemory(rc: number, times: number): void;
  /** Someone else in the guest takes up to `pages` pages, in the order in which the allocator gives them. */
  allocPages(pages: number, highmem: boolean): Uint32Array;
  freePages(pfns: Uint32Array): void;
  /** Writes `byte` all over each page (contents alone). */
  fillPages(pfns: Uint32Array, byte: number): void;
  /** The toolstack sets the domain's limit. */
  setMaxPages(pages: number): void;
  stats(): DriverStats;
  state(): GuestState;
  /** ballooned_pages from head to tail, at most `limit` PFNs, in pieces. A piece is valid until the next is taken. */
  balloonedPages(limit?: number): Iterable<Uint32Array>;
  /**
   * How many pages of each cell are free, or in the balloon: the `pages` PFNs from `pfn` on, below pfnLimit, are cut
   * into cells of `cellPages`, the last of which may be shorter; `out` has an entry for each.
   */
  countPages(state: "free" | "ballooned", pfn: number, pages: number, cellPages: number, out: Uint32Array): void;
  /** PFNs of the scratch pages. */
  scratchPages(): number[];
  /** P2M as the contract prints it, for `out.length` PFNs from `pfn`: the guest's own for pv, the physmap for hvm. */
  readP2m(pfn: number, out: Uint32Array): void;
  /** The little-endian word `word` (0 to 1023) of a page (contents alone). */
  readWord(pfn: number, word: number): number;
  /** Bytes of memory this guest's tables and contents take. */
  memoryBytes(): number;
  /** The domain is destroyed: its frames go back to the heap. */
  destroy(): void;
}

/** The machine: frame heap, M2P and the domains on it. */
export interface MachineBackend {
  readonly hostPages: number;
  freeFrames(): number;
  /** Other domains take up to `count` frames, lowest first. */
  takeFrames(count: number): Uint32Array;
  putFrames(frames: Uint32Array): void;
  /** M2P for `out.length` frames from `mfn`: the PFN of a pv domain's frame, INVALID_ENTRY for all others. */
  readM2p(mfn: number, out: Uint32Array): void;
  /**
   * Builds a domain: every backed PFN below maxPfn, ascending, gets a frame. Throws RangeError, and changes nothing,
   * when the tables do not fit in memory or the heap has too few frames.
   */
  createGuest(config: GuestConfig, kernel: Kernel): GuestBackend;
  memoryBytes(): number;
}
