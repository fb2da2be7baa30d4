/** Splits a capture into boots: a console or a journal holds one after the other. */
import type { LogLine } from "./capture.js";
import { isOfXen } from "./facts.js";
import { mapPrefix } from "./map.js";

/** The first line of a boot: Mini-OS (PV-GRUB), Xen's builder of dom0, or the kernel's banner or map. */
const START =
  /Xen Minimal OS!|\(XEN\) +(?:Xen version|Xen-e820|PHYSICAL MEMORY ARRANGEMENT)|Linux version \d|(?:BIOS|Xen)-provided physical RAM map/;

/** Lines that the kernel prints once it knows its map. */
const LATER = /\blast_pfn = 0x|\bMemory: \d+[kK]\/|kernel (?:with PVH extensions )?on /;

/**
 * Splits the lines at every start of a boot that comes after the memory lines of another. Parts without memory lines,
 * for example a copy of `xl dmesg`, belong to the boot before them, or after them if there is none before.
 */
export function splitBoots(lines: readonly LogLine[]): LogLine[][] {
  const parts: { lines: LogLine[]; booted: boolean }[] = [{ lines: [], booted: false }];
  for (const line of lines) {
    const last = parts.at(-1);
    if (last?.booted && START.test(line.text)) parts.push({ lines: [line], booted: false });
    else last?.lines.push(line);
    const now = parts.at(-1);
    if (now && !isOfXen(line) && (mapPrefix(line) !== undefined || LATER.test(line.text))) now.booted = true;
  }
  const boots: LogLine[][] = [];
  let leading: LogLine[] = [];
  for (const part of parts) {
    const before = boots.at(-1);
    if (part.booted) boots.push([...leading, ...part.lines]);
    else if (before) before.push(...part.lines);
    if (part.booted || !before) leading = part.booted ? [] : [...leading, ...part.lines];
  }
  return boots.length > 0 ? boots : [leading];
}
