/** Reads the memory lines of a Xen guest's boot log. It computes and guesses nothing: every figure has its line. */
import { PAGE_BYTES, type Region } from "xen-balloon/core";

/** A figure of the log, and the number of its line (the first is 1). */
export interface Figure {
  readonly value: number;
  readonly line: number;
}

/** A range of the memory map (e820) that the guest was given: bytes `startByte` to `endByte - 1`. */
export interface MapRange {
  readonly startByte: number;
  readonly endByte: number;
  /** The type as the log prints it: `usable`, `reserved`, `ACPI NVS`, … */
  readonly type: string;
  readonly line: number;
}

/** A run of pages, and the number of its line. */
export interface PopulatedRange extends Region {
  readonly line: number;
}

/** The memory figures of a boot log. The log does not carry an undefined figure. */
export interface BootLog {
  /** `pv`: paravirtualised; `hvm`: auto-translated (HVM and PVH). */
  readonly domain: "pv" | "hvm";
  readonly domainLine: number;
  /** The map as it was provided, ascending, without later changes (`e820: update`, `e820: remove`). */
  readonly map: readonly MapRange[];
  /** start_info.nr_pages. Xen prints it for dom0 alone, as the size of its Phys-Mach map. */
  readonly nrPages: Figure | undefined;
  /** Pages of holes that the kernel gave back to Xen, whether or not it populated others in their place. */
  readonly released: Figure | undefined;
  /** Pages populated above nr_pages in place of released ones; ascending, empty when there were none. */
  readonly populated: readonly PopulatedRange[];
  /** True: this kernel moves the frames out of holes to pages above nr_pages instead of releasing them. */
  readonly remaps: boolean;
  /** The number of frames it moved. */
  readonly remapped: Figure | undefined;
  /** Pages set to 1-1 mapping. */
  readonly identity: Figure | undefined;
  /** `last_pfn`: the end of memory. */
  readonly maxPfn: Figure | undefined;
  /** True: the kernel has 32 bits. */
  readonly is32Bit: boolean;
  /** The first PFN of the HighMem zone; Infinity for an empty zone. A 64-bit kernel has none. */
  readonly highmemStart: Figure | undefined;
}

/** An error for a text that is not the boot log of a Xen guest, or contradicts itself. */
export class BootLogError extends Error {
  override readonly name = "BootLogError";
  /** The number of the wrong line (the first is 1), if there is one. */
  readonly line: number | undefined;

  constructor(expected: string, found: string, line?: number) {
    super(`${line === undefined ? "" : `line ${line}: `}expected ${expected}, found ${found}`);
    this.line = line;
  }
}

