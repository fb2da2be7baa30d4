/** Reads the memory map (e820) that the guest was given. */
import { countPages, gaps, PAGE_BYTES, type Region } from "xen-balloon/core";
import type { LogLine } from "./capture.js";
import { BootLogError } from "./error.js";
import { isOfXen } from "./facts.js";

/** A range of the memory map: bytes `startByte` to `endByte - 1`. */
export interface MapRange {
  readonly startByte: number;
  readonly endByte: number;
  /** The type as the log prints it: `usable`, `reserved`, `ACPI NVS`, … */
  readonly type: string;
  readonly line: number;
}

const MAP_LINE = /(?:^|[^\w-])(Xen|BIOS-e820):\s*(.*?)\s*$/;
/** Other kernel messages start with `Xen:` as well. */
const MAP_BODY = /^\[mem|^[0-9a-f]{8}|\busable\b/;
/** With the last byte from 3.5 on, with the end before. */
const RANGE_WITH_LAST_BYTE = /^\[mem 0x([0-9a-f]+)-0x([0-9a-f]+)\] (\S.*)$/;
const RANGE_WITH_END_BYTE = /^([0-9a-f]+) - ([0-9a-f]+) \((.+)\)$/;
const TYPE =
  /^(?:usable|reserved|unusable|ACPI NVS|ACPI data|soft reserved|(?:device|kernel) reserved|(?:persistent(?: RAM)? \()?type \d+\)?)$/i;
const RANGE_EXAMPLE = '"Xen: [mem 0x0000000000000000-0x000000000009ffff] usable"';

/** @returns who provided the map: `Xen` for a pv guest, `BIOS-e820` for an auto-translated one. */
export function mapPrefix(line: LogLine): "Xen" | "BIOS-e820" | undefined {
  const [, prefix, body = ""] = isOfXen(line) ? [] : (MAP_LINE.exec(line.text) ?? []);
  if (prefix === "BIOS-e820") return prefix;
  return prefix === "Xen" && MAP_BODY.test(body) ? prefix : undefined;
}

/**
 * Reads the ranges, ascending; a line that came twice counts once.
 *
 * @throws BootLogError - a range that is malformed, has no known type, or overlaps another
 */
export function readMap(lines: readonly LogLine[]): MapRange[] {
  const ranges = new Map<string, MapRange>();
  for (const line of lines) {
    if (mapPrefix(line) === undefined) continue;
    const range = readFoldedRange(line);
    const key = `${range.startByte} ${range.endByte} ${range.type}`;
    if (!ranges.has(key)) ranges.set(key, range);
  }
  const map = [...ranges.values()].sort((a, b) => a.startByte - b.startByte);
  for (const [index, range] of map.entries()) {
    const before = map[index - 1];
    if (before !== undefined && range.startByte < before.endByte) {
      const [first, second] = [range.line, before.line].sort((a, b) => a - b);
      throw new BootLogError(
        `expected the memory map of one boot, found a range that overlaps that of line ${first}`,
        second,
      );
    }
  }
  return map;
}

function readFoldedRange({ text, line, rest }: LogLine): MapRange {
  const texts = [text];
  for (let count = 1; count <= rest.length; count++) {
    for (const separator of ["", " "]) texts.push([text, ...rest.slice(0, count)].join(separator));
  }
  for (const each of texts) {
    const range = readRange(each, line);
    if (range !== undefined) return range;
  }
  const body = MAP_LINE.exec(text)?.[2];
  throw new BootLogError(`expected a range of the memory map as in ${RANGE_EXAMPLE}, found "${body}"`, line);
}

function readRange(text: string, line: number): MapRange | undefined {
  const body = MAP_LINE.exec(text)?.[2] ?? "";
  const withLastByte = RANGE_WITH_LAST_BYTE.exec(body);
  const [, start = "", end = "", type = ""] = withLastByte ?? RANGE_WITH_END_BYTE.exec(body) ?? [];
  const startByte = Number.parseInt(start, 16);
  const endByte = Number.parseInt(end, 16) + (withLastByte ? 1 : 0);
  if (!Number.isSafeInteger(startByte) || !Number.isSafeInteger(endByte) || !TYPE.test(type)) return undefined;
  if (endByte <= startByte) throw new BootLogError(`expected a range that ends after its start, found "${body}"`, line);
  return { startByte, endByte, type, line };
}

/** The whole usable pages of the map. */
export function usablePages(map: readonly MapRange[]): Region[] {
  return map.filter(({ type }) => type === "usable").flatMap(wholePages);
}

function wholePages({ startByte, endByte }: Pick<MapRange, "startByte" | "endByte">): Region[] {
  const start = Math.ceil(startByte / PAGE_BYTES);
  const pages = Math.floor(endByte / PAGE_BYTES) - start;
  return pages > 0 ? [{ start, pages }] : [];
}

/** The PFN after the last usable page. */
export function endOf(usable: readonly Region[]): number {
  return usable.reduce((last, { start, pages }) => Math.max(last, start + pages), 0);
}

/** PFNs 0xa0 to 0xff: the kernel reserves them itself in every guest. In a domU they have frames all the same. */
const ISA_HOLE: Region = { start: 0xa0, pages: 0x60 };

/** Counts the PFNs below `end` that are not usable, and those of them that lie in the ISA hole. */
export function countHoles(usable: readonly Region[], end: number): { all: number; isa: number } {
  const holes = gaps(usable, end);
  const outside = countPages(gaps([...usable, ISA_HOLE], end));
  return { all: countPages(holes), isa: countPages(holes) - outside };
}

/** Lists the gaps between the ranges of the map, in whole pages: a lost line leaves one. The ISA hole holds no memory. */
export function uncovered(map: readonly MapRange[], end: number): Region[] {
  const covered = map.map(({ startByte, endByte }) => {
    const start = Math.floor(startByte / PAGE_BYTES);
    return { start, pages: Math.ceil(endByte / PAGE_BYTES) - start };
  });
  return gaps([...covered, ISA_HOLE], end);
}

/** Counts the usable pages that the byte range touches. */
export function usableIn(usable: readonly Region[], startByte: number, endByte: number): number {
  const [start, end] = [Math.floor(startByte / PAGE_BYTES), Math.ceil(endByte / PAGE_BYTES)];
  const before = countPages(gaps(gaps(usable, start), start));
  return countPages(gaps(gaps(usable, end), end)) - before;
}
