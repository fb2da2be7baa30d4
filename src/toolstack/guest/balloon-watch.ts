/** The guest's watch of memory/target, which sets the driver's target (drivers/xen/xen-balloon.c). */
import type { XenStore } from "../xenstore.js";
import { scanUnsigned } from "./kernel-numbers.js";

/**
 * The watch as of a time. `2013`: memory/target is the target. From 4.12 on it is less by a difference that the first
 * event finds: memory/static-max less the driver's target. Without the key, `4.13` takes the new target in its place,
 * `modern` the pages that the guest has.
 */
export type WatchGeneration = "2013" | "4.13" | "modern";

/** The driver as the watch sees it, in pages. */
export interface WatchedDriver {
  readonly targetPages: number;
  readonly currentPages: number;
  /** Sets the target. A target that wrapped is near 2^64. */
  setTarget(pages: number): void;
}

/** The options of a watch. */
export interface BalloonWatchOptions {
  readonly generation: WatchGeneration;
  /** True for a PV guest and for dom0: they have no difference. */
  readonly sameCount: boolean;
}

const UNSIGNED_RANGE = 2 ** 64;

/** Keys of static-max: libxl's and xend's. */
const STATIC_MAX_KEYS = ["memory/static-max", "memory/memory_static_max"];

const pagesOf = (kib: number): number => Math.floor(kib / 4);

/** The watch of a guest. It hears at once what memory/target is, and then every write. */
export class BalloonWatch {
  readonly #store: XenStore;
  readonly #domid: number;
  readonly #driver: WatchedDriver;
  readonly #generation: WatchGeneration;
  /** Undefined until the first event that finds a target; it never changes again. */
  #differencePages: number | undefined;

  /** Registers the watch. @throws RangeError - there is no such domain */
  constructor(store: XenStore, domid: number, driver: WatchedDriver, { generation, sameCount }: BalloonWatchOptions) {
    this.#store = store;
    this.#domid = domid;
    this.#driver = driver;
    this.#generation = generation;
    if (generation === "2013" || sameCount) this.#differencePages = 0;
    store.watch(domid, "memory/target", (value) => this.#hear(value));
  }

  /**
   * Pages of memory/target that are not in the driver's count (target_diff): video memory, firmware, tables. Below 0 if
   * the driver counts more. 0 until it is known.
   */
  get differencePages(): number {
    return this.#differencePages ?? 0;
  }

  /** Takes a target in KiB. One that is no number, or not there, changes nothing. */
  #hear(value: string | undefined): void {
    const kib = value === undefined ? undefined : scanUnsigned(value);
    if (kib === undefined) return;
    const pages = pagesOf(kib);
    this.#differencePages ??= this.#staticMaxPages(pages) - this.#driver.targetPages;
    const target = pages - this.#differencePages;
    this.#driver.setTarget(target < 0 ? target + UNSIGNED_RANGE : target);
  }

  #staticMaxPages(targetPages: number): number {
    for (const key of STATIC_MAX_KEYS) {
      const kib = scanUnsigned(this.#store.read(this.#domid, key) ?? "");
      if (kib !== undefined) return pagesOf(kib);
    }
    return this.#generation === "modern" ? this.#driver.currentPages : targetPages;
  }
}
