/** Finds start_info.nr_pages in a pv guest's log: the lines that print it, and those from which it follows. */
import { countPages, gaps, pagesFrom, withoutFirst } from "xen-balloon/core";
import type { Facts } from "./facts.js";
import type { Kernel } from "./kernel.js";
import { countHoles } from "./map.js";
import type { Memory } from "./memory.js";
import { contradict, derived, named, printed, type Sourced } from "./sourced.js";

/** Every line that tells nr_pages must tell the same. */
export function findNrPages(facts: Facts, kernel: Kernel, memory: Memory): Sourced | undefined {
  const found = [
    ...onConsole(facts),
    ofDom0(facts, kernel),
    startOfPopulated(facts, memory),
    startOfRemapped(facts, memory),
    byConservation(facts, kernel, memory),
  ].filter((each) => each !== undefined);
  const [first] = found;
  const other = found.find(({ value }) => value !== first?.value);
  if (first && other) contradict([named("nr_pages", first), named("nr_pages", other)], "a guest has one nr_pages");
  return first;
}

/** PV-GRUB hands its own start_info.nr_pages on to the kernel. The console of a stub domain is not that of its guest. */
function onConsole({ consolePages, consoleMaxPfn }: Facts): (Sourced | undefined)[] {
  return consolePages.length === 0 ? [] : [printed(consolePages[0]), printed(consoleMaxPfn[0])];
}

/** Xen prints it for dom0 alone, and a domU's log may have Xen's lines beside it. */
function ofDom0({ physMach }: Facts, kernel: Kernel): Sourced | undefined {
  const [fact] = physMach;
  if (fact === undefined || !isDom0(kernel)) return undefined;
  return derived(fact.value.pages, `line ${fact.line}, the size of the Phys-Mach map`);
}

/**
 * Tells whether Xen's lines about dom0 are about this guest. A map with a host's holes is no proof: a domU with a PCI
 * device has it, too.
 */
export function isDom0({ domain, privileged }: Kernel): boolean {
  return domain.value === "pv" && privileged?.value === true;
}

/** The pages that a kernel of 3.5 to 3.17 populated above nr_pages. */
export interface Populated {
  readonly start: number;
  readonly end: number;
  readonly pages: number;
  readonly from: string;
}

export function populatedOf({ populated }: Facts): Populated | undefined {
  if (populated.length === 0) return undefined;
  const ranges = populated.map(({ value }) => value);
  return {
    start: Math.min(...ranges.map(({ start }) => start)),
    end: Math.max(...ranges.map(({ start, pages }) => start + pages)),
    pages: ranges.reduce((sum, { pages }) => sum + pages, 0),
    from: `line ${populated.map(({ line }) => line).join(", ")}`,
  };
}

/**
 * The kernel populates from nr_pages on, or from the next usable range if nr_pages lies in a hole. A start inside a usable
 * range is nr_pages itself.
 */
function startOfPopulated(facts: Facts, { usable }: Memory): Sourced | undefined {
  const populated = populatedOf(facts);
  const inside = usable.some(
    ({ start, pages }) => populated && populated.start > start && populated.start < start + pages,
  );
  return populated && inside ? derived(populated.start, `${populated.from}, start of the populated range`) : undefined;
}

/** Linux 3.18 prints the PFN after the last remapped page. The line of released pages, which follows, is its check. */
function startOfRemapped({ remapped, releasedRest }: Facts, { usable, doubt }: Memory): Sourced | undefined {
  const [fact] = remapped;
  if (fact?.value.endPfn === undefined || doubt !== undefined || releasedRest.length === 0) return undefined;
  const { pages, endPfn } = fact.value;
  const from = `line ${fact.line}, where the remapped pages begin`;
  if (pages === 0) return derived(endPfn, from);
  const below = gaps(gaps(usable, endPfn), endPfn);
  if (countPages(below) < pages) return undefined;
  const [first] = withoutFirst(below, countPages(below) - pages);
  const atStart = usable.some(({ start }) => start === first?.start);
  return first === undefined || atStart ? undefined : derived(first.start, from);
}

/** The usable pages up to the end of the populated ones have frames. If all released ones are among them, that is all. */
function byConservation(facts: Facts, { privileged }: Kernel, { usable, doubt }: Memory): Sourced | undefined {
  const populated = populatedOf(facts);
  if (populated === undefined || doubt !== undefined || privileged === undefined) return undefined;
  if (facts.released[0]?.value.pages !== populated.pages) return undefined;
  const isa = privileged.value ? 0 : countHoles(usable, 0x100).isa;
  const framed = countPages(usable) - countPages(pagesFrom(usable, populated.end)) + isa;
  return derived(framed, `the usable pages below the end of the populated ones (${populated.from})`);
}
