/**
 * The driver's entry points (drivers/xen/balloon.c at b13cd24c15d7): init, the thread, targets, and pages lent to other
 * drivers. The reference follows the C routine by routine and page by page on purpose, and shares no driver logic with
 * the Wasm engine, which is checked against it.
 */

import type { BpState, DriverStats, GuestConfig, Kernel, ModernDriver, RunState } from "../../host/backend.js";
import { ENODEV, ERANGE } from "../../host/errors.js";
import type { Fault, KernelFault } from "../../host/faults.js";
import type { Hypercalls } from "../../host/hypercall.js";
import { type Saved, together } from "../../host/saved.js";
import type { TunableField } from "../../host/stats-types.js";
import type { Pages } from "../../host/units.js";
import { backedRegions, countPages } from "../backed-pages.js";
import type { DriverFigures, DriverParts, ReferenceDriver } from "../driver-parts.js";
import type { MemoryHotplug } from "../memory-hotplug.js";
import type { PageAllocator } from "../page-allocator.js";
import type { PageList } from "../page-list.js";
import type { GuestPages } from "../pages.js";
import { unsignedLess } from "../unsigned.js";
import { Balloon, type BalloonStats } from "./balloon.js";
import { Hotplug } from "./hotplug.js";
import { Lending } from "./lending.js";
import { Reservation } from "./reservation.js";

/** A max_retry_count without limit. */
const RETRY_UNLIMITED = 0;

/** The driver of one guest. */
export class ReferenceModernDriver implements ReferenceDriver {
  readonly calls: ModernDriver;
  readonly faults: Readonly<Partial<Record<KernelFault, Fault>>>;
  readonly #config: GuestConfig;
  readonly #balloon: Balloon;
  readonly #pages: GuestPages;
  readonly #allocator: PageAllocator;
  readonly #reservation: Reservation;
  readonly #memory: MemoryHotplug;
  readonly #hotplug: Hotplug;
  readonly #lending: Lending;
  readonly #hypercalls: Hypercalls;
  readonly #kernel: Kernel;

