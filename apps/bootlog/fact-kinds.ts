/**
 * The lines of a boot log that carry a memory figure: what each proves, which kernels print it, and its pattern. The
 * kernels' lines are those of arch/x86/xen/setup.c, arch/x86/kernel/e820.c and mm/page_alloc.c in their releases.
 */
import { PAGE_BYTES } from "xen-balloon/core";
import { BootLogError } from "./error.js";

/** The contents of each kind of line, in pages unless the name says another unit, and the kernels that print it. */
export interface FactValues {
  /** The banner. Its text holds the flavour, for example `686-pae`, `el5xen`. */
  readonly banner: { readonly text: string; readonly release: number };
  /** 2.6.23 and later; without "paravirtualized" from 5.17 on. `Xen HVM` and `Xen PVH` are auto-translated. */
  readonly platform: { readonly domain: "pv" | "hvm" | undefined; readonly since: number };
  /** Auto-translated guests beside the platform: the version of Xen, its platform device, hvmloader's DMI table. */
  readonly onXen: true;
  /** A platform of an hvm guest, whose map is hvmloader's. That of a PVH guest is libxl's, or the host's in dom0. */
  readonly hvmloader: true;
  /** 2.6.32 and later, in a pv domU alone: it has no machine memory map. */
  readonly unprivileged: true;
  /** pages_to_mb() of the 32-bit kernel, from 2.4 on: whole MiB, rounded down. */
  readonly lowMib: number;
  readonly highMib: number;
  /** start_info.nr_pages, as Mini-OS (PV-GRUB, stub domains) prints it on its first lines; max_pfn there is equal. */
  readonly consolePages: number;
  readonly consoleMaxPfn: number;
  /** Dom0's nr_pages: Xen prints the extent of the table with an entry for each page, for dom0 alone. */
  readonly physMach: { readonly pages: number; readonly bits: 32 | 64 };
  /** The part of dom0's nr_pages that Xen has yet to allocate. */
  readonly toAllocate: number;
  /** 2.6.32 to 3.1 ("released") and 3.2 to 3.17 ("Released"). From 3.5 on it is printed only if there are any. */
  readonly released: { readonly pages: number; readonly gapsOnly: boolean };
  /** 3.18 and later: what no page above nr_pages could take. */
  readonly releasedRest: number;
  /** 3.2 to 3.17: a range that was released. */
  readonly freed: Chunk;
  /** 3.5 to 3.17: pages above nr_pages that were populated in place of released ones. */
  readonly populated: Chunk;
  /** 3.18 and later: frames moved out of holes to pages above nr_pages. 3.18 adds the PFN after the last of them. */
  readonly remapped: { readonly pages: number; readonly endPfn: number | undefined };
  /** 3.2 to 4.2: PFNs that are no memory, up to the end of the map. */
  readonly identity: number;
  /** 3.19 and later: the bytes of the kernel's own table, an entry for each page, rounded up. */
  readonly p2mBytes: number;
  /** 2.6.25 and later: the end of memory, then the end of memory below 4 GiB if they differ. */
  readonly lastPfn: { readonly pfn: number; readonly archPfn: number };
  /** The PFNs of a zone; without pages it is empty. PFNs up to 3.4, bytes later. */
  readonly zone: { readonly name: string; readonly start: number | undefined; readonly end: number | undefined };
  /** Up to 2.6.24 these are all pages of a zone; later the kernel's tables are subtracted. */
  readonly zonePages: { readonly name: string; readonly pages: number };
  /** The usable pages of a node without those that the kernel trimmed. */
  readonly nodePages: { readonly node: number; readonly pages: number };
  /** 3.11 and later, with a capital K: free pages / usable pages without the trimmed. */
  readonly memory: { readonly free: number; readonly total: number };
  /** Up to 3.10, with a small k: free pages / max_pfn; absent are the PFNs without memory. */
  readonly memoryOld: { readonly free: number; readonly end: number; readonly absent: number | undefined };
  /** Pages that the kernel takes out of the map: the first page or the first 64 KiB, and what its MTRRs do not cover. */
  readonly trimmed: { readonly startByte: number; readonly endByte: number };
  /** The user limited memory on the command line, so that the map reaches further than memory. */
  readonly limited: true;
}

