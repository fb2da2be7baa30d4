/**
 * The interface that both engines implement: the driver in Wasm (engine/) and the driver in plain TypeScript
 * (reference/). Everything above it (the API, the scenarios, the benchmarks) runs on either. Calls are synchronous;
 * the caller has checked the arguments. Pages are 4096 bytes; a PFN numbers a page of the guest, an MFN a frame of
 * the machine.
 */

import type { FaultName } from "./faults.js";
import type { Hypercalls } from "./hypercall.js";
import type { GuestConfig } from "./options/types.js";
import type { Saved } from "./saved.js";
import type { DriverStats, GuestState, TunableField } from "./stats-types.js";
import type { Mfn, Pages, Pfn } from "./units.js";

export { MAX_CPUS } from "./options/limits.js";
export type { Region } from "./options/region.js";
export type { GuestConfig } from "./options/types.js";
export type { DriverStats, GuestState } from "./stats-types.js";

/** The P2M, M2P or physmap entry of a page without a frame, or of a frame without a page. */
export const INVALID_ENTRY = 0xffff_ffff;

/** The size of a page in bytes (PAGE_SIZE). */
export const PAGE_BYTES = 4096;

/** The outcome of a batch, or of the thread's turn (enum bp_state). The driver of 2013 has no `wait`. */
export type BpState = "done" | "wait" | "eagain" | "ecanceled";

/** The end of a run. A `yielded` run paused between two batches and still holds the mutex. */
export type RunState = BpState | "yielded";

/** The end of a worker's run. */
export type WorkerState = Exclude<RunState, "wait">;

/** The kernel's services for the driver. */
export interface Kernel {
  /** Driver 2013: schedule_delayed_work(&balloon_worker, …). It is ignored while the work is pending. */
  scheduleDelayedWork(delaySeconds: number): void;
  /** Driver `modern`: wake_up(&balloon_thread_wq). It is ignored while the thread runs. */
  wakeThread(): void;
  /** Driver `modern`: wake_up(&balloon_wq): pages are on the list. Once for many pages is enough. */
  wakeCallers(): void;
  /** Writes a line to the kernel log. The line has no newline. */
  log(line: string): void;
}

/**
 * One guest: its driver and its memory, with the calls that a driver of either generation answers. A BUG_ON throws
 * BalloonBug; the caller must not use the guest after it.
 */
export interface GuestBackend {
  /** The hypercalls of this guest: counters, faults to inject, and observers. */
  readonly hypercalls: Hypercalls;
  /** The calls of its generation. */
  readonly driver: Driver2013 | ModernDriver;
  /** balloon_init: 0 or -errno. Called once, before anything else. */
  init(): number;
  /** balloon_set_new_target. */
  setTarget(pages: Pages): void;
  /** Changes a setting, as a write to the driver's attribute in sysfs or sysctl does. */
  tune(field: TunableField, value: number): void;
  /** Onlines hot-added memory: the first `sections`, or all of it for 0. */
  online(sections: number): void;
  /** Injects a fault into the next `times` calls of its kind. It replaces the one before. */
  inject(fault: FaultName, amount: number, times: number): void;
  /**
   * Takes pages for another user in the guest until `into` is full or none is free, in the order in which the allocator gives
   * them; returns how many.
   */
  takePages(into: Uint32Array, highmem: boolean): number;
  freePages(pfns: Uint32Array): void;
  /** Fills each page with `byte`. Only a guest with contents has it. */
  fillPages(pfns: Uint32Array, byte: number): void;
  /** Sets the most frames the domain may hold, as the toolstack does. */
  setMaxPages(pages: Pages): void;
  /** balloon_stats, with the fields that this generation has. */
  stats(): DriverStats;
  /** The figures that this generation has. */
  state(): GuestState;
  /** Lists ballooned_pages from head to tail, at most `limit` PFNs, in pieces. A piece is valid until the next one. */
  balloonedPages(limit?: number): Iterable<Uint32Array>;
  /**
   * Counts the pages of each cell that are free, or in the balloon. The `pages` PFNs from `pfn` on, below pfnLimit,
   * form cells of `cellPages`; the last cell may be shorter. `out` has an entry for each cell.
   */
  countPages(state: "free" | "ballooned", pfn: Pfn, pages: Pages, cellPages: Pages, out: Uint32Array): void;
  /** Reads `out.length` P2M entries from `pfn` on: the guest's own table for pv, the physmap for hvm. */
  readP2m(pfn: Pfn, out: Uint32Array): void;
  /** Reads the little-endian word `word` (0 to 1023) of a page. Only a guest with contents has it. */
  readWord(pfn: Pfn, word: number): number;
  /** Tells the memory of this guest's tables and contents, in bytes. */
  memoryBytes(): number;
  /** Saves the guest's state between two calls; it may be put back after the guest was destroyed, too. */
  save(): Saved;
  /** Destroys the domain and gives its frames back to the heap. */
  destroy(): void;
}

