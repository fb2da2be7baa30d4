/**
 * Tells from the lines which kernel it is: whether it remaps or releases the frames of holes, whether it has 32 bits, and
 * whether it is dom0. Without a line that proves it, the answer is undefined.
 */

import type { LogLine } from "./capture.js";
import { BootLogError } from "./error.js";
import { release } from "./fact-kinds.js";
import type { Facts } from "./facts.js";
import { countHoles, type MapRange, mapPrefix, usablePages } from "./map.js";
import { contradict } from "./sourced.js";

/** An answer, and the line that proves it. */
export interface Proven<T> {
  readonly value: T;
  readonly line: number;
}

/** The memory setup of a pv kernel (arch/x86/xen/setup.c). */
export interface Kernel {
  readonly domain: Proven<"pv" | "hvm">;
  /**
   * Frames below nr_pages that lie in holes: `remaps` from 3.18 on (to pages above nr_pages), `releases` from 3.2 to
   * 3.17 (to Xen; from 3.5 on it populates as many pages above nr_pages), `releases gaps` from 2.6.32 to 3.1 (reserved
   * ranges keep their frames).
   */
  readonly holes: Proven<"remaps" | "releases" | "releases gaps"> | undefined;
  /** True from 3.5 to 3.17, and where the release is not known. */
  readonly mayPopulate: boolean;
  readonly bits: Proven<32 | 64> | undefined;
  /** True: dom0, whose ISA hole has no frames. That of a domU has frames. */
  readonly privileged: Proven<boolean> | undefined;
  /** The map has reserved ranges beside the ISA hole, as every host's. */
  readonly hostMap: boolean;
}

/** @throws BootLogError - no line of a Xen guest */
export function readKernel(facts: Facts, map: readonly MapRange[], lines: readonly LogLine[]): Kernel {
  const holes = holesOf(facts);
  const banner = facts.banner[0]?.value.release;
  const privileged = privilegedOf(facts, map);
  return {
    domain: domainOf(facts, map, lines),
    holes,
    mayPopulate: holes?.value === "releases" && !(banner !== undefined && banner < release(3, 5)),
    bits: bitsOf(facts, map, privileged?.value === true),
    privileged,
    hostMap: map.some(({ type, startByte }) => type !== "usable" && startByte >= 0x10_0000),
  };
}

/** Without a line that names the platform, or with one that fits both ("Hypervisor detected: Xen"), the map tells. */
function domainOf({ platform, onXen }: Facts, map: readonly MapRange[], lines: readonly LogLine[]): Kernel["domain"] {
  const found = platform.find(({ value }) => value.domain !== undefined);
  const first = lines.find((line) => mapPrefix(line) !== undefined);
  const named = found?.value.domain ?? (first && mapPrefix(first) === "Xen" ? "pv" : "hvm");
  const line = found?.line ?? first?.line;
  if (line === undefined || !(map.some(({ type }) => type === "usable") || (map.length === 0 && named === "hvm"))) {
    const example = '"Xen: [mem 0x0000000000000000-0x000000000009ffff] usable"';
    throw new BootLogError(
      `expected a Xen guest's boot log with its memory map, lines as in ${example}, ` +
        `found ${map.length === 0 ? "no such line" : "no usable range"}`,
    );
  }
  if (named === "hvm" && platform.length === 0 && onXen.length === 0) {
    throw new BootLogError(
      'expected a line that proves a guest of Xen, as in "Hypervisor detected: Xen HVM", found none: ' +
        "a BIOS-e820 map is printed on every machine",
      line,
    );
  }
  if (found && first && named === "pv" && mapPrefix(first) === "BIOS-e820") {
    contradict([`line ${found.line}`, `line ${first.line}`], "the map of a pv guest is Xen's");
  }
  return { value: named, line };
}

function proven<T>(fact: { readonly line: number } | undefined, value: T): Proven<T> | undefined {
  return fact && { value, line: fact.line };
}