/** A range of PFNs, and the pages in it that were released or populated. */
interface Chunk {
  readonly start: number;
  readonly end: number;
  readonly pages: number;
}

/** A kind of line. */
export interface Kind<T> {
  readonly pattern: RegExp;
  readonly read: (match: RegExpExecArray, line: number) => T;
  /** Xen prints it: Xen's own lines (`xl dmesg`, a serial console) are read for it, too. */
  readonly byXen?: true;
}

const decimal = (text: string | undefined): number => Number.parseInt(text ?? "", 10);
const hex = (text: string | undefined): number => Number.parseInt(text ?? "", 16);
/** The PFN at a byte address, rounded down. */
const pfn = (text: string | undefined): number => Math.floor(hex(text) / PAGE_BYTES);

function kind<T>(pattern: RegExp, read: Kind<T>["read"], byXen?: true): Kind<T> {
  return byXen ? { pattern, read, byXen } : { pattern, read };
}

/** Orders the releases of the kernel: 3.18 is `release(3, 18)`, 2.6.32 is `release(2, 6, 32)`. */
export function release(major: number, minor: number, patch = 0): number {
  return major * 1e6 + minor * 1e3 + patch;
}

/** The table of lines. */
export const KINDS: { readonly [Name in keyof FactValues]: Kind<FactValues[Name]> } = {
  banner: kind(/Linux version (\d+)\.(\d+)(?:\.(\d+))?(\S*)(?= \()/, ([text, major, minor, patch]) => ({
    text: text.replace("Linux version ", ""),
    release: release(decimal(major), decimal(minor), major === "2" ? decimal(patch ?? "0") : 0),
  })),
  platform: kind(
    /(?:Hypervisor detected:|Booting (?:paravirtualized )?kernel (?:with PVH extensions )?on) (.+?)\s*$/,
    readPlatform,
  ),
  onXen: kind(/\bXen version:? \d|\bDMI: Xen\b|\bXen [Pp]latform PCI\b/, () => true),
  hvmloader: kind(/\bDMI: Xen HVM\b|\bBooting (?:paravirtualized )?kernel on Xen HVM\b/, () => true),
  unprivileged: kind(/ACPI in unprivileged domain disabled/, () => true),
  lowMib: kind(/\b(\d+)MB LOWMEM available/, ([, mib]) => decimal(mib)),
  highMib: kind(/\b(\d+)MB HIGHMEM available/, ([, mib]) => decimal(mib)),

  consolePages: kind(/\bnr_pages: 0x([0-9a-f]+)\s*$/, ([, pages]) => hex(pages)),
  consoleMaxPfn: kind(/^\s*(?:\S+\.c:)?\s*max_pfn: ([0-9a-f]+)\s*$/, ([, pages]) => hex(pages)),
  physMach: kind(/Phys-Mach map: +(?:0x)?([0-9a-f]+)->(?:0x)?([0-9a-f]+)/, physMachPages, true),
  toAllocate: kind(/\((\d+) pages to be allocated\)/, ([, pages]) => decimal(pages), true),

  released: kind(/\b([Rr])eleased (\d+) pages of unused memory/, ([, letter, pages]) => ({
    pages: decimal(pages),
    /** Up to 3.1, gaps of the map alone were released; reserved ranges kept their frames. */
    gapsOnly: letter === "r",
  })),
  releasedRest: kind(/\bReleased (\d+) page\(s\)/, ([, pages]) => decimal(pages)),
  freed: kind(/\bFreeing +([0-9a-f]+)-([0-9a-f]+) pfn range: (\d+) pages freed/, readChunk),
  populated: kind(/\bPopulating ([0-9a-f]+)-([0-9a-f]+) pfn range: (\d+) pages added/, readChunk),
  remapped: kind(/\bRemapped (\d+) page\(s\)(?:, last_pfn=(\d+)\b)?/, ([, pages, end]) => ({
    pages: decimal(pages),
    endPfn: end === undefined ? undefined : decimal(end),
  })),
  identity: kind(/\bSet (\d+) page\(s\) to 1-1 mapping(?!\.)/, ([, pages]) => decimal(pages)),
  p2mBytes: kind(/\bp2m virtual area at .*, size is ([0-9a-f]+)\s*$/, ([, bytes]) => hex(bytes)),

  lastPfn: kind(/\blast_pfn = 0x([0-9a-f]+) max_arch_pfn = 0x([0-9a-f]+)\b/, ([, last, arch]) => ({
    pfn: hex(last),
    archPfn: hex(arch),
  })),
  zone: kind(
    /^(?:.*[^\w])?(DMA|DMA32|Normal|HighMem) +(?:0x([0-9a-f]+) -> 0x([0-9a-f]+)|\[mem 0x([0-9a-f]+)-0x([0-9a-f]+)\]|(empty))/,
    ([, name = "", start, end, startByte, lastByte, empty]) => ({
      name,
      start: empty ? undefined : start === undefined ? pfn(startByte) : hex(start),
      end: empty ? undefined : end === undefined ? pfn(lastByte) + 1 : hex(end),
    }),
  ),
  zonePages: kind(/\b(DMA|DMA32|Normal|HighMem) zone: (\d+) pages, LIFO/, ([, name = "", pages]) => ({
    name,
    pages: decimal(pages),
  })),
  nodePages: kind(/On node (\d+) totalpages: (\d+)/, ([, node, pages]) => ({
    node: decimal(node),
    pages: decimal(pages),
  })),
  memory: kind(/\bMemory: (\d+)K\/(\d+)K available/, ([, free, total], line) => ({
    ...readFree(free, total, line),
    total: decimal(total) / 4,
  })),
  memoryOld: kind(/\bMemory: (\d+)k\/(\d+)k available(?:.*?, (\d+)k absent)?/, ([, free, end, absent], line) => ({
    ...readFree(free, end, line),
    end: decimal(end) / 4,
    absent: absent === undefined ? undefined : decimal(absent) / 4,
  })),
  trimmed: kind(
    /e820:? (?:update|remove) (?:range: ([0-9a-f]+) - ([0-9a-f]+) \(usable\)|\[mem 0x([0-9a-f]+)-0x([0-9a-f]+)\] usable)(?! ==> usable)/,
    ([, start, end, startByte, lastByte]) => ({
      startByte: hex(start ?? startByte),
      endByte: end === undefined ? hex(lastByte) + 1 : hex(end),
    }),
  ),
  limited: kind(/(?:ommand line: .*\bmem(?:map)?=|user-defined physical RAM map)/, () => true),
};

function readPlatform([text, name = ""]: RegExpExecArray, line: number): FactValues["platform"] {
  if (!name.startsWith("Xen")) throw new BootLogError(`expected a guest of Xen, found "${text.trim()}"`, line);
  const bootsOn = text.startsWith("Booting");
  if (/^Xen (?:HVM|PVH)/.test(name) || text.includes("PVH extensions")) return { domain: "hvm", since: 0 };
  if (name === "Xen PV") return { domain: "pv", since: release(4, 12) };
  if (!bootsOn) return { domain: undefined, since: 0 };
  return { domain: "pv", since: text.startsWith("Booting kernel") ? release(5, 17) : 0 };
}

function readChunk([, start, end, pages]: RegExpExecArray, line: number): Chunk {
  const chunk = { start: hex(start), end: hex(end), pages: decimal(pages) };
  if (chunk.pages > chunk.end - chunk.start) {
    throw new BootLogError(
      `expected at most ${chunk.end - chunk.start} pages in this range, found ${chunk.pages}`,
      line,
    );
  }
  return chunk;
}

function readFree(free: string | undefined, all: string | undefined, line: number): { readonly free: number } {
  if (decimal(free) > decimal(all)) {
    throw new BootLogError(`expected at most ${all} KiB of free memory in this line, found ${free}`, line);
  }
  return { free: decimal(free) / 4 };
}

/** An entry has the guest's word size: 4 bytes if the table lies below 4 GiB. */
function physMachPages([text, from, to]: RegExpExecArray, line: number): FactValues["physMach"] {
  const [start, end] = [BigInt(`0x${from}`), BigInt(`0x${to}`)];
  const bits = end <= 0x1_0000_0000n ? 32 : 64;
  const entryBytes = BigInt(bits / 8);
  if (end < start || (end - start) % entryBytes !== 0n) {
    throw new BootLogError(`expected a Phys-Mach map of ${entryBytes} bytes a page, found "${text}"`, line);
  }
  return { pages: Number((end - start) / entryBytes), bits };
}
