/** The driver's part of memory hotplug (CONFIG_XEN_BALLOON_MEMORY_HOTPLUG, drivers/xen/balloon.c). */

import type { Kernel } from "../../host/backend.js";
import type { Pfn } from "../../host/units.js";
import type { MemoryHotplug } from "../memory-hotplug.js";
import type { GuestPages } from "../pages.js";
import type { Balloon } from "./balloon.js";
import type { BpState } from "./reservation.js";

/** Adds memory to one guest where the target is above what it has. */
export class Hotplug {
  readonly #balloon: Balloon;
  readonly #pages: GuestPages;
  readonly #memory: MemoryHotplug;
  readonly #kernel: Kernel;

  constructor(balloon: Balloon, pages: GuestPages, memory: MemoryHotplug, kernel: Kernel) {
    this.#balloon = balloon;
    this.#pages = pages;
    this.#memory = memory;
    this.#kernel = kernel;
  }

  /**
   * Adds whole sections of memory, at least `credit` pages, above max_pfn. Without hotplug it gives the target up
   * instead (reserve_additional_memory).
   */
  reserveAdditionalMemory(credit: number): BpState {
    const { stats, hotplug } = this.#balloon;
    if (!hotplug) {
      stats.target_pages = stats.current_pages;
      return "done";
    }
    const addedPages = this.#memory.roundUpToSection(credit);
    const rc = this.#memory.addMemory(this.#memory.roundUpToSection(this.#pages.maxPfn), addedPages);
    if (rc !== 0) {
      this.#kernel.log(`xen:balloon: reserve_additional_memory: add_memory() failed: ${rc}`);
      return "eagain";
    }
    stats.hotplug_pages += credit;
    stats.balloon_hotplug = addedPages - credit;
    return "done";
  }

  /** Brings added memory online, and calls the memory notifier (xen_memory_notifier). */
  online(sections: number): void {
    if (this.#memory.online(sections, (pfn) => this.#onlinePage(pfn))) this.#kernel.scheduleDelayedWork(0);
  }

  /** Puts a page that comes online into the balloon; it is not managed until it is populated (xen_online_page). */
  #onlinePage(pfn: Pfn): void {
    const { stats } = this.#balloon;
    this.#balloon.appendUnmanaged(pfn);
    if (stats.hotplug_pages !== 0) stats.hotplug_pages--;
    else stats.balloon_hotplug--;
  }
}
