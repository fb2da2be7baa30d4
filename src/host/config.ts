/**
 * What a guest and the machine under it are made with: the defaults, and the checks that every way in shares.
 */

import { describe } from "./arguments.js";
import { type GuestConfig, MAX_CPUS, MAX_FRAME_LIST, type Region } from "./backend.js";
import { U32_MAX } from "./integers.js";
import { backedPages } from "./memory-map.js";

/** Pages a guest can have, hotplug included (4 TiB): PFNs are below this. */
export const MAX_GUEST_PAGES: number = 2 ** 30;

/** Frames a machine can have: MFNs are 32 bit, and the last number means that there is none (INVALID_ENTRY). */
export const MAX_HOST_PAGES: number = 2 ** 32 - 1;

/** Regions of each kind (XEN_EXTRA_MEM_MAX_REGIONS). */
const MAX_REGIONS = 128;

/** Any part of a guest's configuration; what is left out, and a 0 for `pfnLimit` and `maxPages`, gets its default. */
export type GuestOptions = Partial<GuestConfig>;

/** The names of a guest's options. */
export const GUEST_OPTIONS: readonly (keyof GuestConfig)[] = [
  "xen",
  "domain",
  "nrPages",
  "releasedPages",
  "maxPfn",
  "pfnLimit",
  "extraRegions",
  "holes",
  "highmemStart",
  "reservedPages",
  "cpus",
  "maxPages",
  "mfnSeed",
  "frameListCapacity",
  "hotplug",
  "sectionPages",
  "scrub",
  "contents",
  "watermarkPages",
  "watermarkHighPages",
];

/** One guest and the machine under it, filled in and checked. */
export interface WorldConfig {
  readonly guest: GuestConfig;
  /** Machine frames run from 0 to this. */
  readonly hostPages: number;
  /** Frames below this are never free. */
  readonly mfnBase: number;
}

/** Any part of a world's configuration; `hostPages` is, left out or 0, `mfnBase` and a frame for every page. */
export interface WorldOptions extends GuestOptions {
  readonly hostPages?: number;
  readonly mfnBase?: number;
}

/** A value no guest or machine can have: which one, what was expected and what came. */
export class ConfigError extends RangeError {
  readonly key: keyof WorldOptions;
  /** The message without the key. */
  readonly problem: string;

  constructor(key: keyof WorldOptions, problem: string) {
    super(`${key}: ${problem}`);
    this.key = key;
    this.problem = problem;
  }
}

/**
 * Fills in the defaults of a guest and checks it. What is only a limit is cut to what fits; regions are cut at maxPfn,
 * as the driver and the boot do.
 *
 * @throws ConfigError (a RangeError) - a number out of range, overlapping regions, pfnLimit below maxPfn
 * @throws TypeError - a value of another type
 */
export function completeGuestConfig(options: GuestOptions): GuestConfig {
  const maxPfn = integer(options, "maxPfn", 0, "pages", 0, MAX_GUEST_PAGES);
  const pfnLimit = integer(options, "pfnLimit", 0, "pages", 0, MAX_GUEST_PAGES) || maxPfn;
  if (pfnLimit < maxPfn) {
    throw new ConfigError("pfnLimit", `expected no less than the ${maxPfn} pages at boot, got ${pfnLimit} pages`);
  }
  const extraRegions = regions(options, "extraRegions");
  checkOverlap(extraRegions);
  return Object.freeze({
    xen: flag(options, "xen", true),
    domain: domain(options),
    nrPages: integer(options, "nrPages", 0, "pages", 0, U32_MAX),
    releasedPages: integer(options, "releasedPages", 0, "pages", 0, U32_MAX),
    maxPfn,
    pfnLimit,
    extraRegions: cutAt(maxPfn, extraRegions),
    holes: cutAt(maxPfn, regions(options, "holes")),
    highmemStart: limit(options, "highmemStart", pfnLimit, "a PFN", pfnLimit),
    reservedPages: limit(options, "reservedPages", 0, "pages", maxPfn),
    cpus: integer(options, "cpus", 1, "CPUs", 1, MAX_CPUS),
    maxPages: limit(options, "maxPages", 0, "pages", U32_MAX) || pfnLimit,
    mfnSeed: integer(options, "mfnSeed", 0, "a seed", 0, U32_MAX),
    frameListCapacity: integer(options, "frameListCapacity", 512, "frames", 1, MAX_FRAME_LIST),
    hotplug: flag(options, "hotplug", false),
    sectionPages: sectionPages(options),
    scrub: flag(options, "scrub", true),
    contents: flag(options, "contents", false),
    watermarkPages: limit(options, "watermarkPages", 0, "pages", pfnLimit),
    watermarkHighPages: limit(options, "watermarkHighPages", 0, "pages", pfnLimit),
  });
}

