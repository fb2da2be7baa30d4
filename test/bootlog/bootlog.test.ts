import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type BootLayout, readBootLog } from "../../apps/bootlog/layout.js";
import { BootLogError, parseBootLog } from "../../apps/bootlog/parse.js";
import { configLines, showLayout } from "../../apps/bootlog/show.js";

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
const made = (name: string): string => read(`./fixtures/bootlogs/${name}.txt`);
const without = (text: string, pattern: RegExp): string =>
  text
    .split("\n")
    .filter((line) => !pattern.test(line))
    .join("\n");
const missingKeys = (layout: BootLayout): string[] => layout.missing.map(({ key }) => key);

function errorOf(run: () => unknown): BootLogError {
  try {
    run();
  } catch (error) {
    if (error instanceof BootLogError) return error;
    throw error;
  }
  throw new Error("expected a BootLogError");
}

describe("a pv guest of Linux 3.1", () => {
  const text = made("pv-domU-linux3.1");

  test("the log's figures and their lines", () => {
    const log = parseBootLog(text);
    expect(log).toMatchObject({
      domain: "pv",
      domainLine: 17,
      nrPages: undefined,
      released: { value: 0, line: 4 },
      populated: [],
      remaps: false,
      remapped: undefined,
      identity: { value: 0, line: 5 },
      maxPfn: { value: 0x40800, line: 11 },
      is32Bit: false,
    });
    expect(log.map).toEqual([
      { startByte: 0, endByte: 0xa0000, type: "usable", line: 7 },
      { startByte: 0xa0000, endByte: 0x100000, type: "reserved", line: 8 },
      { startByte: 0x100000, endByte: 0x40800000, type: "usable", line: 9 },
    ]);
  });

  test("without nr_pages: what hangs on it is missing, and named", () => {
    const layout = readBootLog(text);
    expect(layout).toMatchObject({
      ramPages: 264096,
      holes: [{ start: 160, pages: 96 }],
      maxPfn: 264192,
      released: 0,
      nrPages: undefined,
      extraRegions: undefined,
      currentPages: undefined,
      balloonLowPages: undefined,
    });
    expect(layout.missing.map(({ key, option }) => [key, option])).toEqual([
      ["nr_pages", "--nr-pages"],
      ["extra", "--nr-pages"],
    ]);
    const config = configLines(layout).split("\n");
    expect(config.filter((line) => line.startsWith("config"))).toEqual([
      "config domain=pv released=0 max_pfn=264192",
      "config hole=160,96",
    ]);
    expect(config.filter((line) => line.startsWith("# "))).toEqual([
      "# nr_pages is missing from the boot log: the pages Xen gave the guest at start, from which current_pages " +
        "follows (option --nr-pages)",
      "# extra is missing from the boot log: the extra regions, which begin where nr_pages ends (option --nr-pages)",
    ]);
    expect(showLayout(layout)).toContain("\nextra                               missing\n");
    expect(showLayout(layout)).toContain(`\n\n${config[0]?.slice(2)}\n${config[1]?.slice(2)}`);
  });

  test("with nr_pages", () => {
    const layout = readBootLog(text, { nrPages: 262144 });
    expect(layout).toMatchObject({
      extraRegions: [{ start: 262144, pages: 2048 }],
      currentPages: 262144,
      balloonLowPages: 2048,
      balloonHighPages: 0,
      missing: [],
      from: { nrPages: "given", released: "line 4", maxPfn: "line 11" },
    });
    expect(configLines(layout)).toBe(
      [
        "config domain=pv nr_pages=262144 released=0 max_pfn=264192",
        "config hole=160,96",
        "config extra=262144,2048",
      ].join("\n"),
    );
    expect(showLayout(layout)).toBe(
      [
        "pv guest (line 17)",
        "",
        "memory         first PFN  last PFN   pages     MiB  from",
        "usable                 0       159     160     0.6",
        "hole                 160       255      96     0.4",
        "usable               256    264191  263936  1031.0",
        "extra             262144    264191    2048     8.0",
        "",
        "ram_pages                           264096  1031.6  the usable ranges",
        "nr_pages                            262144  1024.0  given",
        "max_pfn                             264192  1032.0  line 11",
        "released                                 0     0.0  line 4",
        "identity                                 0     0.0  line 5",
        "",
        "the driver starts with",
        "current_pages                       262144  1024.0",
        "balloon_low                           2048     8.0",
      ].join("\n"),
    );
  });

  test("released pages and the end of memory, missing and given", () => {
    const layout = readBootLog(without(text, /Released|last_pfn/), { nrPages: 262144 });
    expect(missingKeys(layout)).toEqual(["released", "max_pfn"]);
    expect(layout).toMatchObject({
      holes: [{ start: 160, pages: 96 }],
      extraRegions: [{ start: 262144, pages: 2048 }],
      currentPages: undefined,
      balloonLowPages: undefined,
    });
    expect(
      readBootLog(without(text, /Released|last_pfn/), { nrPages: 262144, released: 100, maxPfn: 263000 }),
    ).toMatchObject({ currentPages: 262044, balloonLowPages: 856, missing: [] });
  });

  test("more released than there were: the driver's unsigned min() takes max_pfn", () => {
    expect(readBootLog(text, { nrPages: 262144, released: 262145 }).currentPages).toBe(264192);
  });

  test("a given figure that is none", () => {
    expect(() => readBootLog(text, { nrPages: -1 })).toThrow(RangeError);
    expect(() => readBootLog(text, { maxPfn: 0.5 })).toThrow(/maxPfn: expected a whole number of pages .* got 0.5/);
  });
});

