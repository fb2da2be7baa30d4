/** The guest's watch of memory/target, which sets the driver's target (drivers/xen/xen-balloon.c). */
import { scanUnsigned } from "./kernel-numbers.js";

/**
 * The watch as of a time. `2013`: memory/target is the target. From 4.12 on it is less by a difference that the first
 * event finds: memory/static-max less the driver's target. Without the key, `4.13` takes the new target in its place,
 * `modern` the pages that the guest has.
 */
export type WatchGeneration = "2013" | "4.13" | "modern";

/** The driver's counts when its watch finds the first target, in pages. */
export interface CountsAtFirstEvent {
  /** Its target_pages. */
  readonly targetPages: number;
  /** Its current_pages. */
  readonly currentPages: number;
}

/** The part of a guest that a watch asks. */
export interface BalloonWatchOptions {
  /** The kernel that has the watch. */
  readonly generation: WatchGeneration;
  /** True for a PV guest and for dom0: their driver counts as Xen does, and has no difference. */
  readonly sameCount: boolean;
  /** Reads a key of the guest; undefined where it does not exist. */
  read(key: string): string | undefined;
  /** Tells the driver's counts; asked once, at the first event that finds a target. */
  counts(): CountsAtFirstEvent;
}

const UNSIGNED_RANGE = 2 ** 64;

/** Keys of static-max: libxl's and xend's. */
export const STATIC_MAX_KEYS: readonly string[] = ["memory/static-max", "memory/memory_static_max"];

const pagesOf = (kib: number): number => Math.floor(kib / 4);

/** The watch of a guest: it turns each value of memory/target into a target of the driver. */
export class BalloonWatch {
  readonly #options: BalloonWatchOptions;
  /** Undefined until the first event that finds a target; it never changes again. */
  #differencePages: number | undefined;

  constructor(options: BalloonWatchOptions) {
    this.#options = options;
    if (options.generation === "2013" || options.sameCount) this.#differencePages = 0;
  }

  /**
   * Pages of memory/target that are not in the driver's count (target_diff): video memory, firmware, tables. Below 0 if
   * the driver counts more. 0 until it is known.
   */
  get differencePages(): number {
    return this.#differencePages ?? 0;
  }

  /**
   * Takes memory/target as the watch finds it, in KiB: undefined where the key does not exist.
   *
   * @returns the driver's new target in pages, null where the value is no number. A target below the difference wraps: it
   * is near 2^64 then.
   */
  event(value: string | undefined): number | null {
    const kib = value === undefined ? undefined : scanUnsigned(value);
    if (kib === undefined) return null;
    const pages = pagesOf(kib);
    this.#differencePages ??= this.#differenceAt(pages);
    const target = pages - this.#differencePages;
    return target < 0 ? target + UNSIGNED_RANGE : target;
  }

  #differenceAt(newTargetPages: number): number {
    const { generation, read, counts } = this.#options;
    const { targetPages, currentPages } = counts();
    for (const key of STATIC_MAX_KEYS) {
      const kib = scanUnsigned(read(key) ?? "");
      if (kib !== undefined) return pagesOf(kib) - targetPages;
    }
    return (generation === "modern" ? currentPages : newTargetPages) - targetPages;
  }
}