/** Lines decide; the release of the banner counts only without such a line. */
function holesOf(facts: Facts): Kernel["holes"] {
  const { banner, released, releasedRest, remapped, populated, p2mBytes, platform } = facts;
  const modern = platform.find(({ value }) => value.since >= release(3, 18));
  const gapsOnly = released.find(({ value }) => value.gapsOnly);
  const [first] = banner;
  // The classic kernels of Xen's own tree do neither.
  const mainline = first && !/^\S*xen\b/.test(first.value.text) ? first : undefined;
  const version = mainline?.value.release ?? 0;
  return (
    proven(remapped[0] ?? releasedRest[0] ?? p2mBytes[0] ?? modern, "remaps" as const) ??
    proven(gapsOnly, "releases gaps" as const) ??
    proven(populated[0] ?? released[0], "releases" as const) ??
    (version >= release(3, 18) ? proven(mainline, "remaps" as const) : undefined) ??
    (version >= release(3, 2) ? proven(mainline, "releases" as const) : undefined) ??
    (version >= release(2, 6, 32) ? proven(mainline, "releases gaps" as const) : undefined)
  );
}

/** 64 GiB is all that a 32-bit kernel can address (PAE), 4 GiB without PAE. */
const ARCH_PFNS_32_BIT: readonly number[] = [0x100_0000, 0x10_0000];
const ARCH_PFN_64_BIT = 0x4_0000_0000;
const NAME_32_BIT = /[-._](?:i?[3-6]86|pae)(?:[-._]|$)|PAE/;
const NAME_64_BIT = /x86_64|amd64/;

function bitsOf(facts: Facts, map: readonly MapRange[], isDom0: boolean): Kernel["bits"] {
  const { banner, lowMib, highMib, lastPfn, zone, physMach, platform } = facts;
  const far = map.find(({ type, endByte }) => type === "usable" && endByte > 2 ** 36);
  const table = isDom0 ? physMach[0] : undefined;
  return (
    proven(highMib[0] ?? lowMib[0] ?? zone.find(({ value }) => value.name === "HighMem"), 32 as const) ??
    proven(
      lastPfn.find(({ value }) => ARCH_PFNS_32_BIT.includes(value.archPfn)),
      32 as const,
    ) ??
    proven(
      lastPfn.find(({ value }) => value.archPfn >= ARCH_PFN_64_BIT) ??
        zone.find(({ value }) => value.name === "DMA32") ??
        far,
      64 as const,
    ) ??
    proven(
      banner.find(({ value }) => NAME_64_BIT.test(value.text)),
      64 as const,
    ) ??
    proven(
      banner.find(({ value }) => NAME_32_BIT.test(value.text)),
      32 as const,
    ) ??
    proven(table, table?.value.bits ?? 64) ??
    // 5.9 dropped the 32-bit pv kernel
    proven(
      banner.find(({ value }) => value.release >= release(5, 9)) ??
        platform.find(({ value }) => value.since >= release(5, 9)),
      64 as const,
    )
  );
}

/**
 * The domU's map has frames everywhere below 1 MiB, and the kernel cuts exactly the ISA hole out of it. With that map, a
 * kernel that frees as many frames as all holes below dom0's nr_pages have, those of the ISA hole too, is dom0.
 */
function privilegedOf(facts: Facts, map: readonly MapRange[]): Kernel["privileged"] {
  const { unprivileged, physMach, remapped, released } = facts;
  const other = map.find(
    ({ type, startByte, endByte }) =>
      type !== "usable" &&
      startByte < 0x10_0000 &&
      (startByte < 0xa_0000 || endByte !== 0x10_0000 || startByte !== 0xa_0000),
  );
  const holes = countHoles(usablePages(map), physMach[0]?.value.pages ?? 0);
  const freed = [...remapped, ...released].find(({ value }) => holes.isa > 0 && value.pages === holes.all);
  return proven(unprivileged[0], false) ?? proven(other, true) ?? proven(freed, true);
}
