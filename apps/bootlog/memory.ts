/**
 * Proves the memory map: a line that is lost leaves a gap, and a gap looks like a hole. The map is whole if a line tells
 * the sum of its usable pages, or if it begins at 0, leaves no gap, and ends where a line says.
 */
import { countPages, type Region } from "xen-balloon/core";
import { release } from "./fact-kinds.js";
import type { Facts } from "./facts.js";
import type { Kernel } from "./kernel.js";
import { countHoles, endOf, type MapRange, uncovered, usableIn, usablePages } from "./map.js";
import { contradict, derived, named, printed, type Sourced } from "./sourced.js";

/** The memory of a guest, as far as its lines prove it. */
export interface Memory {
  /** The usable whole pages of the map's lines, ascending. */
  readonly usable: readonly Region[];
  /** The number of usable pages; undefined if the map may have lost a line. */
  readonly ramPages: Sourced | undefined;
  readonly maxPfn: Sourced | undefined;
  /** The reason why the map may have lost a line. Undefined: the map is whole. */
  readonly doubt: string | undefined;
  /** The map, or its head, is lost. */
  readonly cut: boolean;
}

const PFN_OF_4_GIB = 2 ** 20;

/** The figures that a user gives about the map. */
export interface GivenMemory {
  readonly ramPages?: number | undefined;
  readonly maxPfn?: number | undefined;
}

/** @throws BootLogError - lines that do not fit together */
export function proveMemory(facts: Facts, map: readonly MapRange[], kernel: Kernel, given: GivenMemory): Memory {
  const usable = usablePages(map);
  const sum = sumOf(facts, usable, given.ramPages);
  if (map.length === 0) {
    checkGivenEnd(given.maxPfn, lonelyLastPfn(facts));
    const ram = sum && derived(sum.total.value, `${sum.total.from}, without the first page`);
    return { usable, ramPages: ram, maxPfn: lonelyLastPfn(facts), doubt: "the log has no line of it", cut: true };
  }
  const cut = (map[0]?.startByte ?? 0) > 0;
  const lacks = sum && sum.total.value > countPages(usable) - sum.least;
  if (sum && ((lacks && !cut) || sum.total.value < countPages(usable) - sum.most)) {
    contradict(
      [`${countPages(usable)} usable pages of the map (lines ${linesOf(map)})`, named("their sum", sum.total)],
      `${sum.trimmed} are left out of the sum`,
    );
  }
  const whole = sum?.exact === true && !lacks;
  const end = endOf(usable);
  const found = provenEnd(facts, end, usable);
  const goesOn = !whole && found !== undefined && mayGoOn(facts, kernel, map, found.value);
  const last = goesOn ? undefined : found;
  const maxPfn = last ?? (whole ? derived(end, `the end of the map, whole by ${sum?.total.from}`) : undefined);
  if (given.maxPfn !== undefined && given.maxPfn > end && !cut) {
    contradict([`max_pfn ${given.maxPfn} (given)`, `the map that ends at PFN ${end}`], "no memory lies past the map");
  }
  checkGivenEnd(given.maxPfn, maxPfn);
  if (given.maxPfn !== undefined && given.maxPfn < end && facts.limited.length === 0) {
    contradict([`max_pfn ${given.maxPfn} (given)`, `the map that ends at PFN ${end}`], "usable memory lies past it");
  }
  checkIdentity(facts, map, usable, kernel);
  const known = given.maxPfn ?? maxPfn?.value;
  const doubt = whole ? undefined : doubtOf(facts, map, known, cut, kernel);
  const by = given.ramPages === undefined ? sum?.total.from : "the given sum";
  const from = whole ? `the usable ranges, whole by ${by}` : "the usable ranges";
  return { usable, ramPages: doubt === undefined ? derived(countPages(usable), from) : undefined, maxPfn, doubt, cut };
}

function checkGivenEnd(given: number | undefined, proved: Sourced | undefined): void {
  if (given !== undefined && proved !== undefined && given !== proved.value) {
    contradict([`max_pfn ${given} (given)`, named("max_pfn", proved)], "they are the same PFN");
  }
}

