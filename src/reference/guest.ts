/** One guest on the reference engine: its kernel's memory, its driver and its domain, put together. */

import type {
  Driver2013,
  DriverStats,
  GuestBackend,
  GuestConfig,
  GuestState,
  Kernel,
  ModernDriver,
  Region,
} from "../host/backend.js";
import type { Fault, FaultName } from "../host/faults.js";
import { Hypercalls } from "../host/hypercall.js";
import { type Saved, together } from "../host/saved.js";
import type { TunableField } from "../host/stats-types.js";
import type { Pages, Pfn } from "../host/units.js";
import { type Frames, ReferenceDomain } from "./domain.js";
import { ReferenceDriver2013 } from "./driver-2013/driver.js";
import { ReferenceModernDriver } from "./driver-modern/driver.js";
import type { DriverParts, ReferenceDriver } from "./driver-parts.js";
import { MemoryHotplug } from "./memory-hotplug.js";
import { PhysToMachine } from "./p2m.js";
import { NO_PAGE, PageAllocator } from "./page-allocator.js";
import { GuestPages } from "./pages.js";

/** The drivers, by their generations. */
const DRIVERS: Readonly<Record<GuestConfig["driver"], new (parts: DriverParts) => ReferenceDriver>> = {
  "2013": ReferenceDriver2013,
  modern: ReferenceModernDriver,
};

/** One guest. After the constructor it has its frames, and its driver waits for init. */
export class ReferenceGuest implements GuestBackend {
  readonly hypercalls: Hypercalls;
  readonly #config: GuestConfig;
  readonly #domain: ReferenceDomain;
  readonly #pages: GuestPages;
  readonly #allocator: PageAllocator;
  readonly #memory: MemoryHotplug;
  readonly #driver: ReferenceDriver;

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
    const hypercalls = new Hypercalls(domain, config);
    const p2m = new PhysToMachine(domain);
    const memory = new MemoryHotplug(pages, config.sectionPages);
    const { frameList } = domain;

    this.hypercalls = hypercalls;
    this.#config = config;
    this.#domain = domain;
    this.#pages = pages;
    this.#allocator = allocator;
    this.#memory = memory;
    this.#driver = new DRIVERS[config.driver]({ config, kernel, pages, memory, allocator, p2m, hypercalls, frameList });

    domain.build(backed, config.mfnSeed);
    for (const region of backed) this.#boot(region);
  }

  get driver(): Driver2013 | ModernDriver {
    return this.#driver.calls;
  }

  /** Counts the pages of a region as managed, and frees all but those that the kernel keeps for itself. */
  #boot({ start, pages }: Region): void {
    for (let pfn = start; pfn < start + pages; pfn++) {
      this.#pages.adjustManagedPageCount(pfn, 1);
      if (pfn >= this.#config.reservedPages) this.#allocator.freePage(pfn);
    }
  }

  init(): number {
    return this.#driver.init();
  }

  setTarget(pages: Pages): void {
    this.#driver.setTarget(pages);
  }

  tune(field: TunableField, value: number): void {
    this.#driver.tune(field, value);
  }

  online(sections: number): void {
    this.#driver.online(sections);
  }

  inject(fault: FaultName, amount: number, times: number): void {
    const addMemory = this.#memory.failAddMemory;
    const faults: Partial<Record<FaultName, Fault>> = { ...this.hypercalls.faults, addMemory, ...this.#driver.faults };
    Object.assign(faults[fault] as Fault, { amount, times });
  }

  takePages(into: Uint32Array, highmem: boolean): number {
    for (let got = 0; got < into.length; got++) {
      const pfn = this.#allocator.allocPage(highmem);
      if (pfn === NO_PAGE) return got;
      into[got] = pfn;
    }
    return into.length;
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
    return this.#driver.stats();
  }

  state(): GuestState {
    const pages = this.#pages;
    return {
      ...this.#driver.figures(),
      freeNormalPages: this.#allocator.freePages[0],
      freeHighPages: this.#allocator.freePages[1],
      managedPages: pages.managed,
      managedHighPages: pages.managedHigh,
      maxPfn: pages.maxPfn,
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
    return this.#driver.list.pieces(limit);
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

  readP2m(pfn: Pfn, out: Uint32Array): void {
    out.set(this.#domain.p2m.subarray(pfn, pfn + out.length));
  }

  readWord(pfn: Pfn, word: number): number {
    return this.#pages.readWord(pfn, word);
  }

  save(): Saved {
    const parts = [this.#domain, this.#pages, this.#allocator, this.#memory, this.#driver, this.hypercalls];
    return together(parts.map((part) => part.save()));
  }

  memoryBytes(): number {
    const parts = [this.#domain, this.#pages, this.#allocator, this.#driver.list];
    return parts.reduce((sum, part) => sum + part.memoryBytes(), 0);
  }

  destroy(): void {
    this.#domain.destroy();
  }
}
