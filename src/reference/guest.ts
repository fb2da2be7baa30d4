/** One guest on the reference engine: its kernel's memory, its driver and its domain, put together. */

import type {
  DriverStats,
  GuestBackend,
  GuestConfig,
  GuestState,
  Kernel,
  Region,
  WorkerState,
} from "../host/backend.js";
import { ENOMEM } from "../host/errors.js";
import type { FaultName } from "../host/faults.js";
import { Hypercalls } from "../host/hypercall.js";
import { type Saved, together } from "../host/saved.js";
import type { TunableField } from "../host/stats-types.js";
import type { Pages, Pfn } from "../host/units.js";
import { Balloon } from "./balloon.js";
import { type Frames, ReferenceDomain } from "./domain.js";
import { Driver } from "./driver.js";
import { Hotplug } from "./hotplug.js";
import { PhysToMachine } from "./p2m.js";
import { NO_PAGE, PageAllocator } from "./page-allocator.js";
import { GuestPages } from "./pages.js";
import { Reservation } from "./reservation.js";
import { ScratchPages } from "./scratch-pages.js";

/** One guest. After the constructor it has its frames, and its driver waits for init. */
export class ReferenceGuest implements GuestBackend {
  readonly hypercalls: Hypercalls;
  readonly #config: GuestConfig;
  readonly #domain: ReferenceDomain;
  readonly #pages: GuestPages;
  readonly #allocator: PageAllocator;
  readonly #balloon: Balloon;
  readonly #scratch: ScratchPages;
  readonly #hotplug: Hotplug;
  readonly #driver: Driver;

  /**
   * @param backed - the regions that get frames at boot; the heap must have enough
   * @throws RangeError - the tables do not fit in memory; no frame was taken
   */
  constructor(config: GuestConfig, backed: readonly Region[], frames: Frames, kernel: Kernel) {
    const { pfnLimit, highmemStart, watermarkPages, watermarkHighPages, maxPages, frameListCapacity } = config;
    const translated = config.domain === "hvm";
    const domain = new ReferenceDomain({ translated, pages: pfnLimit, maxPages, frameListCapacity }, frames);
    const pages = new GuestPages(config);
    const allocator = new PageAllocator(pfnLimit, highmemStart, watermarkPages, watermarkHighPages);
    const balloon = new Balloon(pages, config.hotplug);
    const scratch = new ScratchPages(allocator, kernel);
    const hotplug = new Hotplug(balloon, pages, config.sectionPages, kernel);
    const hypercalls = new Hypercalls(domain, config);
    const p2m = new PhysToMachine(domain);
    const { frameList } = domain;
    const reservation = new Reservation({ balloon, pages, allocator, p2m, scratch, hypercalls, frameList });

    this.hypercalls = hypercalls;
    this.#config = config;
    this.#domain = domain;
    this.#pages = pages;
    this.#allocator = allocator;
    this.#balloon = balloon;
    this.#scratch = scratch;
    this.#hotplug = hotplug;
    this.#driver = new Driver({ balloon, pages, scratch, reservation, hotplug, kernel });

    domain.build(backed, config.mfnSeed);
    for (const region of backed) this.#boot(region);
  }

  /** Counts the pages of a region as managed, and frees all but those that the kernel keeps for itself. */
  #boot({ start, pages }: Region): void {
    for (let pfn = start; pfn < start + pages; pfn++) {
      this.#pages.adjustManagedPageCount(pfn, 1);
      if (pfn >= this.#config.reservedPages) this.#allocator.freePage(pfn);
    }
  }

  init(): number {
    return this.#driver.balloonInit(this.#config);
  }

  setTarget(pages: Pages): void {
    this.#driver.balloonSetNewTarget(pages);
  }

  runWorker(maxBatches: number): WorkerState {
    return this.#driver.balloonProcess(maxBatches);
  }

  allocBallooned(pages: Pages, highmem: boolean): Uint32Array | null {
    return this.#driver.allocXenballoonedPages(pages, highmem);
  }

