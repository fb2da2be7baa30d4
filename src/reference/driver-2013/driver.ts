/**
 * The driver's entry points (drivers/xen/balloon.c at 1e1159bb97cf): init, the worker, targets, and pages lent to other
 * drivers. The reference follows the C routine by routine and page by page on purpose, and shares no driver logic with
 * the Wasm engine, which is checked against it.
 */

import type { Driver2013, DriverStats, GuestConfig, Kernel, WorkerState } from "../../host/backend.js";
import { ENODEV, ENOMEM } from "../../host/errors.js";
import { type Saved, together } from "../../host/saved.js";
import type { TunableField } from "../../host/stats-types.js";
import type { Pages } from "../../host/units.js";
import type { DriverFigures, DriverParts, ReferenceDriver } from "../driver-parts.js";
import type { MemoryHotplug } from "../memory-hotplug.js";
import { NO_PAGE } from "../page-allocator.js";
import type { PageList } from "../page-list.js";
import type { GuestPages } from "../pages.js";
import { unsignedLess, unsignedMin } from "../unsigned.js";
import { Balloon, type BalloonStats } from "./balloon.js";
import { Hotplug } from "./hotplug.js";
import { type BpState, Reservation } from "./reservation.js";
import { ScratchPages } from "./scratch-pages.js";

/** RETRY_UNLIMITED: a max_retry_count without limit. */
const RETRY_UNLIMITED = 0;

/** The driver of one guest. */
export class ReferenceDriver2013 implements ReferenceDriver, Driver2013 {
  readonly generation = "2013";
  readonly calls: Driver2013 = this;
  readonly faults: object = {};
  readonly #config: GuestConfig;
  readonly #balloon: Balloon;
  readonly #pages: GuestPages;
  readonly #scratch: ScratchPages;
  readonly #reservation: Reservation;
  readonly #hotplug: Hotplug;
  readonly #memory: MemoryHotplug;
  readonly #kernel: Kernel;

  constructor(parts: DriverParts) {
    const { config, kernel, pages, allocator } = parts;
    const balloon = new Balloon(pages, config.hotplug);
    const scratch = new ScratchPages(allocator, kernel);
    this.#config = config;
    this.#kernel = kernel;
    this.#pages = pages;
    this.#balloon = balloon;
    this.#scratch = scratch;
    this.#hotplug = new Hotplug(balloon, pages, parts.memory, kernel);
    this.#memory = parts.memory;
    this.#reservation = new Reservation({ ...parts, balloon, scratch });
  }

  get list(): PageList {
    return this.#balloon.list;
  }

  /**
   * Initialises the driver (balloon_init): allocates the scratch pages, sets balloon_stats, and puts the extra regions
   * into the balloon. Returns 0, -ENODEV or -ENOMEM.
   */
  init(): number {
    const { xen, domain, nrPages, releasedPages, extraRegions, cpus } = this.#config;
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

  /** Puts the pages of a region that are below max_pfn into the balloon (balloon_add_region). */
  #balloonAddRegion(start: number, pages: Pages): void {
    const end = Math.min(this.#pages.maxPfn, start + pages);
    for (let pfn = start; pfn < end; pfn++) this.#balloon.appendUnmanaged(pfn);
  }

  /** Runs the worker for at most `maxBatches` turns of its loop (balloon_process); "yielded" if there is more to do. */
  runWorker(maxBatches: number): WorkerState {
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

  /**
   * Updates the delay after a batch (update_schedule): each failure doubles it up to its maximum, success resets it,
   * and one retry too many cancels the operation.
   */
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

  /** Sets the target and schedules the worker at once (balloon_set_new_target). */
  setTarget(pages: Pages): void {
    this.#balloon.stats.target_pages = pages;
    this.#kernel.scheduleDelayedWork(0);
  }

  /**
   * Lends `wanted` pages and inflates the balloon if it has fewer (alloc_xenballooned_pages). Returns their PFNs, or
   * null for -ENOMEM after it has put all pages back.
   */
  allocBallooned(wanted: number, highmem: boolean): Uint32Array | null {
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

  /** Takes back pages that were lent (free_xenballooned_pages). */
  freeBallooned(pfns: Uint32Array): void {
    for (let i = 0; i < pfns.length; i++) this.#balloon.append(pfns[i]);
    if (this.#balloon.currentCredit() !== 0) this.#kernel.scheduleDelayedWork(0);
  }

  tune(field: TunableField, value: number): void {
    this.#balloon.stats[field as keyof BalloonStats] = value;
  }

  cpuUp(cpu: number): number {
    return this.#scratch.prepare(cpu) ? 0 : ENOMEM;
  }

  onCpu(cpu: number): void {
    this.#scratch.cpu = cpu;
  }

  scratchPages(): number[] {
    return this.#scratch.pfns();
  }

  online(sections: number): void {
    this.#hotplug.online(sections);
  }

  stats(): DriverStats {
    return { ...this.#balloon.stats };
  }

  figures(): DriverFigures {
    return { creditPages: this.#balloon.currentCredit(), onlineFrom: this.#memory.onlineFrom };
  }
  save(): Saved {
    return together([this.#balloon.save(), this.#scratch.save()]);
  }
}