describe("a pv dom0 of Linux 3.9", () => {
  const text = made("pv-dom0-linux3.9");
  const holes = [
    { start: 0x9d, pages: 99 },
    { start: 0x5f000, pages: 0xa1000 },
  ];

  test("released pages that were populated again", () => {
    const layout = readBootLog(text);
    expect(layout.log).toMatchObject({
      nrPages: { value: 400000, line: 8 },
      released: { value: 10979, line: 15 },
      identity: { value: 659555, line: 16 },
      populated: [{ start: 0x100000, pages: 10979, line: 17 }],
      maxPfn: { value: 0x140000, line: 27 },
    });
    expect(layout.log.map).toHaveLength(6);
    expect(layout).toMatchObject({
      domain: "pv",
      ramPages: 651165,
      holes,
      nrPages: 400000,
      released: 0,
      extraRegions: [{ start: 1059555, pages: 251165 }],
      currentPages: 400000,
      balloonLowPages: 251165,
      missing: [],
    });
    expect(showLayout(layout)).toMatch(/^released +0 +0\.0 {2}line 15: 10979, less those populated again$/m);
    expect(configLines(layout).split("\n")).toEqual([
      "config domain=pv nr_pages=400000 released=0 max_pfn=1310720",
      "config hole=157,99",
      "config hole=389120,659456",
      "config extra=1059555,251165",
    ]);
  });

  test("released pages that were not", () => {
    expect(readBootLog(without(text, /Populating/))).toMatchObject({
      holes,
      released: 10979,
      extraRegions: [{ start: 0x100000, pages: 0x40000 }],
      currentPages: 389021,
      balloonLowPages: 0x40000,
    });
  });

  test("the kernel's lines alone: a populated range at the start of a usable one does not tell nr_pages", () => {
    const layout = readBootLog(without(text, /^\(XEN\)/));
    expect(missingKeys(layout)).toEqual(["nr_pages"]);
    expect(layout).toMatchObject({ extraRegions: [{ start: 1059555, pages: 251165 }], currentPages: undefined });
  });

  test("a populated range inside a usable one starts at nr_pages", () => {
    const inside = without(text, /^\(XEN\)/).replace("100000-102ae3", "100080-102b63");
    expect(readBootLog(inside)).toMatchObject({
      nrPages: 0x100080,
      from: { nrPages: "line 8, start of the populated range" },
      missing: [],
    });
  });

  test("a given figure takes the place of the log's, and says so", () => {
    expect(readBootLog(text, { nrPages: 399999 })).toMatchObject({
      nrPages: 399999,
      from: { nrPages: "given, instead of 400000 (line 8)" },
    });
  });

  test("a 32-bit dom0 has 4 bytes a page in its Phys-Mach map", () => {
    const text32 = text.replace("ffffffff83000000->ffffffff8330d400", "00000000c3000000->00000000c3186a00");
    expect(parseBootLog(text32).nrPages?.value).toBe(400000);
  });
});

