/** Real boot logs, which are not part of the project. Skipped without ../shared. */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readBootLog } from "../../apps/bootlog/read.js";
import { configLines } from "../../apps/bootlog/show.js";
import { figuresOf, missingKeys } from "../support/boot-logs.js";

interface ExpectedLayout {
  readonly file: string;
  readonly kind: "pv" | "hvm";
  readonly e820: readonly (readonly [start: string, end: string, type: string])[];
  readonly ram_pages: number;
  readonly nr_pages: number | null;
  readonly max_pfn: number;
  readonly released: number | null;
  readonly remapped: number | null;
  readonly populated?: readonly [start: number, end: number];
  readonly extra_mem: readonly (readonly [start: number, pages: number])[];
  readonly current_pages: number;
  readonly balloon_low: number;
}

const SHARED = new URL("../../../shared/", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, SHARED), "utf8");
const haveShared = existsSync(new URL("data/bootlog-layouts.json", SHARED));
const layouts: ExpectedLayout[] = haveShared ? JSON.parse(read("data/bootlog-layouts.json")).slice(0, 6) : [];

describe.skipIf(!haveShared)("six real boot logs (skipped without ../shared)", () => {
  test.each(layouts)("$file", (expected) => {
    const text = read(`data/bootlogs/${expected.file}`);
    const bare = readBootLog(text);
    expect(figuresOf(bare)).toMatchObject({
      domain: expected.kind,
      ramPages: expected.ram_pages,
      maxPfn: expected.max_pfn,
    });
    const carriesNrPages = expected.file.startsWith("02-");
    const needsNrPages = expected.kind === "pv" && !carriesNrPages;
    expect(missingKeys(bare)).toEqual(needsNrPages ? ["nr_pages", "extra"] : []);

    const layout = needsNrPages ? readBootLog(text, { nrPages: expected.nr_pages ?? 0 }) : bare;
    expect(layout.missing).toEqual([]);
    expect({
      nr_pages: layout.nrPages?.value ?? null,
      released: layout.released && (expected.populated ? expected.released : layout.released.value),
      remapped: layout.remapped?.value || null,
      extra_mem: layout.extraRegions?.map(({ start, pages }) => [start, pages]),
      current_pages: layout.currentPages,
      balloon_low: layout.balloonLowPages,
      balloon_high: layout.balloonHighPages,
    }).toEqual({
      nr_pages: expected.nr_pages,
      released: expected.kind === "pv" ? expected.released : undefined,
      remapped: expected.remapped || null,
      extra_mem: expected.extra_mem,
      current_pages: expected.current_pages,
      balloon_low: expected.balloon_low,
      balloon_high: 0,
    });
  });

  test.each([
    ["01-pv-domU-2056MiB-linux3.2-xen4.1.txt", "real-domU-2gib.ops", { nrPages: 524288 }],
    ["02-pv-dom0-8GiB-linux3.8-released283999.txt", "real-dom0-8gib.ops", {}],
  ])("%s describes the memory of %s", (file, script, given) => {
    const config = configLines(readBootLog(read(`data/bootlogs/${file}`), given));
    expect(memoryOf(config)).toEqual(memoryOf(read(`oracle/scenarios/${script}`)));
  });
});

/** The pairs of the config lines that describe the guest's memory, sorted. */
function memoryOf(script: string): string[] {
  const pairs = script
    .split("\n")
    .filter((line) => line.startsWith("config "))
    .flatMap((line) => line.split(" ").slice(1));
  return ["released=0", ...pairs]
    .filter((pair) => /^(domain|nr_pages|released|max_pfn|hole|extra)=/.test(pair))
    .filter((pair, index, all) => all.indexOf(pair) === index)
    .sort();
}
