/** Lays out a guest's memory at boot, from its boot log and the figures a user gives. */
import { countPages, gaps, PAGE_BYTES, pagesFrom, type Region, withoutFirst } from "xen-balloon/core";
import { type BootLog, BootLogError, type Figure, parseBootLog } from "./parse.js";

/** Figures given beside the log, in pages or as a PFN. Each replaces the log's own figure. */
export interface GivenFigures {
  /** start_info.nr_pages: the pages Xen gave a pv guest at start. */
  readonly nrPages?: number | undefined;
  /** xen_released_pages: pages given back at boot and not populated again. */
  readonly released?: number | undefined;
  readonly maxPfn?: number | undefined;
  /** Frames moved from holes to pages above nr_pages. */
  readonly remapped?: number | undefined;
  /** First PFN of high memory, for a 32-bit kernel. */
  readonly highmemStart?: number | undefined;
}

/** A figure that the log does not carry. */
export interface MissingFigure {
  /** Its key in a script's config, for example `nr_pages`. */
  readonly key: string;
  /** Its meaning, for example `the end of memory, …`. Messages print it after the key. */
  readonly what: string;
  /** The command's option that gives it, for example `--nr-pages`. */
  readonly option: string;
}

/** The layout of a guest's memory. Sizes are in pages. An undefined figure is missing, or depends on a missing one. */
export interface BootLayout {
  readonly log: BootLog;
  readonly domain: "pv" | "hvm";
  /** The whole usable pages of the memory map, ascending, and their number. */
  readonly usable: readonly Region[];
  readonly ramPages: number;
  /** PFNs below maxPfn that are in no usable range. If maxPfn is missing, the end of the map replaces it. */
  readonly holes: readonly Region[];
  /** xen_extra_mem: pages that are usable in the map but have no frame. */
  readonly extraRegions: readonly Region[] | undefined;
  /** start_info.nr_pages, in pages. An hvm guest does not need it. */
  readonly nrPages: number | undefined;
  /** xen_released_pages, without the pages that were populated again. */
  readonly released: number | undefined;
  readonly maxPfn: number | undefined;
  readonly remapped: number | undefined;
  /** The first PFN of high memory. Infinity means that no memory is high. */
  readonly highmemStart: number | undefined;
  /** The sources of the five figures above, for example `line 12` or `given`. */
  readonly from: Readonly<Partial<Record<keyof GivenFigures, string>>>;
  /** The stats that the driver would start with. */
  readonly currentPages: number | undefined;
  readonly balloonLowPages: number | undefined;
  readonly balloonHighPages: number | undefined;
  readonly missing: readonly MissingFigure[];
}

interface Sourced {
  readonly value: number;
  readonly from: string;
}

/**
 * Reads a boot log and lays out the guest's memory.
 *
 * @param text - the log
 * @param given - figures that the log does not carry, or that replace the log's
 * @throws BootLogError - the text is not the boot log of a Xen guest, or the figures contradict each other
 * @throws RangeError - a given figure is not a whole number from 0 to 2^32-1
 * @example
 * const layout = readBootLog(text, { nrPages: 524288 });
 * for (const { key, what, option } of layout.missing) console.log(`${key}: ${what}; ${option}`);
 */
export function readBootLog(text: string, given: GivenFigures = {}): BootLayout {
  return layoutOf(parseBootLog(text), given);
}

/** Lays out a guest's memory from its parsed log; see {@link readBootLog}. */
function layoutOf(log: BootLog, given: GivenFigures = {}): BootLayout {
  checkGiven(given);
  const { domain } = log;
  const usable = wholePages(log);
  const nrPages = choose(given.nrPages, printed(log.nrPages) ?? populatedFrom(log, usable));
  const released = choose(given.released, notPopulatedAgain(log));
  const maxPfn = choose(given.maxPfn, printed(log.maxPfn));
  const remapped = choose(given.remapped, printed(log.remapped) ?? (log.remaps ? undefined : NONE_PRINTED));
  const highmemStart = choose(
    given.highmemStart,
    printed(log.highmemStart) ?? (log.is32Bit ? undefined : { value: Number.POSITIVE_INFINITY, from: "64-bit kernel" }),
  );
  const extraRegions = extraOf(log, usable, nrPages?.value, remapped?.value);

  const end = maxPfn?.value ?? usable.reduce((last, { start, pages }) => Math.max(last, start + pages), 0);
  const chosen = { nrPages, released, maxPfn, remapped, highmemStart };
  const layout = {
    log,
    domain,
    usable,
    ramPages: countPages(usable),
    holes: gaps(usable, end),
    extraRegions,
    nrPages: nrPages?.value,
    released: released?.value,
    maxPfn: maxPfn?.value,
    remapped: remapped?.value,
    highmemStart: highmemStart?.value,
    from: Object.fromEntries(Object.entries(chosen).flatMap(([name, figure]) => (figure ? [[name, figure.from]] : []))),
  };
  return { ...layout, ...driverStart(layout), missing: missingFrom(layout) };
}

/** The figure of kernels that do not remap, which print nothing about it. */
const NONE_PRINTED: Sourced = { value: 0, from: "kernel that remaps nothing" };

function checkGiven(given: GivenFigures): void {
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined && !(Number.isInteger(value) && value >= 0 && value < 2 ** 32)) {
      throw new RangeError(`${name}: expected a whole number of pages from 0 to 4294967295, got ${value}`);
    }
  }
}

