/** The calls of the driver of 2013 in balloon.wasm. */
import { type Driver2013, MAX_CPUS, type WorkerState } from "../host/backend.js";
import type { KernelFault } from "../host/faults.js";
import { U32_MAX } from "../host/integers.js";
import type { Pages } from "../host/units.js";
import type { BalloonImports, Driver2013Exports } from "./exports.js";
import type { LentPages } from "./lent-pages.js";
import { type EngineModules, instantiateGuest } from "./modules.js";

const WORKER_STATES: readonly WorkerState[] = ["done", "eagain", "ecanceled", "yielded"];

export class WasmDriver2013 implements Driver2013 {
  readonly generation = "2013";
  readonly exports: Driver2013Exports;
  readonly #lent: LentPages;
  readonly #pfnLimit: Pages;

  constructor(modules: EngineModules, imports: BalloonImports, lent: LentPages, pfnLimit: Pages) {
    this.exports = instantiateGuest<Driver2013Exports>(modules.balloon, imports);
    this.#lent = lent;
    this.#pfnLimit = pfnLimit;
  }

  /** balloon_init: 0 or -errno. */
  init(): number {
    return this.exports.balloonInit();
  }

  /** Injects a fault of the guest's kernel; this generation meets one. */
  fail(_fault: KernelFault, rc: number, times: number): void {
    this.exports.failAddMemory(rc, times);
  }

  runWorker(maxBatches: number): WorkerState {
    return WORKER_STATES[this.exports.runWorker(Math.min(maxBatches, U32_MAX))];
  }

  allocBallooned(pages: Pages, highmem: boolean): Uint32Array | null {
    // a call for more pages than the guest can have fails, and needs no room for them
    const pfns = new Uint32Array(Math.min(pages, this.#pfnLimit));
    this.#lent.pfns = pfns;
    return this.exports.allocXenballoonedPages(pages, highmem ? 1 : 0) === 0 ? pfns : null;
  }

  freeBallooned(pfns: Uint32Array): void {
    this.#lent.pfns = pfns;
    this.exports.freeXenballoonedPages(pfns.length);
  }

  cpuUp(cpu: number): number {
    return this.exports.cpuUpPrepare(cpu);
  }

  onCpu(cpu: number): void {
    this.exports.onCpu(cpu);
  }

  scratchPages(): number[] {
    return Array.from({ length: MAX_CPUS }, (_, cpu) => this.exports.scratchPageOf(cpu)).filter((pfn) => pfn >= 0);
  }
}
