import type { Pages, Pfn } from "../units.js";

/** Consecutive pages: PFNs `start` to `start + pages - 1`. */
export interface Region {
  /** The first PFN, 0 to 2^32 - 1. */
  readonly start: Pfn;
  /** Pages, 0 to 2^32 - 1. */
  readonly pages: Pages;
}