  constructor(parts: DriverParts) {
    const { config, kernel, pages, allocator, memory, hypercalls } = parts;
    const balloon = new Balloon(pages, kernel);
    const reservation = new Reservation(parts, balloon);
    const hotplug = new Hotplug(parts, balloon);
    const lending = new Lending(parts, { balloon, reservation, hotplug, available: () => this.#available() });
    this.#config = config;
    this.#balloon = balloon;
    this.#pages = pages;
    this.#allocator = allocator;
    this.#reservation = reservation;
    this.#memory = memory;
    this.#hotplug = hotplug;
    this.#lending = lending;
    this.#hypercalls = hypercalls;
    this.#kernel = kernel;
    this.faults = { resource: hotplug.failResource, setP2m: hotplug.failSetP2m, allocP2m: lending.failAllocP2m };
    this.calls = {
      generation: "modern",
      credit: () => balloon.currentCredit(),
      listIsEmpty: () => balloon.list.isEmpty,
      runThread: (state, maxBatches) => this.#runThread(state, maxBatches),
      beginLoan: (loan) => lending.begin(loan),
      continueLoan: (loan) => lending.goOn(loan),
      cancelLoan: (loan) => lending.cancel(loan),
      freeBallooned: (pfns, count) => lending.free(pfns, count),
    };
  }

  get list(): PageList {
    return this.#balloon.list;
  }

  /**
   * Initialises the driver (balloon_init): sets balloon_stats, and puts the extra regions into the balloon. Returns 0,
   * -ENODEV or -ERANGE.
   */
  init(): number {
    if (!this.#config.xen) return ENODEV;
    this.#kernel.log("xen:balloon: Initialising balloon driver");
    const pages = this.#sizeAtBoot();
    if (pages === null) return ERANGE;

    const { stats } = this.#balloon;
    stats.current_pages = pages;
    stats.target_pages = pages;
    stats.target_unpopulated = 0;
    stats.total_pages = pages;
    stats.schedule_delay = 1;
    stats.max_schedule_delay = 32;
    stats.retry_count = 1;
    stats.max_retry_count = 4;
    return this.#config.extraRegions.every((region) => this.#balloonAddRegion(region.start, region.pages)) ? 0 : ERANGE;
  }

  /** The pages that the guest starts with; null if less than one is left. */
  #sizeAtBoot(): Pages | null {
    const { dom0, domain, nrPages, releasedPages, unpopulatedPages = 0 } = this.#config;
    const { maxPfn } = this.#pages;
    const answer = dom0 === true ? this.#hypercalls.currentReservation() : 0;
    if (answer > 0) return answer;
    if (domain === "pv") return releasedPages >= nrPages ? null : Math.min(nrPages - releasedPages, maxPfn);
    const physical = countPages(backedRegions({ ...this.#config, extraRegions: [] }));
    return unpopulatedPages >= physical ? null : physical - unpopulatedPages;
  }

  /**
   * Puts the pages of a region that are below max_pfn into the balloon, and takes all of them off the size; false if
   * nothing of the size is left (balloon_add_regions). The count of a region that begins past max_pfn wraps.
   */
  #balloonAddRegion(start: number, pages: Pages): boolean {
    const { stats } = this.#balloon;
    const end = Math.min(this.#pages.maxPfn, start + pages);
    for (let pfn = start; pfn < end; pfn++) this.#balloon.append(pfn);
    const added = end - start;
    if (!unsignedLess(added, stats.current_pages) || !unsignedLess(added, stats.target_pages)) return false;
    stats.current_pages -= added;
    stats.target_pages -= added;
    return true;
  }

  /** Acts on the credit and books what came of it, until the thread has to wait (balloon_thread). */
  #runThread(before: BpState, maxBatches: number): RunState {
    let state = before;
    for (let turn = 0; turn < maxBatches; turn++) {
      state = this.#updateSchedule(this.#act(state));
      if (state !== "done" || this.#balloon.currentCredit() === 0) return state;
    }
    return "yielded";
  }

  /** One turn of the thread's loop; the state stays where there is no credit (balloon_thread). */
  #act(state: BpState): BpState {
    const credit = this.#balloon.currentCredit();
    if (credit === 0) return state;
    if (credit > 0) {
      return this.list.isEmpty ? this.#hotplug.reserveAdditionalMemory() : this.#reservation.increase(credit);
    }
    const pages = Math.min(-credit, this.#available());
    const came = this.#reservation.decrease(pages, true);
    const { totalReservePages = 1 } = this.#config;
    return came === "done" && pages !== -credit && pages < totalReservePages ? "eagain" : came;
  }

  /**
   * Updates the delay after a turn (update_schedule): each failure doubles it up to its maximum, success resets it, and
   * one retry too many cancels the operation.
   */
  #updateSchedule(state: BpState): BpState {
    const { stats } = this.#balloon;
    if (state === "wait" || state === "ecanceled") return state;
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

  /** The pages that the kernel thinks it can spare (si_mem_available). */
  #available(): Pages {
    const [normal, high] = this.#allocator.freePages;
    const { totalReservePages = 1 } = this.#config;
    return Math.max(0, normal + high - totalReservePages);
  }

  /** Sets the target and wakes the thread (balloon_set_new_target). */
  setTarget(pages: Pages): void {
    this.#balloon.stats.target_pages = pages;
    this.#kernel.wakeThread();
  }

  tune(field: TunableField, value: number): void {
    if (field === "scrub") this.#pages.scrub = value !== 0;
    else if (field === "hotplug_unpopulated") this.#lending.hotplugUnpopulated = value !== 0;
    else this.#balloon.stats[field satisfies keyof BalloonStats] = value;
  }

  online(sections: number): void {
    this.#hotplug.online(sections);
  }

  stats(): DriverStats {
    return { ...this.#balloon.stats };
  }

  figures(): DriverFigures {
    return {
      creditPages: this.#balloon.currentCredit(),
      onlineFrom: this.#memory.onlineFrom,
      availablePages: this.#available(),
      offlinePages: this.#balloon.offlinePages,
    };
  }
  save(): Saved {
    return together([this.#balloon.save(), this.#hotplug.save(), this.#lending.save()]);
  }
}
