/** Lays out a guest's memory at boot, from the lines of one boot and the figures a user gives. */
import { gaps, type Region } from "xen-balloon/core";
import type { LogLine } from "./capture.js";
import { checkHoles, checkOnce, checkSums } from "./checks.js";
import { driverOf, type KernelDriver } from "./driver.js";
import { type Facts, readFacts } from "./facts.js";
import { derivePv, type GivenPages, type PvFigures } from "./figures.js";
import { findHighmemStart } from "./highmem.js";
import { type Kernel, readKernel } from "./kernel.js";
import { type MapRange, readMap } from "./map.js";
import { type GivenMemory, type Memory, proveMemory } from "./memory.js";
import { choose, contradict, type Sourced } from "./sourced.js";
import { type DriverStart, driverStart } from "./start.js";

/** Figures given beside the log, in pages or as a PFN. Each takes the place of the log's own figure. */
export interface GivenFigures extends GivenPages, GivenMemory {
  /** First PFN of high memory, for a 32-bit kernel. Infinity: a 64-bit kernel, which has none. */
  readonly highmemStart?: number | undefined;
}

/** The figures of a boot. Sizes are in pages. An undefined figure is missing, or depends on a missing one. */
export interface BootFigures extends PvFigures, DriverStart {
  readonly kernel: Kernel;
  readonly facts: Facts;
  readonly memory: Memory;
  /** PFNs below the end of memory that are in no usable range; undefined if the map may have lost a line. */
  readonly holes: readonly Region[] | undefined;
  readonly maxPfn: Sourced | undefined;
  /** The first PFN of high memory. Infinity means that no memory is high. */
  readonly highmemStart: Sourced | undefined;
  /** True: the kernel has 32 bits. */
  readonly is32Bit: boolean;
  /** Undefined if no line tells the kernel's release. */
  readonly driver: KernelDriver | undefined;
}

/** An auto-translated guest has no nr_pages, and all its memory has frames. */
const AUTO_TRANSLATED: PvFigures = {
  nrPages: undefined,
  released: undefined,
  remapped: undefined,
  framesInHoles: undefined,
  extraRegions: [],
};

/** The contents of one boot's lines. */
export interface Boot {
  readonly facts: Facts;
  readonly map: readonly MapRange[];
  readonly kernel: Kernel;
}

/** @throws BootLogError - lines that are malformed, or say different things about the same */
export function readBoot(lines: readonly LogLine[]): Boot {
  const facts = readFacts(lines);
  checkOnce(facts);
  const map = readMap(lines);
  return { facts, map, kernel: readKernel(facts, map, lines) };
}

/** @throws BootLogError - figures that do not fit together */
export function layOut({ facts, map, kernel }: Boot, given: GivenFigures): BootFigures {
  const proved = proveMemory(facts, map, kernel, given);
  checkSums(facts, proved.maxPfn, kernel.bits?.value ?? 32);
  const memory = { ...proved, maxPfn: choose(given.maxPfn, proved.maxPfn) };
  const { usable, doubt, maxPfn } = memory;
  if (kernel.domain.value === "hvm") refusePages(given, kernel.domain.line);
  const figures = kernel.domain.value === "pv" ? derivePv(facts, kernel, memory, given) : AUTO_TRANSLATED;
  if (kernel.domain.value === "pv") checkHoles(facts, map, kernel, memory, given, figures.nrPages);
  const highmemStart = findHighmemStart(facts, kernel, proved.maxPfn, given.highmemStart);
  const layout = {
    ...figures,
    kernel,
    facts,
    memory,
    maxPfn,
    highmemStart,
    is32Bit: given.highmemStart === undefined ? kernel.bits?.value === 32 : Number.isFinite(given.highmemStart),
    driver: driverOf(facts),
    holes: doubt === undefined && maxPfn ? gaps(usable, maxPfn.value) : undefined,
  };
  return { ...layout, ...driverStart(layout) };
}

function refusePages({ nrPages, released, remapped }: GivenPages, line: number): void {
  for (const [name, pages] of Object.entries({ nr_pages: nrPages, released, remapped })) {
    if (pages !== undefined)
      contradict([`${name} ${pages} (given)`, `line ${line}`], "an hvm guest has no such figure");
  }
}