interface Sum {
  readonly total: Sourced;
  /** The usable pages that are not in the sum: fewest and most possible. */
  readonly least: number;
  readonly most: number;
  /** The number that is not in the sum is certain. */
  readonly exact: boolean;
  readonly trimmed: string;
}

/** Finds the line that sums up the usable pages, and what the kernel trimmed before. */
function sumOf(facts: Facts, usable: readonly Region[], given: number | undefined): Sum | undefined {
  if (given !== undefined) return { total: derived(given, "given"), least: 0, most: 0, exact: true, trimmed: "none" };
  const totals = facts.limited.length > 0 ? [] : totalsOf(facts, usable);
  const [total, other] = totals;
  if (total === undefined) return undefined;
  const differing = totals.find(({ value }) => value !== total.value) ?? other;
  if (differing && differing.value !== total.value) {
    contradict([named("usable pages", total), named("usable pages", differing)], "both are sums of the same pages");
  }
  const trimmed = trimmedPages(facts, usable);
  if (trimmed !== undefined) return { total, least: trimmed, most: trimmed, exact: true, trimmed: `${trimmed}` };
  return { total, least: 0, most: usableIn(usable, 0, 0x10000), exact: false, trimmed: "up to 16" };
}

/** The lines that sum up the usable pages. A kernel before 2.6.32 may count the PFNs of holes in a node's pages. */
function totalsOf({ memory, memoryOld, nodePages, banner }: Facts, usable: readonly Region[]): Sourced[] {
  const totals: Sourced[] = [];
  for (const { value, line } of memory) totals.push(derived(value.total, `line ${line}`));
  for (const { value, line } of memoryOld) {
    if (value.absent !== undefined) totals.push(derived(value.end - value.absent, `line ${line}`));
  }
  if (nodePages.length > 0) {
    const pages = nodePages.reduce((sum, { value }) => sum + value.pages, 0);
    const counted = (banner[0]?.value.release ?? 0) >= release(2, 6, 32) || pages === countPages(usable);
    if (counted) totals.push(derived(pages, `line ${nodePages.map(({ line }) => line).join(", ")}`));
  }
  return totals;
}

/** Undefined: from 2.6.32 to 3.10 it is none, a page or 64 KiB. */
function trimmedPages({ trimmed, zone, banner, memory }: Facts, usable: readonly Region[]): number | undefined {
  const others = trimmed.filter(({ value }) => value.startByte > 0);
  const further = others.reduce((sum, { value }) => sum + usableIn(usable, value.startByte, value.endByte), 0);
  const first = trimmed.find(({ value }) => value.startByte === 0);
  if (first) return further + usableIn(usable, 0, first.value.endByte);
  const dma = zone.find(({ value }) => value.name === "DMA" && value.start !== undefined);
  if (dma?.value.start !== undefined) return further + usableIn(usable, 0, dma.value.start * 4096);
  const version = banner[0]?.value.release ?? 0;
  if (memory.length > 0 || version >= release(3, 11)) return further + usableIn(usable, 0, 4096);
  return version > 0 && version < release(2, 6, 32) ? further : undefined;
}

/** Finds the line that tells the end of memory. */
function provenEnd(facts: Facts, end: number, usable: readonly Region[]): Sourced | undefined {
  const [last] = [...facts.lastPfn].sort((a, b) => b.value.pfn - a.value.pfn);
  const zone =
    facts.zone.find(({ value }) => value.name === "HighMem" && value.end !== undefined) ??
    facts.zone.find(({ value }) => value.name === "Normal" && (value.end ?? 0) > PFN_OF_4_GIB);
  const zoneEnd =
    zone?.value.end === undefined ? undefined : derived(zone.value.end, `line ${zone.line}, the end of the zone`);
  const found = last && derived(last.value.pfn, `line ${last.line}`);
  if (facts.limited.length > 0) return found ?? zoneEnd;
  const lowEnd = endOf(usable.filter(({ start }) => start < PFN_OF_4_GIB));
  const lowOnly = found !== undefined && found.value === lowEnd && end > PFN_OF_4_GIB;
  const high = facts.trimmed.some(({ value }) => value.startByte >= 0x10_0000);
  for (const each of [lowOnly ? undefined : found, zoneEnd]) {
    if (each !== undefined && each.value !== end && !(high && each.value < end)) {
      contradict([named("the end of memory", each), `the map that ends at PFN ${end}`], "they are the same PFN");
    }
  }
  return (lowOnly ? undefined : found) ?? zoneEnd;
}

