/** Shows a boot layout as a table for people and as config lines for scripts. */
import { type Region, writeConfig } from "xen-balloon/core";
import { alignColumns } from "../table.js";
import type { BootLayout, MissingFigure } from "./layout.js";

const PAGES_PER_MIB = 256;

/** Entries of a 32-bit kernel's frame_list: a page of unsigned longs. */
const FRAME_LIST_32_BIT = 1024;

type Row = readonly string[];

/** Writes a table of the memory map, the page counts and the driver's first stats, then the missing figures. */
export function showLayout(layout: BootLayout): string {
  const { log, from } = layout;
  const regions = [
    ...layout.usable.map((region) => ({ region, row: regionRow("usable", region) })),
    ...layout.holes.map((region) => ({ region, row: regionRow("hole", region) })),
  ].sort((a, b) => a.region.start - b.region.start);
  const rows: Row[] = [
    ["memory", "first PFN", "last PFN", "pages", "MiB", "from"],
    ...regions.map(({ row }) => row),
    ...extraRows(layout.extraRegions),
    [],
    countRow("ram_pages", layout.ramPages, "the usable ranges"),
    ...(layout.domain === "pv" ? [countRow("nr_pages", layout.nrPages, from.nrPages)] : []),
    countRow("max_pfn", layout.maxPfn, from.maxPfn),
    ...(layout.domain === "pv" ? [countRow("released", layout.released, from.released)] : []),
    ...log.populated.map(({ pages, line }) => countRow("populated", pages, `line ${line}`)),
    ...(log.remaps ? [countRow("remapped", layout.remapped, from.remapped)] : []),
    ...(log.identity ? [countRow("identity", log.identity.value, `line ${log.identity.line}`)] : []),
    ...(log.is32Bit ? [countRow("highmem_start", layout.highmemStart, from.highmemStart)] : []),
    [],
    ["the driver starts with"],
    countRow("current_pages", layout.currentPages),
    countRow("balloon_low", layout.balloonLowPages),
    ...(log.is32Bit ? [countRow("balloon_high", layout.balloonHighPages)] : []),
  ];
  return [
    `${layout.domain} guest (line ${log.domainLine})`,
    "",
    ...alignColumns(rows, "lrrrrl"),
    ...(layout.missing.length > 0 ? ["", ...layout.missing.map(missingLine)] : []),
  ].join("\n");
}

/** Writes the config lines of a script for this guest. Comment lines name the missing figures. */
export function configLines(layout: BootLayout): string {
  const { domain, nrPages, released, maxPfn, highmemStart, holes, extraRegions, log } = layout;
  return [
    ...layout.missing.map((figure) => `# ${missingLine(figure)}`),
    ...writeConfig({
      domain,
      nrPages,
      releasedPages: released,
      maxPfn,
      highmemStart: highmemStart === Number.POSITIVE_INFINITY ? undefined : highmemStart,
      frameListCapacity: log.is32Bit ? FRAME_LIST_32_BIT : undefined,
      holes,
      extraRegions,
    }),
  ].join("\n");
}

function missingLine({ key, what, option }: MissingFigure): string {
  return `${key} is missing from the boot log: ${what} (option ${option})`;
}

function extraRows(extraRegions: readonly Region[] | undefined): Row[] {
  if (extraRegions === undefined) return [countRow("extra", undefined)];
  return extraRegions.length === 0
    ? [["extra", "", "", "none"]]
    : extraRegions.map((region) => regionRow("extra", region));
}

function regionRow(name: string, { start, pages }: Region): Row {
  return [name, `${start}`, `${start + pages - 1}`, `${pages}`, mib(pages)];
}

function countRow(name: string, pages: number | undefined, from = ""): Row {
  if (pages === undefined) return [name, "", "", "missing"];
  if (pages === Number.POSITIVE_INFINITY) return [name, "", "", "none", "", from];
  return [name, "", "", `${pages}`, mib(pages), from];
}

function mib(pages: number): string {
  return (pages / PAGES_PER_MIB).toFixed(1);
}