describe("a pv guest of Linux 6.1 with remapped pages", () => {
  const text = made("pv-domU-linux6.1-remapped");

  test("extra regions begin above the remapped pages", () => {
    const layout = readBootLog(text, { nrPages: 1048576 });
    expect(layout.log).toMatchObject({ remaps: true, remapped: { value: 786432, line: 16 }, domainLine: 12 });
    expect(layout).toMatchObject({
      domain: "pv",
      ramPages: 1052576,
      holes: [
        { start: 160, pages: 96 },
        { start: 0x40000, pages: 0xc0000 },
      ],
      extraRegions: [{ start: 1835008, pages: 4096 }],
      currentPages: 1048576,
      balloonLowPages: 4096,
      missing: [],
    });
  });

  test("the number of remapped pages, missing and given", () => {
    const cut = without(text, /Remapped/);
    const layout = readBootLog(cut, { nrPages: 1048576 });
    expect(layout.missing.map(({ key, option }) => [key, option])).toEqual([["extra", "--remapped"]]);
    expect(layout.currentPages).toBe(1048576);
    expect(readBootLog(cut, { nrPages: 1048576, remapped: 786432 }).extraRegions).toEqual([
      { start: 1835008, pages: 4096 },
    ]);
  });

  test("an nr_pages that leaves no room for the remapped pages", () => {
    const error = errorOf(() => readBootLog(text, { nrPages: 1838000 }));
    expect(error.message).toBe(
      "line 16: expected usable pages from nr_pages (1838000) on for the 786432 remapped ones, found 1104",
    );
  });
});

describe("a 32-bit pv guest of Linux 2.6.38", () => {
  const text = made("pv-domU-32bit-linux2.6.38");

  test("extra regions are high memory", () => {
    const layout = readBootLog(text, { nrPages: 262144 });
    expect(layout).toMatchObject({ highmemStart: 0x375fe, balloonLowPages: 0, balloonHighPages: 2048, missing: [] });
    expect(configLines(layout).split("\n")[0]).toBe(
      "config domain=pv nr_pages=262144 released=0 max_pfn=264192 highmem_start=226814 frame_list=1024",
    );
    expect(showLayout(layout)).toContain("\nhighmem_start                       226814   886.0  line 13\n");
  });

  test("where high memory starts is missing, or nowhere", () => {
    expect(missingKeys(readBootLog(without(text, /HighMem/), { nrPages: 262144 }))).toEqual(["highmem_start"]);
    const none = readBootLog(text.replace(/(HighMem ).*/, "$1 empty"), { nrPages: 262144 });
    expect(none).toMatchObject({ highmemStart: Number.POSITIVE_INFINITY, balloonLowPages: 2048, missing: [] });
    expect(configLines(none)).not.toContain("highmem_start");
    const newer = text.replace(/(HighMem ).*/, "$1 [mem 0x00000000375fe000-0x00000000407fffff]");
    expect(parseBootLog(newer).highmemStart?.value).toBe(0x375fe);
  });
});