const printed = (figure: Figure | undefined): Sourced | undefined =>
  figure && { value: figure.value, from: `line ${figure.line}` };

function choose(given: number | undefined, found: Sourced | undefined): Sourced | undefined {
  if (given === undefined) return found;
  const instead = found !== undefined && found.value !== given ? `, instead of ${found.value} (${found.from})` : "";
  return { value: given, from: `given${instead}` };
}

function wholePages(log: BootLog): Region[] {
  return log.map
    .filter(({ type }) => type === "usable")
    .map(({ startByte, endByte }) => {
      const start = Math.ceil(startByte / PAGE_BYTES);
      return { start, pages: Math.floor(endByte / PAGE_BYTES) - start };
    })
    .filter(({ pages }) => pages > 0);
}

/**
 * The kernel populates from nr_pages on, or from the next usable range if nr_pages lies in a hole: a start inside a
 * usable range can only be nr_pages itself.
 */
function populatedFrom(log: BootLog, usable: readonly Region[]): Sourced | undefined {
  const [first] = log.populated;
  const inside = usable.some(({ start, pages }) => first && first.start > start && first.start < start + pages);
  return first && inside ? { value: first.start, from: `line ${first.line}, start of the populated range` } : undefined;
}

function notPopulatedAgain({ released, populated }: BootLog): Sourced | undefined {
  const [first] = populated;
  if (released === undefined || first === undefined) return printed(released);
  const value = released.value - countPages(populated);
  if (value < 0) {
    throw new BootLogError(`at most the ${released.value} released pages populated again`, "more", first.line);
  }
  return { value, from: `line ${released.line}: ${released.value}, less those populated again` };
}

/**
 * Finds the pages without frames. Frames lie below nr_pages and in populated or remapped pages; usable pages above have
 * none.
 */
function extraOf(
  log: BootLog,
  usable: readonly Region[],
  nrPages: number | undefined,
  remapped: number | undefined,
): Region[] | undefined {
  if (log.domain === "hvm") return [];
  const populated = log.populated.at(-1);
  if (populated) return pagesFrom(usable, populated.start + populated.pages);
  if (nrPages === undefined) return undefined;
  const above = pagesFrom(usable, nrPages);
  if (above.length === 0 && !remapped) return [];
  if (remapped === undefined) return undefined;
  if (countPages(above) < remapped) {
    throw new BootLogError(
      `usable pages from nr_pages (${nrPages}) on for the ${remapped} remapped ones`,
      `${countPages(above)}`,
      log.remapped?.line,
    );
  }
  return withoutFirst(above, remapped);
}

/** balloon_init. */
function driverStart(
  layout: Pick<BootLayout, "domain" | "nrPages" | "released" | "maxPfn" | "extraRegions" | "highmemStart">,
): Pick<BootLayout, "currentPages" | "balloonLowPages" | "balloonHighPages"> {
  const { domain, nrPages, released, maxPfn, extraRegions, highmemStart } = layout;
  if (maxPfn === undefined) {
    return { currentPages: undefined, balloonLowPages: undefined, balloonHighPages: undefined };
  }
  let currentPages: number | undefined = maxPfn;
  if (domain === "pv") {
    // The driver's min() is unsigned: below zero is more than maxPfn.
    const held = nrPages === undefined || released === undefined ? undefined : nrPages - released;
    currentPages = held === undefined ? undefined : held < 0 ? maxPfn : Math.min(held, maxPfn);
  }
  const below = (pfn: number | undefined): number | undefined =>
    pfn === undefined || extraRegions === undefined
      ? undefined
      : countPages(extraRegions) - countPages(pagesFrom(extraRegions, Math.min(pfn, maxPfn)));
  const [all, low] = [below(maxPfn), below(highmemStart)];
  return {
    currentPages,
    balloonLowPages: low,
    balloonHighPages: all === undefined || low === undefined ? undefined : all - low,
  };
}

function missingFrom(
  layout: Pick<BootLayout, "domain" | "nrPages" | "released" | "maxPfn" | "remapped" | "highmemStart" | "extraRegions">,
): MissingFigure[] {
  const pv = layout.domain === "pv";
  const missing: MissingFigure[] = [];
  const lacks = (key: string, what: string, option: string): number => missing.push({ key, what, option });
  if (pv && layout.nrPages === undefined) {
    lacks("nr_pages", "the pages Xen gave the guest at start, from which current_pages follows", "--nr-pages");
  }
  if (pv && layout.released === undefined) {
    lacks(
      "released",
      "the pages given back at boot, of which some kernels say nothing when there are none",
      "--released",
    );
  }
  if (layout.maxPfn === undefined) {
    lacks("max_pfn", "the end of memory, from which current_pages follows", "--max-pfn");
  }
  if (layout.highmemStart === undefined) {
    lacks("highmem_start", "the first PFN of high memory, which this 32-bit kernel may have", "--highmem-start");
  }
  if (layout.extraRegions === undefined && layout.nrPages === undefined) {
    lacks("extra", "the extra regions, which begin where nr_pages ends", "--nr-pages");
  } else if (layout.extraRegions === undefined) {
    lacks("extra", "the extra regions, which begin after the pages remapped above nr_pages", "--remapped");
  }
  return missing;
}