/** Without a map, one line of last_pfn below 4 GiB may be the lower one of two. */
function lonelyLastPfn({ lastPfn, zone }: Facts): Sourced | undefined {
  const [last] = [...lastPfn].sort((a, b) => b.value.pfn - a.value.pfn);
  if (last === undefined) return undefined;
  const low = zone.find(({ value }) => value.name === "Normal" && value.end === undefined);
  return last.value.pfn > PFN_OF_4_GIB || low ? derived(last.value.pfn, `line ${last.line}`) : undefined;
}

function linesOf(map: readonly MapRange[]): string {
  const lines = map.map(({ line }) => line);
  return `${Math.min(...lines)} to ${Math.max(...lines)}`;
}

/** The PFNs that are no memory, up to the end of the map. Unusable ranges may have been memory when they were counted. */
function identityOf({ identity }: Facts, map: readonly MapRange[]): Sourced | undefined {
  return map.some(({ type }) => type === "unusable") ? undefined : printed(identity[0]);
}

function checkIdentity(
  facts: Facts,
  map: readonly MapRange[],
  usable: readonly Region[],
  { privileged }: Kernel,
): void {
  const identity = identityOf(facts, map);
  if (identity === undefined || (map[0]?.startByte ?? 0) > 0) return;
  const holes = countHoles(usable, Math.ceil(Math.max(...map.map(({ endByte }) => endByte)) / 4096));
  const fits =
    (privileged?.value !== false && identity.value === holes.all) ||
    (privileged?.value !== true && identity.value === holes.all - holes.isa);
  if (!fits) {
    contradict(
      [named("pages set to 1-1 mapping", identity), `the map (lines ${linesOf(map)})`],
      `${holes.all} PFNs of the map are no memory`,
    );
  }
}

/** hvmloader moves memory above 4 GiB only where it does not fit below its hole for devices, which is at most 2 GiB. */
const LEAST_HVM_PFN = 2 ** 19;

/**
 * Tells whether the end may be that of the memory below 4 GiB alone, whose line of last_pfn comes second. A guest with
 * holes for devices may have memory on both sides of them.
 */
function mayGoOn(
  { zone, hvmloader }: Facts,
  { hostMap, domain }: Kernel,
  map: readonly MapRange[],
  maxPfn: number,
): boolean {
  const told = zone.some(
    ({ value: { name, end } }) => (name === "Normal" && end === undefined) || (name === "HighMem" && end === maxPfn),
  );
  if (told || maxPfn > PFN_OF_4_GIB) return false;
  if (domain.value === "hvm") return maxPfn > LEAST_HVM_PFN || hvmloader.length === 0;
  return hostMap || uncovered(map, maxPfn).length > 0;
}

function doubtOf(
  facts: Facts,
  map: readonly MapRange[],
  maxPfn: number | undefined,
  cut: boolean,
  kernel: Kernel,
): string | undefined {
  if (cut) return `it does not begin at 0 but at ${map[0]?.startByte} bytes (line ${map[0]?.line}): its head is lost`;
  if (maxPfn === undefined) return "no line proves where it ends";
  if (kernel.privileged !== undefined && identityOf(facts, map) !== undefined) return undefined;
  // The second last_pfn is the end of memory below 4 GiB.
  const [, low] = facts.lastPfn.map(({ value }) => value.pfn).sort((a, b) => b - a);
  const gap = uncovered(map, maxPfn).find(
    ({ start, pages }) => !(low !== undefined && start >= low && start + pages <= PFN_OF_4_GIB),
  );
  if (gap === undefined) return undefined;
  return `no line tells whether PFNs ${gap.start} to ${gap.start + gap.pages - 1}, which no range covers, are a hole or a lost line`;
}