describe("an hvm guest of Linux 4.9", () => {
  const text = made("hvm-linux4.9");

  test("needs no nr_pages and has no extra regions", () => {
    const layout = readBootLog(text);
    expect(layout).toMatchObject({
      domain: "hvm",
      ramPages: 128926,
      holes: [{ start: 158, pages: 98 }],
      extraRegions: [],
      currentPages: 129024,
      balloonLowPages: 0,
      missing: [],
    });
    expect(configLines(layout)).toBe("config domain=hvm max_pfn=129024\nconfig hole=158,98");
    expect(showLayout(layout)).not.toContain("nr_pages");
    expect(showLayout(layout)).toMatch(/^extra +none$/m);
  });

  test("the map alone tells the kind of domain", () => {
    const bare = without(text, /Xen/);
    expect(parseBootLog(bare)).toMatchObject({ domain: "hvm", domainLine: 3 });
    expect(parseBootLog(bare.replaceAll("BIOS-e820:", "Xen:"))).toMatchObject({ domain: "pv", domainLine: 3 });
  });

  test("another hypervisor's guest is refused", () => {
    const error = errorOf(() => parseBootLog(text.replace("Hypervisor detected: Xen", "Hypervisor detected: KVM")));
    expect(error).toMatchObject({ line: 8, message: expect.stringContaining("expected a guest of Xen, found") });
  });
});

describe("holes", () => {
  const log = (...ranges: string[]): string => ranges.map((range) => `Xen: [mem ${range}] usable`).join("\n");

  test("every gap between usable ranges, in whole pages: a page only partly usable is none", () => {
    const layout = readBootLog(log("0x00001000-0x00002bff", "0x00003400-0x00005fff", "0x00006800-0x00006fff"), {
      maxPfn: 9,
    });
    expect(layout.usable).toEqual([
      { start: 1, pages: 1 },
      { start: 4, pages: 2 },
    ]);
    expect(layout.ramPages).toBe(3);
    expect(layout.holes).toEqual([
      { start: 0, pages: 1 },
      { start: 2, pages: 2 },
      { start: 6, pages: 3 },
    ]);
  });

  test("below max_pfn alone", () => {
    const text = log("0x00000000-0x00003fff", "0x00008000-0x0000ffff");
    expect(readBootLog(text, { maxPfn: 6 }).holes).toEqual([{ start: 4, pages: 2 }]);
    expect(readBootLog(text, { maxPfn: 3 }).holes).toEqual([]);
  });
});

