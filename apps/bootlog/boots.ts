/** Splits a capture into boots: a console or a journal holds one after the other. */
import type { LogLine } from "./capture.js";
import { isOfXen } from "./facts.js";
import { mapPrefix } from "./map.js";

/** The first line of a boot: Mini-OS (PV-GRUB), Xen's builder of dom0, or the kernel's banner or map. */
const START =
  /Xen Minimal OS!|\(XEN\) +(?:Xen version|Xen-e820|PHYSICAL MEMORY ARRANGEMENT)|Linux version \d|(?:BIOS|Xen)-provided physical RAM map/;

/** Lines that the kernel prints once it knows its map. */
const LATER = /\blast_pfn = 0x|\bMemory: \d+[kK]\/|kernel (?:with PVH extensions )?on /;

/** The lines that a boot prints once, before its memory lines: Mini-OS's first, and the kernel's banner. */
const HEADS = [/Xen Minimal OS!/, /Linux version \d.*\S/] as const;

/** The lines from one start of a boot to the next. */
interface Part {
  readonly lines: LogLine[];
  readonly heads: (string | undefined)[];
  /** It has memory lines. */
  booted: boolean;
  /** Its head is that of another boot than that of the part beside it. */
  apart: boolean;
}

/**
 * Splits the lines at every start of a boot that comes after the memory lines of another, and at the head of another boot
 * though the memory lines before it, or after it, are cut. Other parts without memory lines, for example a copy of
 * `xl dmesg`, belong to the boot before them, or after them if there is none before.
 */
export function splitBoots(lines: readonly LogLine[]): LogLine[][] {
  const boots: LogLine[][] = [];
  let leading: LogLine[] = [];
  for (const part of splitParts(lines)) {
    const before = boots.at(-1);
    if (part.booted || part.apart) {
      boots.push([...leading, ...part.lines]);
      leading = [];
    } else if (before) before.push(...part.lines);
    else leading.push(...part.lines);
  }
  return boots.length > 0 ? boots : [leading];
}

function splitParts(lines: readonly LogLine[]): Part[] {
  let part: Part = { lines: [], heads: [], booted: false, apart: false };
  const parts = [part];
  for (const line of lines) {
    const heads = isOfXen(line) ? [] : HEADS.map((head) => head.exec(line.text)?.[0]);
    const apart = startsAnother(part.heads, heads);
    if (apart || (part.booted && START.test(line.text))) {
      part.apart ||= apart;
      part = { lines: [], heads: [], booted: false, apart };
      parts.push(part);
    }
    part.lines.push(line);
    for (const [index, head] of heads.entries()) part.heads[index] ??= head;
    if (!isOfXen(line) && (mapPrefix(line) !== undefined || LATER.test(line.text))) part.booted = true;
  }
  return parts;
}

/** A banner that comes again is that of the same kernel, for example a copy of /proc/version. */
function startsAnother(
  [miniOs, banner]: readonly (string | undefined)[],
  [nextMiniOs, nextBanner]: readonly (string | undefined)[],
): boolean {
  if (nextMiniOs !== undefined) return miniOs !== undefined || banner !== undefined;
  return nextBanner !== undefined && banner !== undefined && nextBanner !== banner;
}
