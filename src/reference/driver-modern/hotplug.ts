/** The driver's part of memory hotplug (CONFIG_XEN_BALLOON_MEMORY_HOTPLUG, drivers/xen/balloon.c). */

import { type BpState, INVALID_ENTRY, type Kernel } from "../../host/backend.js";
import { ENOMEM } from "../../host/errors.js";
import type { Fault } from "../../host/faults.js";
import { type Saved, saveFields, together } from "../../host/saved.js";
import type { Pages, Pfn } from "../../host/units.js";
import type { DriverParts } from "../driver-parts.js";
import type { MemoryHotplug } from "../memory-hotplug.js";
import type { PhysToMachine } from "../p2m.js";
import type { GuestPages } from "../pages.js";
import type { Balloon } from "./balloon.js";

/** Adds memory to one guest where the target, and the pages lent out, are above what it has. */
export class Hotplug {
  /** An injected fault: the search for a range of addresses fails. */
  readonly failResource: Fault = { amount: 0, times: 0 };
  /** An injected fault: the P2M of new memory cannot be set. */
  readonly failSetP2m: Fault = { amount: 0, times: 0 };
  readonly #balloon: Balloon;
  readonly #pages: GuestPages;
  readonly #memory: MemoryHotplug;
  readonly #p2m: PhysToMachine;
  readonly #kernel: Kernel;
  /** CONFIG_XEN_BALLOON_MEMORY_HOTPLUG. */
  readonly #hotplug: boolean;
  readonly #autoOnline: boolean;

  constructor({ config, pages, memory, p2m, kernel }: DriverParts, balloon: Balloon) {
    this.#balloon = balloon;
    this.#pages = pages;
    this.#memory = memory;
    this.#p2m = p2m;
    this.#kernel = kernel;
    this.#hotplug = config.hotplug;
    this.#autoOnline = config.autoOnline === true;
  }

  /**
   * Adds whole sections of memory above max_pfn, as many as are missing to the target and to the pages lent out. Without
   * hotplug it gives the target up instead (reserve_additional_memory).
   */
  reserveAdditionalMemory(): BpState {
    const { stats } = this.#balloon;
    if (!this.#hotplug) {
      stats.target_pages = stats.current_pages + stats.target_unpopulated;
      return "ecanceled";
    }
    const missing = stats.target_pages + stats.target_unpopulated - stats.total_pages;
    if (missing <= 0) return "wait";
    const pages = this.#memory.roundUpToSection(missing);
    const start = this.#memory.roundUpToSection(this.#pages.maxPfn);
    if (!this.#findResource(start, pages) || !this.#setP2m(start, pages) || !this.#addMemory(start, pages)) {
      return "ecanceled";
    }
    stats.total_pages += pages;
    return "wait";
  }

  /** Finds a range of addresses for the new memory (additional_memory_resource). */
  #findResource(start: Pfn, pages: Pages): boolean {
    const fault = useFault(this.failResource);
    if (fault === ENOMEM) return false;
    if (fault === 0 && start + pages <= this.#pages.pfnLimit) return true;
    this.#kernel.log("xen:balloon: Cannot allocate new System RAM resource");
    return false;
  }

  /** Prepares the P2M of a pv guest: the new pages have no frames. */
  #setP2m(start: Pfn, pages: Pages): boolean {
    if (this.#p2m.translated) return true;
    if (useFault(this.failSetP2m) !== 0) {
      this.#kernel.log("xen:balloon: set_phys_to_machine() failed, no memory added");
      return false;
    }
    for (let pfn = start; pfn < start + pages; pfn++) this.#p2m.setPhysToMachine(pfn, INVALID_ENTRY);
    return true;
  }

  /** Adds the memory, which may come online at once. */
  #addMemory(start: Pfn, pages: Pages): boolean {
    const rc = this.#memory.addMemory(start, pages);
    if (rc !== 0) {
      this.#kernel.log(`xen:balloon: Cannot add additional memory (${rc})`);
      return false;
    }
    // an injected answer of 0 has added nothing
    if (this.#pages.maxPfn !== start + pages) return true;
    for (let pfn = start; pfn < start + pages; pfn++) this.#balloon.markOffline(pfn);
    if (this.#autoOnline) this.online(0);
    return true;
  }

  /** Brings added memory online (xen_online_page), and calls the memory notifier (xen_memory_notifier). */
  online(sections: number): void {
    if (this.#memory.online(sections, (pfn) => this.#balloon.append(pfn))) this.#kernel.wakeThread();
  }

  save(): Saved {
    return together([saveFields(this.failResource), saveFields(this.failSetP2m)]);
  }
}

/** One time less: what the fault answers, or 0. */
export function useFault(fault: Fault): number {
  if (fault.times === 0) return 0;
  fault.times--;
  return fault.amount;
}