/**
 * The same for a guest and its machine, which must have a frame for every backed page.
 *
 * @throws ConfigError (a RangeError) - as completeGuestConfig, or too few frames
 * @throws TypeError - a value of another type
 */
export function completeWorldConfig(options: WorldOptions): WorldConfig {
  const guest = completeGuestConfig(options);
  const mfnBase = integer(options, "mfnBase", 0, "frames", 0, MAX_HOST_PAGES);
  const hostPages = integer(options, "hostPages", 0, "frames", 0, MAX_HOST_PAGES) || mfnBase + guest.pfnLimit;
  if (hostPages > MAX_HOST_PAGES) {
    throw new ConfigError("mfnBase", `expected at most ${MAX_HOST_PAGES - guest.pfnLimit} frames, got ${mfnBase}`);
  }
  const freeFrames = Math.max(0, hostPages - mfnBase);
  const backed = backedPages(guest);
  if (backed > freeFrames) {
    throw new ConfigError(
      "hostPages",
      `expected a frame for each of ${backed} backed pages, got ${freeFrames} frames from MFN ${mfnBase} to ${hostPages}`,
    );
  }
  return { guest, hostPages, mfnBase };
}

function integer(
  options: WorldOptions,
  key: keyof WorldOptions,
  fallback: number,
  unit: string,
  from: number,
  to: number,
): number {
  const { [key]: value = fallback } = options;
  if (typeof value !== "number") throw new TypeError(`${key}: expected ${unit} as a number, got ${describe(value)}`);
  if (!Number.isInteger(value) || value < from || value > to) {
    throw new ConfigError(key, `expected ${unit} from ${from} to ${to}, got ${value}`);
  }
  return value;
}

/** A number that only limits: one above `highest` says no more than `highest` does. */
function limit(
  options: WorldOptions,
  key: keyof WorldOptions,
  fallback: number,
  unit: string,
  highest: number,
): number {
  return Math.min(highest, integer(options, key, fallback, unit, 0, Number.MAX_SAFE_INTEGER));
}

function flag(options: WorldOptions, key: keyof WorldOptions, fallback: boolean): boolean {
  const { [key]: value = fallback } = options;
  if (typeof value !== "boolean") throw new TypeError(`${key}: expected true or false, got ${describe(value)}`);
  return value;
}

function domain(options: WorldOptions): "pv" | "hvm" {
  const { domain: value = "pv" } = options;
  if (value !== "pv" && value !== "hvm") throw new ConfigError("domain", `expected pv or hvm, got ${describe(value)}`);
  return value;
}

/** A section past MAX_GUEST_PAGES never fits below pfnLimit, whatever its size. */
function sectionPages(options: WorldOptions): number {
  const pages = integer(options, "sectionPages", 32768, "pages", 1, Number.MAX_SAFE_INTEGER);
  if (2 ** Math.round(Math.log2(pages)) !== pages) {
    throw new ConfigError("sectionPages", `expected a power of two, in pages, got ${pages}`);
  }
  return Math.min(pages, 2 * MAX_GUEST_PAGES);
}

function regions(options: WorldOptions, key: "extraRegions" | "holes"): readonly Region[] {
  const { [key]: value = [] } = options;
  if (!Array.isArray(value)) throw new TypeError(`${key}: expected a list of regions, got ${describe(value)}`);
  const { length } = value;
  if (length > MAX_REGIONS) throw new ConfigError(key, `expected at most ${MAX_REGIONS} regions, got ${length}`);
  return Array.from({ length }, (_, i) => {
    const { start, pages }: Partial<Region> = value[i] ?? {};
    return { start: regionNumber(key, start), pages: regionNumber(key, pages) };
  });
}

function regionNumber(key: keyof WorldOptions, number: unknown): number {
  if (typeof number !== "number") {
    throw new TypeError(`${key}: expected start (a PFN) and pages as numbers, got ${describe(number)}`);
  }
  if (!Number.isInteger(number) || number < 0 || number > U32_MAX) {
    throw new ConfigError(key, `expected start (a PFN) and pages from 0 to ${U32_MAX}, got ${number}`);
  }
  return number;
}

/** A region of 0 pages inside another overlaps it, too: what is refused is what the specification refuses. */
function checkOverlap(extraRegions: readonly Region[]): void {
  for (const [i, a] of extraRegions.entries()) {
    for (const b of extraRegions.slice(0, i)) {
      if (a.start < b.start + b.pages && b.start < a.start + a.pages) {
        throw new ConfigError(
          "extraRegions",
          `expected regions that do not overlap, got ${b.pages} pages from PFN ${b.start} and ${a.pages} from ${a.start}`,
        );
      }
    }
  }
}

function cutAt(maxPfn: number, all: readonly Region[]): readonly Region[] {
  return all
    .map(({ start, pages }) => Object.freeze({ start, pages: Math.min(pages, maxPfn - start) }))
    .filter(({ pages }) => pages > 0);
}