describe("a text that is no boot log", () => {
  test("no memory map", () => {
    const error = errorOf(() => parseBootLog(made("no-boot-log")));
    expect(error.line).toBeUndefined();
    expect(error.message).toMatch(/^expected a Xen guest's boot log with its memory map, .*, found no such line$/);
    expect(errorOf(() => parseBootLog("")).message).toBe(error.message);
  });

  test("a map without a usable range", () => {
    const text = "Xen: [mem 0x0000000000000000-0x000000000009ffff] reserved";
    expect(errorOf(() => parseBootLog(text)).message).toMatch(/found no usable range$/);
  });

  test("a malformed map line", () => {
    const error = errorOf(() => parseBootLog(made("malformed-map-line")));
    expect(error).toMatchObject({ name: "BootLogError", line: 4 });
    expect(error.message).toBe(
      'line 4: expected a range of the memory map as in "Xen: [mem 0x0000000000000000-0x000000000009ffff] usable", ' +
        'found "[mem 0x0000000000100000-0x000000001fff"',
    );
  });

  test.each([
    ["a digit that is none", "Xen: 0000000000000000 - 00000000000g0000 (usable)"],
    ["no start", "Xen: - 00000000000a0000 (usable)"],
    ["no type", "BIOS-e820: [mem 0x0000000000000000-0x000000000009ffff]"],
    ["an address beyond all memory", "BIOS-e820: [mem 0x0000000000000000-0xffffffffffffffff] usable"],
  ])("%s", (_, line) => {
    expect(errorOf(() => parseBootLog(line))).toMatchObject({ line: 1, message: expect.stringMatching(/as in/) });
  });

  test.each([
    "Xen: 00000000000a0000 - 0000000000090000 (usable)",
    "Xen: 00000000000a0000 - 00000000000a0000 (usable)",
    "Xen: [mem 0x00000000000a0000-0x000000000008ffff] usable",
  ])("end before start: %s", (line) => {
    expect(errorOf(() => parseBootLog(line)).message).toMatch(/^line 1: expected a range that ends after its start/);
  });

  test("overlapping ranges, as of two boots in one log", () => {
    const boot = made("pv-domU-linux3.1");
    expect(errorOf(() => parseBootLog(boot + boot)).message).toBe(
      "line 28: expected the memory map of one boot, found a range that overlaps that of line 7",
    );
  });

  test("more pages populated than were released", () => {
    const text = made("pv-dom0-linux3.9").replace("Released 10979", "Released 10978");
    expect(errorOf(() => readBootLog(text))).toMatchObject({ line: 17 });
  });

  test("a Phys-Mach map that cannot be one", () => {
    const text = made("pv-dom0-linux3.9").replace("8330d400", "8330d401");
    expect(errorOf(() => readBootLog(text))).toMatchObject({ line: 8 });
  });
});

interface ExpectedLayout {
  readonly file: string;
  readonly kind: "pv" | "hvm";
  readonly e820: readonly (readonly [start: string, end: string, type: string])[];
  readonly ram_pages: number;
  readonly nr_pages: number | null;
  readonly max_pfn: number;
  readonly released: number | null;
  readonly identity: number | null;
  readonly remapped: number | null;
  readonly extra_mem: readonly (readonly [start: number, pages: number])[];
  readonly current_pages: number;
  readonly balloon_low: number;
}

const SHARED = "../../shared/";
const haveShared = existsSync(new URL(`../${SHARED}data/bootlog-layouts.json`, import.meta.url));
const expectedLayouts: ExpectedLayout[] = haveShared
  ? JSON.parse(read(`${SHARED}data/bootlog-layouts.json`)).slice(0, 6)
  : [];

describe.skipIf(!haveShared)("the six real boot logs (skipped without ../shared)", () => {
  test.each(expectedLayouts)("$file", (expected) => {
    const text = read(`${SHARED}data/bootlogs/${expected.file}`);
    const bare = readBootLog(text);
    const { log } = bare;
    expect(log.map.map(({ startByte, endByte, type }) => [startByte, endByte, type])).toEqual(
      expected.e820.map(([start, end, type]) => [Number(start), Number(end), type]),
    );
    expect({
      kind: log.domain,
      ram_pages: bare.ramPages,
      max_pfn: bare.maxPfn,
      released: log.released?.value ?? null,
      identity: log.identity?.value ?? null,
      remapped: log.remapped?.value ?? null,
    }).toEqual({
      kind: expected.kind,
      ram_pages: expected.ram_pages,
      max_pfn: expected.max_pfn,
      released: expected.released,
      identity: expected.identity,
      remapped: expected.remapped,
    });

    const carriesNrPages = expected.file.startsWith("02-");
    const needsNrPages = expected.kind === "pv" && !carriesNrPages;
    expect(missingKeys(bare)).toEqual(needsNrPages ? ["nr_pages", "extra"] : []);
    expect(configLines(bare).includes("# nr_pages is missing from the boot log")).toBe(needsNrPages);
    if (carriesNrPages) expect(bare.nrPages).toBe(expected.nr_pages);

    const layout = needsNrPages ? readBootLog(text, { nrPages: expected.nr_pages ?? 0 }) : bare;
    expect(layout.missing).toEqual([]);
    expect({
      extra_mem: layout.extraRegions?.map(({ start, pages }) => [start, pages]),
      current_pages: layout.currentPages,
      balloon_low: layout.balloonLowPages,
      balloon_high: layout.balloonHighPages,
    }).toEqual({
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
    const config = configLines(readBootLog(read(`${SHARED}data/bootlogs/${file}`), given));
    expect(memoryOf(config)).toEqual(memoryOf(read(`${SHARED}oracle/scenarios/${script}`)));
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
