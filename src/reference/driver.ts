/** The driver's entry points: init, the worker, targets, and pages lent to other drivers. */
import type { Kernel, Region, WorkerState } from "../host/backend.js";
import { ENODEV, ENOMEM } from "../host/errors.js";
import type { Balloon } from "./balloon.js";
import type { Hotplug } from "./hotplug.js";
import { NO_PAGE } from "./page-allocator.js";
import type { Pages } from "./pages.js";
import type { BpState, Reservation } from "./reservation.js";
import type { ScratchPages } from "./scratch-pages.js";
import { unsignedLess, unsignedMin } from "./unsigned.js";

/** max_retry_count: no limit (RETRY_UNLIMITED). */
const RETRY_UNLIMITED = 0;

/** What the driver reads at boot: where it runs, and what the start info and the memory map say. */
export interface BootInfo {
  /** xen_domain(). */
  readonly xen: boolean;
  readonly domain: "pv" | "hvm";
  readonly nrPages: number;
  readonly releasedPages: number;
  readonly extraRegions: readonly Region[];
  readonly cpus: number;
}

/** The parts of one driver. */
export interface DriverParts {
  readonly balloon: Balloon;
  readonly pages: Pages;
  readonly scratch: ScratchPages;
  readonly reservation: Reservation;
  readonly hotplug: Hotplug;
  readonly kernel: Kernel;
}

/** drivers/xen/balloon.c of one guest. */
export class Driver {
  readonly #balloon: Balloon;
  readonly #pages: Pages;
  readonly #scratch: ScratchPages;
  readonly #reservation: Reservation;
  readonly #hotplug: Hotplug;
  readonly #kernel: Kernel;

  constructor({ balloon, pages, scratch, reservation, hotplug, kernel }: DriverParts) {
    this.#balloon = balloon;
    this.#pages = pages;
    this.#scratch = scratch;
    this.#reservation = reservation;
    this.#hotplug = hotplug;
    this.#kernel = kernel;
  }

  /** balloon_init. */
  balloonInit({ xen, domain, nrPages, releasedPages, extraRegions, cpus }: BootInfo): number {
    if (!xen) return ENODEV;
    for (let cpu = 0; cpu < cpus; cpu++) {
      if (!this.#scratch.prepare(cpu)) return ENOMEM;
    }
    this.#kernel.log("xen:balloon: Initialising balloon driver");

    const { stats } = this.#balloon;
    const { maxPfn } = this.#pages;
    stats.current_pages = domain === "pv" ? unsignedMin(nrPages - releasedPages, maxPfn) : maxPfn;
    stats.target_pages = stats.current_pages;
    stats.schedule_delay = 1;
    stats.max_schedule_delay = 32;
    stats.retry_count = 1;
    stats.max_retry_count = RETRY_UNLIMITED;

    for (const { start, pages } of extraRegions) this.#balloonAddRegion(start, pages);
    return 0;
  }

  /** balloon_add_region: pages beyond max_pfn are left out. */
  #balloonAddRegion(start: number, pages: number): void {
    const end = Math.min(this.#pages.maxPfn, start + pages);
    for (let pfn = start; pfn < end; pfn++) this.#balloon.appendUnmanaged(pfn);
  }

  /** balloon_process, at most `maxBatches` turns of its loop. */
  balloonProcess(maxBatches: number): WorkerState {
    let state: BpState = "done";
    let credit: number;
    let batches = 0;
    do {
      if (batches++ === maxBatches) return "yielded";
      credit = this.#balloon.currentCredit();
      if (credit > 0) {
        state = this.#balloon.isInflated
          ? this.#reservation.increase(credit)
          : this.#hotplug.reserveAdditionalMemory(credit);
      }
      if (credit < 0) state = this.#reservation.decrease(-credit, true);
      state = this.#updateSchedule(state);
    } while (credit !== 0 && state === "done");

    if (state === "eagain") this.#kernel.scheduleDelayedWork(this.#balloon.stats.schedule_delay);
    return state;
  }

  /** update_schedule: each failure doubles the delay, until one retry too many cancels the operation. */
  #updateSchedule(state: BpState): BpState {
    const { stats } = this.#balloon;
    if (state === "done") {
      stats.schedule_delay = 1;
      stats.retry_count = 1;
      return "done";
    }
    stats.retry_count++;
    if (stats.max_retry_count !== RETRY_UNLIMITED && unsignedLess(stats.max_retry_count, stats.retry_count)) {
      stats.schedule_delay = 1;
      stats.retry_count = 1;
      return "ecanceled";
    }
    stats.schedule_delay = Math.min(stats.schedule_delay * 2, stats.max_schedule_delay);
    return "eagain";
  }

  /** balloon_set_new_target. */
  balloonSetNewTarget(pages: number): void {
    this.#balloon.stats.target_pages = pages;
    this.#kernel.scheduleDelayedWork(0);
  }

  /** alloc_xenballooned_pages: the PFNs, or null for -ENOMEM. */
  allocXenballoonedPages(wanted: number, highmem: boolean): Uint32Array | null {
    const balloon = this.#balloon;
    const pfns = new Uint32Array(Math.min(wanted, this.#pages.pfnLimit));
    let got = 0;
    while (got < wanted) {
      const pfn = balloon.retrieve(highmem);
      if (pfn !== NO_PAGE && (highmem || !this.#pages.isHighMem(pfn))) {
        pfns[got++] = pfn;
        continue;
      }
      if (pfn !== NO_PAGE) balloon.append(pfn);
      if (this.#reservation.decrease(wanted - got, highmem) !== "done") {
        while (got > 0) balloon.append(pfns[--got]);
        this.#kernel.scheduleDelayedWork(0);
        return null;
      }
    }
    return pfns;
  }

  /** free_xenballooned_pages. */
  freeXenballoonedPages(pfns: Uint32Array): void {
    for (let i = 0; i < pfns.length; i++) this.#balloon.append(pfns[i]);
    if (this.#balloon.currentCredit() !== 0) this.#kernel.scheduleDelayedWork(0);
  }
}
