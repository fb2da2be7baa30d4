/** Shows a boot layout as a table for people and as config lines for scripts. */
import { type Region, writeConfig } from "xen-balloon/core";
import { alignColumns } from "../table.js";
import type { MissingFigure } from "./missing.js";
import type { BootLayout } from "./read.js";
import type { Sourced } from "./sourced.js";

const PAGES_PER_MIB = 256;

/** Entries of a 32-bit kernel's frame_list: a page of unsigned longs. */
const FRAME_LIST_32_BIT = 1024;

type Row = readonly string[];

/** Writes a table of the memory map, the page counts and the driver's first stats, then notes and missing figures. */
export function showLayout(layout: BootLayout): string {
  const { facts, memory, kernel, holes } = layout;
  const pv = kernel.domain.value === "pv";
  const regions = [
    ...memory.usable.map((region) => ({ region, row: regionRow("usable", region) })),
    ...(holes ?? []).map((region) => ({ region, row: regionRow("hole", region) })),
  ].sort((a, b) => a.region.start - b.region.start);
  const [identity] = facts.identity;
  const rows: Row[] = [
    ["memory", "first PFN", "last PFN", "pages", "MiB", "from"],
    ...regions.map(({ row }) => row),
    ...(holes === undefined ? [["hole", "", "", "missing"]] : []),
    ...extraRows(layout.extraRegions),
    [],
    figureRow("ram_pages", memory.ramPages),
    ...(pv ? [figureRow("nr_pages", layout.nrPages)] : []),
    figureRow("max_pfn", layout.maxPfn),
    ...(pv ? [figureRow("released", layout.released)] : []),
    ...facts.populated.map(({ value, line }) => countRow("populated", value.pages, `line ${line}`)),
    ...(pv && !kernel.holes?.value.startsWith("releases") ? [figureRow("remapped", layout.remapped)] : []),
    ...(identity ? [countRow("identity", identity.value, `line ${identity.line}`)] : []),
    ...(layout.is32Bit || layout.highmemStart === undefined ? [figureRow("highmem_start", layout.highmemStart)] : []),
    [],
    ["the driver starts with"],
    countRow("current_pages", layout.currentPages),
    countRow("balloon_low", layout.balloonLowPages),
    ...(layout.is32Bit || layout.highmemStart === undefined ? [countRow("balloon_high", layout.balloonHighPages)] : []),
    ...(layout.is32Bit ? [["frame_list", "", "", `${FRAME_LIST_32_BIT}`]] : []),
  ];
  const lines = [...layout.notes, ...layout.missing.map(missingLine)];
  return [
    `${kernel.domain.value} guest (line ${kernel.domain.line})`,
    "",
    ...alignColumns(rows, "lrrrrl"),
    ...(lines.length > 0 ? ["", ...lines] : []),
  ].join("\n");
}

/** The value of a missing figure in a script: a script with it does not run. */
const MISSING = "MISSING";

/** Writes the config lines of a script for this guest. A missing figure has a line of its own, which no script may have. */
export function configLines(layout: BootLayout): string {
  const { kernel, nrPages, released, maxPfn, highmemStart, holes, extraRegions } = layout;
  const modern = layout.driver?.generation === "modern";
  const lacking = layout.missing.filter(({ key }) => SCRIPT_KEYS.has(key));
  return [
    ...layout.notes.map((note) => `# ${note}`),
    ...Object.entries({ nr_pages: nrPages, released, remapped: layout.remapped }).flatMap(([key, figure]) =>
      figure?.from.startsWith("given, instead") ? [`# ${key} ${figure.value} is ${figure.from}`] : [],
    ),
    ...layout.missing.filter(({ key }) => !SCRIPT_KEYS.has(key)).map((figure) => `# ${missingLine(figure)}`),
    ...lacking.flatMap((figure) => [`# ${missingLine(figure)}`, `config ${figure.key}=${MISSING}`]),
    ...writeConfig({
      driver: modern ? "modern" : undefined,
      dom0: modern && kernel.privileged?.value === true ? true : undefined,
      domain: kernel.domain.value,
      nrPages: nrPages?.value,
      releasedPages: released?.value,
      maxPfn: maxPfn?.value,
      highmemStart: highmemStart?.value === Number.POSITIVE_INFINITY ? undefined : highmemStart?.value,
      frameListCapacity: layout.is32Bit ? FRAME_LIST_32_BIT : undefined,
      holes,
      extraRegions,
    }),
  ].join("\n");
}

/** The keys of a script that a missing figure can leave open. */
const SCRIPT_KEYS: ReadonlySet<string> = new Set(["nr_pages", "released", "max_pfn", "highmem_start", "hole", "extra"]);

/** Writes a sentence that names a missing figure, the way to give it, and a value that would fit. */
export function missingLine({ key, what, how, offer }: MissingFigure): string {
  return `${key} is missing from the boot log: ${what} (${how}${offer === undefined ? "" : `; ${offer}`})`;
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

function figureRow(name: string, figure: Sourced | undefined): Row {
  return countRow(name, figure?.value, figure?.from);
}

function countRow(name: string, pages: number | undefined, from = ""): Row {
  if (pages === undefined) return [name, "", "", "missing"];
  if (pages === Number.POSITIVE_INFINITY) return [name, "", "", "none", "", from];
  return [name, "", "", `${pages}`, mib(pages), from];
}

function mib(pages: number): string {
  return (pages / PAGES_PER_MIB).toFixed(1);
}