/** The calls of the driver of 2013: a worker, and a scratch page for each CPU. */
export interface Driver2013 {
  readonly generation: "2013";
  /** Runs at most `maxBatches` turns of balloon_process's loop. The next call continues a run that yielded. */
  runWorker(maxBatches: number): WorkerState;
  /** alloc_xenballooned_pages. It returns the PFNs, or null for -ENOMEM. */
  allocBallooned(pages: Pages, highmem: boolean): Uint32Array | null;
  /** free_xenballooned_pages. */
  freeBallooned(pfns: Uint32Array): void;
  /** CPU_UP_PREPARE: 0 or -ENOMEM. */
  cpuUp(cpu: number): number;
  /** Moves the driver to this CPU. */
  onCpu(cpu: number): void;
  /** PFNs of the scratch pages. */
  scratchPages(): number[];
}

/**
 * The calls of the modern driver. The host keeps what has no page in it, for both engines: the thread's state, its due
 * and the credit that it remembers, who waits, and who is woken (src/world/). An engine does the pages.
 */
export interface ModernDriver {
  readonly generation: "modern";
  /** current_credit: target_pages less current_pages, in pages. */
  credit(): number;
  /** list_empty(&ballooned_pages). */
  listIsEmpty(): boolean;
  /**
   * Runs balloon_thread from the end of a wait to the beginning of the next one that is not over at once: it acts on the
   * credit, and books what came of it (update_schedule); while that is `done` and there is credit left, again, at most
   * `maxBatches` times.
   *
   * @param state - the thread's state before; it stays where the credit is 0.
   * @returns the state after; `yielded` where it is `done` and there is more to do: the next call, with `done`, goes on.
   */
  runThread(state: BpState, maxBatches: number): RunState;
  /**
   * xen_alloc_ballooned_pages: adds `loan.pages` to target_unpopulated, and goes on to the end or to where the caller has
   * to wait for pages on the list. The list is empty then.
   */
  beginLoan(loan: Loan): LoanStep;
  /** Goes on with a loan that waits. The list must not be empty. */
  continueLoan(loan: Loan): LoanStep;
  /** Fails a loan that waits: a signal came. Its pages go back. */
  cancelLoan(loan: Loan): void;
  /** xen_free_ballooned_pages for an array of `pages` places, of which `pfns` have a page, in the array's order. */
  freeBallooned(pfns: Uint32Array, pages: Pages): void;
}

/** A call of xen_alloc_ballooned_pages: its array of pages, and how far it got. */
export interface Loan {
  /** Pages asked for. */
  readonly pages: Pages;
  /** The pages that it has, in its first `got` places. As long as the guest can have pages at most. */
  readonly pfns: Uint32Array;
  got: Pages;
}

/** How far a loan got: `waits`; 0 at its end, or -errno where it failed and its pages went back. */
export type LoanStep = "waits" | number;

/** The machine: the frame heap, the M2P and the domains. */
export interface MachineBackend {
  readonly hostPages: Pages;
  freeFrames(): number;
  /** Takes up to `count` frames for other domains, lowest first. */
  takeFrames(count: number): Uint32Array;
  putFrames(frames: Uint32Array): void;
  /** Reads `out.length` M2P entries from `mfn` on: the PFN of a pv domain's frame, INVALID_ENTRY for all others. */
  readM2p(mfn: Mfn, out: Uint32Array): void;
  /**
   * Builds a domain: every backed PFN below maxPfn, ascending, gets a frame. It throws a RangeError and changes nothing
   * if the tables do not fit in memory or the heap has too few frames.
   */
  createGuest(config: GuestConfig, kernel: Kernel): GuestBackend;
  /**
   * Saves the frames and who holds them. Whoever puts it back puts back every guest of that time, too; guests that were
   * made since are gone then.
   */
  save(): Saved;
  memoryBytes(): number;
}

/** Makes a machine of either engine. */
export type MachineFactory = (hostPages: Pages, mfnBase: Mfn) => MachineBackend;