  freeBallooned(pfns: Uint32Array): void {
    this.#driver.freeXenballoonedPages(pfns);
  }

  tune(field: TunableField, value: number): void {
    this.#balloon.stats[field] = value;
  }

  cpuUp(cpu: number): number {
    return this.#scratch.prepare(cpu) ? 0 : ENOMEM;
  }

  onCpu(cpu: number): void {
    this.#scratch.cpu = cpu;
  }

  online(sections: number): void {
    this.#hotplug.online(sections);
  }

  inject(fault: FaultName, amount: number, times: number): void {
    const set = fault === "addMemory" ? this.#hotplug.failAddMemory : this.hypercalls.faults[fault];
    Object.assign(set, { amount, times });
  }

  allocPages(pages: Pages, highmem: boolean): Uint32Array {
    const [normal, high] = this.#allocator.freePages;
    const pfns = new Uint32Array(Math.min(pages, normal + high));
    let got = 0;
    while (got < pages) {
      const pfn = this.#allocator.allocPage(highmem);
      if (pfn === NO_PAGE) break;
      pfns[got++] = pfn;
    }
    return pfns.subarray(0, got);
  }

  freePages(pfns: Uint32Array): void {
    for (let i = 0; i < pfns.length; i++) this.#allocator.freePage(pfns[i]);
  }

  fillPages(pfns: Uint32Array, byte: number): void {
    for (let i = 0; i < pfns.length; i++) this.#pages.fillPage(pfns[i], byte);
  }

  setMaxPages(pages: Pages): void {
    this.#domain.maxPages = pages;
  }

  stats(): DriverStats {
    return { ...this.#balloon.stats };
  }

  state(): GuestState {
    const pages = this.#pages;
    return {
      creditPages: this.#balloon.currentCredit(),
      freeNormalPages: this.#allocator.freePages[0],
      freeHighPages: this.#allocator.freePages[1],
      managedPages: pages.managed,
      managedHighPages: pages.managedHigh,
      maxPfn: pages.maxPfn,
      onlineFrom: this.#hotplug.onlineFrom,
      totPages: this.#domain.totPages,
      maxPages: this.#domain.maxPages,
      memoryOps: this.hypercalls.memoryOps,
      vaMappings: this.hypercalls.vaMappings,
      scrubbedPages: pages.scrubbed,
      tlbFlushes: pages.tlbFlushes,
      kmapFlushes: pages.kmapFlushes,
    };
  }

  balloonedPages(limit: number = Number.POSITIVE_INFINITY): Iterable<Uint32Array> {
    return this.#balloon.list.pieces(limit);
  }

  countPages(state: "free" | "ballooned", pfn: Pfn, pages: Pages, cellPages: Pages, out: Uint32Array): void {
    out.fill(0);
    const end = pfn + pages;
    if (state === "free") {
      for (let at = pfn; at < end; at++) {
        if (this.#allocator.isFree(at)) out[Math.floor((at - pfn) / cellPages)]++;
      }
      return;
    }
    for (const piece of this.balloonedPages()) {
      for (const at of piece) if (at >= pfn && at < end) out[Math.floor((at - pfn) / cellPages)]++;
    }
  }

  scratchPages(): number[] {
    return this.#scratch.pfns();
  }

  readP2m(pfn: Pfn, out: Uint32Array): void {
    out.set(this.#domain.p2m.subarray(pfn, pfn + out.length));
  }

  readWord(pfn: Pfn, word: number): number {
    return this.#pages.readWord(pfn, word);
  }

  save(): Saved {
    const parts = [this.#domain, this.#pages, this.#allocator, this.#balloon, this.#scratch, this.#hotplug];
    return together([...parts, this.hypercalls].map((part) => part.save()));
  }

  memoryBytes(): number {
    const parts = [this.#domain, this.#pages, this.#allocator, this.#balloon.list];
    return parts.reduce((sum, part) => sum + part.memoryBytes(), 0);
  }

  destroy(): void {
    this.#domain.destroy();
  }
}
