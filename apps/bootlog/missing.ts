/** Names the figures that a log does not carry, how to give them, and which values would fit its lines. */
import { PAGE_BYTES } from "xen-balloon/core";
import type { BootFigures, GivenFigures } from "./layout.js";
import { countHoles } from "./map.js";

/** A figure that the log does not carry. */
export interface MissingFigure {
  /** Its key in a script's config, for example `nr_pages`; for `ram_pages` and `remapped`, its name in the table. */
  readonly key: string;
  /** Its meaning, for example `the end of memory, …`. Messages print it after the key. */
  readonly what: string;
  /** The way to give it, for example `option --nr-pages`. */
  readonly how: string;
  /** A value that would fit the lines without being proven by them. */
  readonly offer: string | undefined;
}

/** @param fits - tells whether the log's lines allow these figures */
export function missingFigures(figures: BootFigures, fits: (given: GivenFigures) => boolean): MissingFigure[] {
  const { kernel, memory } = figures;
  const pv = kernel.domain.value === "pv";
  const missing: MissingFigure[] = [];
  const lacks = (value: unknown, key: string, what: string, how: string, offer?: string): void => {
    if (value === undefined) missing.push({ key, what, how, offer });
  };
  lacks(
    memory.ramPages,
    "ram_pages",
    `the usable pages of the guest: the map may have lost a line, because ${memory.doubt}`,
    howToGiveMap(figures),
  );
  if (pv) {
    lacks(
      figures.nrPages,
      "nr_pages",
      "the pages Xen gave the guest at start, from which current_pages follows",
      "option --nr-pages",
      offerNrPages(figures, fits),
    );
    lacks(
      figures.released,
      "released",
      "the pages given back at boot",
      "option --released",
      offerReleased(figures, fits),
    );
    lacks(
      figures.remapped,
      "remapped",
      kernel.holes === undefined
        ? "the frames moved out of holes, and no line tells whether this kernel moves them (3.18 and later) or releases them"
        : "the frames that this kernel moved out of holes",
      "option --remapped",
      offerRemapped(figures, fits),
    );
  }
  lacks(figures.maxPfn, "max_pfn", "the end of memory, from which current_pages follows", "option --max-pfn");
  lacks(figures.highmemStart, "highmem_start", ...highmemWords(figures));
  lacks(
    figures.holes,
    "hole",
    "the PFNs that are no memory, because the map may have lost a line",
    howToGiveMap(figures),
  );
  lacks(
    figures.extraRegions,
    "extra",
    "the extra regions, which begin after the last page with a frame",
    howToGiveExtra(figures),
  );
  return missing;
}

const PAGES_PER_MIB = 2 ** 20 / PAGE_BYTES;

/** The toolstack and the kernel give a domU's map 8 MiB more than its memory. */
const SLACK_PAGES = 8 * PAGES_PER_MIB;

/** A guest whose usable pages all have frames, but for the slack or none. In a domU the ISA hole has frames, too. */
function offerNrPages({ memory, released }: BootFigures, fits: (given: GivenFigures) => boolean): string | undefined {
  if (memory.ramPages === undefined || released === undefined) return undefined;
  const framed = memory.ramPages.value + released.value;
  const { isa } = countHoles(memory.usable, framed);
  const fitting = [framed, framed + isa]
    .flatMap((all) => [all - SLACK_PAGES, all])
    .filter(
      (nrPages, index, all) => nrPages % PAGES_PER_MIB === 0 && all.indexOf(nrPages) === index && fits({ nrPages }),
    );
  if (fitting.length === 0) return undefined;
  const words = fitting.map((nrPages) => `${nrPages} (memory=${nrPages / PAGES_PER_MIB})`);
  return `${words.join(" or ")} would fit`;
}

function offerReleased(
  { framesInHoles, remapped }: BootFigures,
  fits: (given: GivenFigures) => boolean,
): string | undefined {
  return framesInHoles && remapped && fits({ released: 0 }) ? "0 would fit" : undefined;
}

function offerRemapped({ framesInHoles }: BootFigures, fits: (given: GivenFigures) => boolean): string | undefined {
  return framesInHoles && fits({ remapped: framesInHoles.value })
    ? `${framesInHoles.value} would fit, as of a kernel that remaps all frames in holes`
    : undefined;
}

function highmemWords({ kernel, facts }: BootFigures): [what: string, how: string] {
  if (kernel.bits === undefined) {
    return [
      "the first PFN of high memory, and no line tells whether the kernel has 32 bits",
      "option --highmem-start; none for a 64-bit kernel",
    ];
  }
  const mib = facts.lowMib[0];
  const range = mib
    ? `, from ${mib.value * PAGES_PER_MIB} to ${(mib.value + 1) * PAGES_PER_MIB - 1} by line ${mib.line}`
    : "";
  return [`the first PFN of high memory, which this 32-bit kernel may have${range}`, "option --highmem-start"];
}

function howToGiveMap({ memory, maxPfn }: BootFigures): string {
  if (memory.cut) return "a log with the whole map, or config hole=START,PAGES in the script";
  return maxPfn === undefined ? "option --max-pfn" : "option --ram-pages";
}

/** Names the option of the first figure that the extra regions lack. */
function howToGiveExtra(figures: BootFigures): string {
  const { memory, maxPfn, nrPages, kernel } = figures;
  if (maxPfn === undefined || memory.doubt !== undefined) return howToGiveMap(figures);
  if (nrPages === undefined) return "option --nr-pages";
  return kernel.holes?.value === "releases" ? "option --released" : "option --remapped";
}