const MAP_LINE = /(?:^|[\s\]>])(Xen|BIOS-e820):\s*(.*?)\s*$/;
/** Other kernel messages start with `Xen:` as well. */
const MAP_BODY = /^\[mem|^[0-9a-f]{8}|\busable\b/;
const RANGE_WITH_LAST_BYTE = /^\[mem 0x([0-9a-f]+)-0x([0-9a-f]+)\] (\S.*)$/;
const RANGE_WITH_END_BYTE = /^([0-9a-f]+) - ([0-9a-f]+) \((.+)\)$/;
const RANGE_EXAMPLE = '"Xen: [mem 0x0000000000000000-0x000000000009ffff] usable"';

const PLATFORM = /(?:Hypervisor detected:|Booting (?:paravirtualized )?kernel on) (.+?)\s*$/;
const PARAVIRTUALISED = /(?:detected: Xen PV|kernel on Xen)$/;
const AUTO_TRANSLATED = /^Xen (?:HVM|PVH)/;

const PHYS_MACH_MAP = /Phys-Mach map: +(?:0x)?([0-9a-f]+)->(?:0x)?([0-9a-f]+)/;
const RELEASED = /\breleased (\d+) page(?:s of unused memory|\(s\))/i;
const RELEASED_BY_REMAPPING_KERNEL = /\bReleased \d+ page\(s\)/;
const POPULATED = /Populating ([0-9a-f]+)-[0-9a-f]+ pfn range: (\d+) pages added/;
const REMAPPED = /\bRemapped (\d+) page\(s\)/;
const IDENTITY = /\bSet (\d+) page\(s\) to 1-1 mapping/;
const LAST_PFN = /\blast_pfn = 0x([0-9a-f]+)/;
const MAX_ARCH_PFN = /\bmax_arch_pfn = 0x([0-9a-f]+)/;
const HIGHMEM_ZONE = /\bHighMem +(?:0x([0-9a-f]+) ->|\[mem 0x([0-9a-f]+)-|empty)/;

/** 64 GiB, all that a 32-bit kernel can address (PAE). */
const MAX_ARCH_PFN_32BIT = 0x100_0000;

/**
 * Reads a boot log: the kernel's, with or without time stamps and other prefixes, and Xen's own lines if it has any.
 *
 * @throws BootLogError - no memory map, a range that is malformed or overlaps another, or not a guest of Xen
 */
export function parseBootLog(text: string): BootLog {
  const lines = text.split(/\r?\n/);
  const map = parseMap(lines);
  const [maxArchPfn] = figures(lines, MAX_ARCH_PFN, hex);
  const is32Bit = maxArchPfn !== undefined && maxArchPfn.value <= MAX_ARCH_PFN_32BIT;
  return {
    ...parseDomain(lines, map),
    map,
    nrPages: figures(lines, PHYS_MACH_MAP, physMachPages)[0],
    released: figures(lines, RELEASED, decimal)[0],
    populated: parsePopulated(lines),
    remaps: lines.some((line) => RELEASED_BY_REMAPPING_KERNEL.test(line)),
    remapped: figures(lines, REMAPPED, decimal)[0],
    identity: figures(lines, IDENTITY, decimal)[0],
    // A second, smaller figure is the end of memory below 4 GiB.
    maxPfn: figures(lines, LAST_PFN, hex).sort((a, b) => b.value - a.value)[0],
    is32Bit,
    highmemStart: is32Bit ? figures(lines, HIGHMEM_ZONE, highmemStart)[0] : undefined,
  };
}

type Match = RegExpExecArray;

function* matches(lines: readonly string[], pattern: RegExp): Generator<[match: Match, line: number]> {
  for (const [index, line] of lines.entries()) {
    const match = pattern.exec(line);
    if (match) yield [match, index + 1];
  }
}

function figures(lines: readonly string[], pattern: RegExp, value: (match: Match, line: number) => number): Figure[] {
  return Array.from(matches(lines, pattern), ([match, line]) => ({ value: value(match, line), line }));
}

const hex = (match: Match): number => Number.parseInt(match[1] ?? "", 16);
const decimal = (match: Match): number => Number.parseInt(match[1] ?? "", 10);

/**
 * Counts the entries of the Phys-Mach map, one for each page. An entry has the guest's word size: 4 bytes if the map
 * lies below 4 GiB.
 */
function physMachPages(match: Match, line: number): number {
  const [start, end] = [BigInt(`0x${match[1]}`), BigInt(`0x${match[2]}`)];
  const entryBytes = end <= 0x1_0000_0000n ? 4n : 8n;
  if (end < start || (end - start) % entryBytes !== 0n) {
    throw new BootLogError(`a Phys-Mach map of ${entryBytes} bytes a page`, `"${match[0]}"`, line);
  }
  return Number((end - start) / entryBytes);
}

function highmemStart(match: Match): number {
  if (match[1] !== undefined) return Number.parseInt(match[1], 16);
  return match[2] === undefined ? Number.POSITIVE_INFINITY : Number.parseInt(match[2], 16) / PAGE_BYTES;
}

function parsePopulated(lines: readonly string[]): PopulatedRange[] {
  return Array.from(matches(lines, POPULATED), ([match, line]) => ({
    start: hex(match),
    pages: Number(match[2]),
    line,
  })).sort((a, b) => a.start - b.start);
}

function parseMap(lines: readonly string[]): MapRange[] {
  const map: MapRange[] = [];
  for (const [match, line] of matches(lines, MAP_LINE)) {
    const [, prefix, body = ""] = match;
    if (prefix === "BIOS-e820" || MAP_BODY.test(body)) map.push(parseRange(body, line));
  }
  map.sort((a, b) => a.startByte - b.startByte);
  for (const [index, range] of map.entries()) {
    const before = map[index - 1];
    if (before !== undefined && range.startByte < before.endByte) {
      const [first, second] = [range.line, before.line].sort((a, b) => a - b);
      throw new BootLogError("the memory map of one boot", `a range that overlaps that of line ${first}`, second);
    }
  }
  if (!map.some((range) => range.type === "usable")) {
    throw new BootLogError(
      `a Xen guest's boot log with its memory map, lines as in ${RANGE_EXAMPLE}`,
      map.length === 0 ? "no such line" : "no usable range",
    );
  }
  return map;
}

function parseRange(body: string, line: number): MapRange {
  const withLastByte = RANGE_WITH_LAST_BYTE.exec(body);
  const [, start = "", end = "", type = ""] = withLastByte ?? RANGE_WITH_END_BYTE.exec(body) ?? [];
  const startByte = Number.parseInt(start, 16);
  const endByte = Number.parseInt(end, 16) + (withLastByte ? 1 : 0);
  if (!Number.isSafeInteger(startByte) || !Number.isSafeInteger(endByte)) {
    throw new BootLogError(`a range of the memory map as in ${RANGE_EXAMPLE}`, `"${body}"`, line);
  }
  if (endByte <= startByte) throw new BootLogError("a range that ends after its start", `"${body}"`, line);
  return { startByte, endByte, type, line };
}

function parseDomain(lines: readonly string[], map: readonly MapRange[]): Pick<BootLog, "domain" | "domainLine"> {
  for (const [[text, name = ""], domainLine] of matches(lines, PLATFORM)) {
    if (!name.startsWith("Xen")) throw new BootLogError("a guest of Xen", `"${text.trim()}"`, domainLine);
    if (AUTO_TRANSLATED.test(name)) return { domain: "hvm", domainLine };
    if (PARAVIRTUALISED.test(text.trim())) return { domain: "pv", domainLine };
  }
  // Without such a line, or with one that fits both ("Hypervisor detected: Xen"), the map says who provided it.
  const domainLine = map[0]?.line ?? 0;
  return { domain: lines[domainLine - 1]?.includes("BIOS-e820:") ? "hvm" : "pv", domainLine };
}
