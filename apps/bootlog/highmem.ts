/** Finds where high memory begins. Only a 32-bit kernel has any. */
import type { Facts } from "./facts.js";
import type { Kernel } from "./kernel.js";
import { choose, contradict, derived, named, type Sourced } from "./sourced.js";

const PAGES_PER_MIB = 256;

/**
 * @param given - the first PFN of high memory that a user gives
 * @returns the first PFN of high memory; Infinity if no memory is high; undefined if no line proves it.
 * @throws BootLogError - the zone and the sizes of low and high memory do not fit together
 */
export function findHighmemStart(
  facts: Facts,
  kernel: Kernel,
  maxPfn: Sourced | undefined,
  given: number | undefined,
): Sourced | undefined {
  const found = provenStart(facts, kernel, maxPfn);
  if (given !== undefined && found !== undefined && given !== found.value) {
    const figures = [namedStart(derived(given, "given")), namedStart(found)];
    contradict(figures, "high memory begins at one PFN, and a 64-bit kernel has none");
  }
  const start = choose(given, found);
  const [high] = facts.highMib;
  if (start?.value === Number.POSITIVE_INFINITY && high && high.value > 0) {
    contradict([namedStart(start), `${high.value} MiB of high memory (line ${high.line})`], "that is none");
  }
  if (start === undefined || start.value === Number.POSITIVE_INFINITY) {
    checkSum(facts, maxPfn);
    return start;
  }
  checkSize("MiB of low memory", start, facts.lowMib[0], start.value);
  if (maxPfn) checkSize("MiB of high memory", start, facts.highMib[0], maxPfn.value - start.value);
  return start;
}

function provenStart(facts: Facts, { bits }: Kernel, maxPfn: Sourced | undefined): Sourced | undefined {
  if (bits === undefined) return undefined;
  if (bits.value === 64) return derived(Number.POSITIVE_INFINITY, `line ${bits.line}, a 64-bit kernel`);
  return startOfZone(facts) ?? startBySizes(facts, maxPfn);
}

function namedStart({ value, from }: Sourced): string {
  return `highmem_start ${value === Number.POSITIVE_INFINITY ? "none" : value} (${from})`;
}

/** Low and high memory end at max_pfn; each size is rounded down. */
function checkSum({ lowMib: [low], highMib: [high] }: Facts, maxPfn: Sourced | undefined): void {
  if (low === undefined || maxPfn === undefined) return;
  const rest = Math.floor(maxPfn.value / PAGES_PER_MIB) - low.value - (high?.value ?? 0);
  if (high === undefined ? rest < 0 : rest !== 0 && rest !== 1) {
    const sizes = [low, ...(high ? [high] : [])].map(({ value, line }) => `${value} MiB (line ${line})`);
    contradict([named("max_pfn", maxPfn), ...sizes], "low and high memory are all PFNs");
  }
}

function startOfZone({ zone }: Facts): Sourced | undefined {
  const high = zone.find(({ value }) => value.name === "HighMem");
  return high && derived(high.value.start ?? Number.POSITIVE_INFINITY, `line ${high.line}`);
}

/** Up to 2.6.24 the sizes of the zones are all PFNs, so that they add up to max_pfn if the map has no hole. */
function startBySizes({ zonePages }: Facts, maxPfn: Sourced | undefined): Sourced | undefined {
  const high = zonePages.find(({ value }) => value.name === "HighMem");
  const others = zonePages.filter(({ value }) => value.name !== "HighMem");
  const low = others.reduce((sum, { value }) => sum + value.pages, 0);
  if (high === undefined || low + high.value.pages !== maxPfn?.value) return undefined;
  return derived(low, `line ${others.map(({ line }) => line).join(", ")}, the pages of the zones below`);
}

/** The kernel prints whole MiB, rounded down. */
function checkSize(
  name: string,
  start: Sourced,
  mib: { value: number; line: number } | undefined,
  pages: number,
): void {
  if (mib !== undefined && Math.floor(pages / PAGES_PER_MIB) !== mib.value) {
    contradict([named("highmem_start", start), `${mib.value} ${name} (line ${mib.line})`], `that is ${pages} pages`);
  }
}
