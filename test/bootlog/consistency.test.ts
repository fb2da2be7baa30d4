/** Lines that do not fit together, texts that are no boot log, and several boots in one file. */
import { describe, expect, test } from "vitest";
import { BootLogError } from "../../apps/bootlog/error.js";
import type { GivenFigures } from "../../apps/bootlog/layout.js";
import { readBootLog } from "../../apps/bootlog/read.js";
import { madeLog, readFigures, without } from "../support/boot-logs.js";

function errorOf(...args: Parameters<typeof readBootLog>): BootLogError {
  try {
    readBootLog(...args);
  } catch (error) {
    if (error instanceof BootLogError) return error;
    throw error;
  }
  throw new Error("expected a BootLogError");
}

describe("lines that do not fit together", () => {
  test.each<[name: string, log: string, from: string | RegExp, to: string, given: GivenFigures, message: RegExp]>([
    [
      "released and holes",
      "pv-dom0-linux3.9",
      "Released 10979",
      "Released 10980",
      {},
      /released 10980 \(line 15\).*nr_pages 400000 \(line 8.*10979 frames/,
    ],
    [
      "two lines of nr_pages",
      "pv-domU-pvgrub-linux3.14",
      "nr_pages: 0x18000",
      "nr_pages: 0x17f00",
      {},
      /nr_pages 98048 \(line 3\), nr_pages 98304 \(line 8\)/,
    ],
    [
      "remapped and holes",
      "pv-dom0-linux3.18",
      "Remapped 4195 page(s), last_pfn=266339",
      "Remapped 4194 page(s), last_pfn=266338",
      {},
      /remapped 4194 \(line 3\), released 0 \(line 4\)/,
    ],
    [
      "the Memory line",
      "pv-dom0-linux3.18",
      "1293936K",
      "1293940K",
      {},
      /323485 usable pages of the map \(lines 6 to 10\), their sum 323485 \(line 14\)/,
    ],
    ["free pages and nr_pages", "pv-domU-pvgrub-linux3.14", /0x18000|: 18000/g, "0x1800", {}, /nr_pages/],
    [
      "1-1 mapping",
      "pv-dom0-linux3.18",
      "Set 4195",
      "Set 4196",
      {},
      /1-1 mapping 4196 \(line 2\), the map \(lines 6 to 10\)/,
    ],
    [
      "last_pfn",
      "pv-domU-linux3.1",
      "last_pfn = 0x40800",
      "last_pfn = 0x40900",
      {},
      /end of memory 264448 \(line 11\), the map that ends at PFN 264192/,
    ],
    [
      "totalpages",
      "pv-dom0-linux3.18",
      "[    0.000000] Booting",
      "On node 0 totalpages: 323483\nBooting",
      {},
      /usable pages 323484 \(line 15\), usable pages 323483 \(line 13\)/,
    ],
    [
      "the zone of high memory",
      "pv-domU-32bit-linux2.6.38",
      "-> 0x00040800",
      "-> 0x00040900",
      {},
      /the end of the zone/,
    ],
    [
      "MiB of low memory",
      "pv-domU-32bit-linux2.6.38",
      "885MB LOWMEM",
      "884MB LOWMEM",
      {},
      /highmem_start 226814 \(line 13\), 884 MiB of low memory \(line 9\)/,
    ],
    [
      "the p2m area",
      "pv-domU-linux6.1-remapped",
      "size is 1000000",
      "size is 800000",
      {},
      /max_pfn 1839104.*p2m area of 8388608 bytes/,
    ],
    [
      "the pages freed",
      "pv-dom0-linux3.10-two-ranges",
      "4096 pages freed",
      "4095 pages freed\nFreeing 50000-60000 pfn range: 65536 pages freed",
      {},
      /69730 pages freed/,
    ],
    [
      "released twice",
      "pv-domU-linux3.1",
      "Released 0",
      "Released 1 pages of unused memory\nReleased 0",
      {},
      /line 4, line 5 do not fit together/,
    ],
    [
      "two kinds of kernels",
      "pv-domU-linux3.1",
      "Set 0",
      "Remapped 0 page(s)\nSet 0",
      {},
      /line 4, line 5 do not fit together/,
    ],
    [
      "two platforms",
      "pv-domU-linux3.1",
      "NX (",
      "Hypervisor detected: Xen HVM\nNX (",
      {},
      /line 10, line 18 do not fit together/,
    ],
    ["a pv platform and a BIOS map", "hvm-linux4.9", "on Xen HVM", "on Xen", {}, /line 11, line 3 do not fit together/],
    [
      "released, and room above nr_pages",
      "pv-dom0-linux3.18",
      /Remapped 4195.*\n.*Released 0.*/,
      "Remapped 4194 page(s)",
      { nrPages: 262144 },
      /nr_pages 262144 .*released 1 .*61342 usable pages above nr_pages are left, .*line 3/,
    ],
    [
      "freed pages in usable memory",
      "pv-dom0-linux3.10-two-ranges",
      /pfn range: 4096 pages freed/,
      "pfn range: 4095 pages freed\nFreeing 200-300 pfn range: 1 pages freed",
      {},
      /1 pages freed .*0 PFNs of that range are in holes/,
    ],
    [
      "free memory and all memory",
      "pv-dom0-linux3.18",
      "998204K",
      "1998204K",
      {},
      /^line 14: expected at most 1293936 KiB of free memory in this line, found 1998204/,
    ],
    [
      "low and high memory, without the zone of high memory",
      "pv-domU-32bit-linux2.6.38",
      /885MB LOWMEM((?:.|\n)*?)\n.*HighMem .*/,
      "635MB LOWMEM$1",
      {},
      /max_pfn 264192 .*635 MiB .*146 MiB .*are all PFNs/,
    ],
    [
      "given max_pfn, too small",
      "pv-domU-linux3.1",
      "",
      "",
      { maxPfn: 1000 },
      /max_pfn 1000 \(given\), max_pfn 264192/,
    ],
    [
      "given max_pfn, too small, and no line of it",
      "pv-domU-linux3.1",
      /.*last_pfn.*/,
      "",
      { maxPfn: 1000 },
      /max_pfn 1000 \(given\), .*usable memory lies past it/,
    ],
    ["given highmem_start of 64 bits", "pv-domU-linux3.1", "", "", { highmemStart: 1000 }, /1000 \(given\), .* none/],
    [
      "given highmem_start and the zone",
      "pv-domU-32bit-linux2.6.38",
      "",
      "",
      { highmemStart: 226815 },
      /226815 \(given\), highmem_start 226814 \(line 13\)/,
    ],
    [
      "given highmem_start and MiB of low memory",
      "pv-domU-32bit-linux2.6.38",
      /.*HighMem .*\n/,
      "",
      { highmemStart: 200000 },
      /200000 \(given\), 885 MiB of low memory/,
    ],
    [
      "no high memory given, and MiB of it",
      "pv-domU-32bit-linux2.6.38",
      /.*HighMem .*\n/,
      "",
      { highmemStart: Number.POSITIVE_INFINITY },
      /highmem_start none \(given\), 146 MiB of high memory/,
    ],
    ["given remapped", "pv-domU-linux3.1", "", "", { nrPages: 264192, remapped: 1 }, /remapped|released/],
    ["given released", "pv-domU-linux3.1", "", "", { nrPages: 262144, released: 100 }, /released 100 \(given\)/],
    [
      "given max_pfn",
      "pv-domU-linux3.1",
      "",
      "",
      { maxPfn: 300000 },
      /max_pfn 300000 \(given\), the map that ends at PFN 264192/,
    ],
    [
      "given nr_pages",
      "pv-domU-linux6.1-remapped",
      "",
      "",
      { nrPages: 1838000 },
      /nr_pages 1838000 \(given\), remapped 786432 \(line 16\)/,
    ],
  ])("%s", (_, log, from, to, given, message) => {
    const text = madeLog(log);
    const changed = text.replace(from, to);
    if (from !== "") expect(changed).not.toBe(text);
    expect(errorOf(changed, given).message).toMatch(message);
  });

  test("more pages are released or remapped than lie in all holes, where nr_pages is not known", () => {
    const log = without(madeLog("pv-domU-linux3.1"), /unprivileged|1-1/);
    const later = log.replace("Linux version 3.1", "Linux version 4.4").replace(/Released 0.*/, "Released 0 page(s)");
    expect(later).not.toBe(log);
    expect(errorOf(`${later}\nRemapped 97 page(s)`).message).toMatch(
      /remapped 97 .*at most 96 frames lie in the holes/,
    );
    expect(errorOf(log.replace("Released 0", "Released 5000")).message).toMatch(/released 5000 .*at most 96 frames/);
    expect(errorOf(log, { released: 5000 }).message).toMatch(/released 5000 \(given\)/);
  });

  test("a kernel before 3.2 releases no more than the gaps and the ISA hole", () => {
    const log = without(madeLog("pv-domU-linux3.1"), /unprivileged|1-1/).replace("Released 0", "released 96");
    expect(readBootLog(log).released?.value).toBe(96);
    expect(errorOf(log.replace("released 96", "released 97")).message).toMatch(/released 97 .*at most 96 frames/);
  });

  test("a lost line of the map is a contradiction, where a line tells the sum", () => {
    const error = errorOf(without(madeLog("pv-dom0-linux3.18"), /3f000000/));
    expect(error.message).toContain("do not fit together");
  });

  test("a gap that no line accounts for leaves the holes missing; the sum proves them", () => {
    const text = without(madeLog("pv-dom0-linux3.9"), /1-1|60000000|last_pfn = 0x5f000/);
    const [missing] = readBootLog(text).missing;
    expect(missing).toMatchObject({
      key: "ram_pages",
      what: expect.stringContaining("PFNs 389136 to 1048575, which no range covers, are a hole or a lost line"),
      how: "option --ram-pages",
    });
    expect(readFigures(text, { ramPages: 651165 })).toEqual(readFigures(madeLog("pv-dom0-linux3.9")));
    expect(errorOf(text, { ramPages: 651164 }).message).toContain("their sum 651164 (given)");
  });
});

describe("a text that is no boot log", () => {
  const example = '"Xen: [mem 0x0000000000000000-0x000000000009ffff] usable"';

  test("no memory map", () => {
    const error = errorOf(madeLog("no-boot-log"));
    expect(error.line).toBeUndefined();
    expect(error.message).toMatch(/^expected a Xen guest's boot log with its memory map, .*, found no such line$/);
    expect(errorOf("").message).toBe(error.message);
    expect(errorOf("Xen: [mem 0x0000000000000000-0x000000000009ffff] reserved").message).toMatch(
      /found no usable range$/,
    );
  });

  test("a malformed map line", () => {
    expect(errorOf(madeLog("malformed-map-line"))).toMatchObject({
      line: 4,
      message: `line 4: expected a range of the memory map as in ${example}, found "[mem 0x0000000000100000-0x000000001fff"`,
    });
  });

  test.each([
    ["a digit that is none", "Xen: 0000000000000000 - 00000000000g0000 (usable)"],
    ["no start", "Xen: - 00000000000a0000 (usable)"],
    ["no type", "BIOS-e820: [mem 0x0000000000000000-0x000000000009ffff]"],
    ["a type that is none", "Xen: [mem 0x0000000000000000-0x000000000009ffff] useable"],
    ["a type that is cut", "Xen: [mem 0x0000000000000000-0x000000000009ffff] usab"],
    ["an address beyond all memory", "BIOS-e820: [mem 0x0000000000000000-0xffffffffffffffff] usable"],
  ])("%s", (_, line) => {
    expect(errorOf(line)).toMatchObject({ line: 1, message: expect.stringMatching(/as in/) });
  });

  test.each(["00000000000a0000 - 0000000000090000 (usable)", "[mem 0x00000000000a0000-0x000000000008ffff] usable"])(
    "end before start: %s",
    (range) => {
      expect(errorOf(`Xen: ${range}`).message).toMatch(/^line 1: expected a range that ends after its start/);
    },
  );

  test("overlapping ranges", () => {
    const line = "Xen: 0000000000200000 - 0000000000300000 (usable)\n Xen: 0000000000100000";
    const error = errorOf(madeLog("pv-domU-linux3.1").replace("Xen: 0000000000100000", line));
    expect(error.message).toMatch(
      /^line 10: expected the memory map of one boot, found a range that overlaps that of line 9$/,
    );
  });

  test.each([
    ["pv-dom0-linux3.9", "8330d400", "8330d401", 8],
    ["pv-dom0-linux3.9", "10979 pages added", "10980 pages added", 17],
  ])("%s: a line that cannot be one", (log, from, to, line) => {
    expect(errorOf(madeLog(log).replace(from, to))).toMatchObject({ line });
  });
});

describe("several boots in one file", () => {
  const [older, newer] = [madeLog("pv-dom0-linux3.9"), madeLog("pv-dom0-linux3.18")];

  test("that differ: one must be chosen", () => {
    expect(errorOf(older + newer).message).toBe(
      "expected the log of one boot, found 2 that differ (1 from line 1, 2 from line 30): choose one with --boot",
    );
    expect(readFigures(older + newer, {}, 1)).toEqual(readFigures(older));
    expect(readFigures(older + newer, {}, 2)).toEqual(readFigures(newer));
    expect(readBootLog(newer + older, {}, 2).notes[0]).toBe("boot 2 of 2, from line 15");
    expect(errorOf(older + newer, {}, 3).message).toContain("expected a boot from 1 to 2");
  });

  test("that say the same: the last is shown, and the note says so", () => {
    expect(readFigures(newer + newer)).toEqual(readFigures(newer));
    expect(readBootLog(newer + newer).notes[0]).toBe(
      "2 boots with the same figures (1 from line 1, 2 from line 15); this is the last",
    );
  });

  test("of one of which the head alone is there", () => {
    const [banner = ""] = newer.split("\n");
    for (const log of [older + banner, `${banner}\n${older}`]) {
      expect(errorOf(log).message).toMatch(/^expected the log of one boot, found 2 that differ/);
    }
    expect(readFigures(older + banner, {}, 1)).toEqual(readFigures(older));
    const console = madeLog("pv-domU-pvgrub-linux3.14");
    const head = console.slice(0, console.indexOf("Linux version")).split("\n").slice(0, -1).join("\n");
    for (const log of [`${console}\n${head.replaceAll("18000", "17f00")}`, `${head}\n${console}`]) {
      expect(errorOf(log).message).toMatch(/^expected the log of one boot, found 2 that differ/);
    }
    expect(readFigures(`${older}\n${older.split("\n")[0]?.replace(/.*Linux/, "Linux")}`)).toEqual(readFigures(older));
  });

  test("a console of PV-GRUB begins each boot", () => {
    const console = madeLog("pv-domU-pvgrub-linux3.14");
    expect(readBootLog(console + console.replaceAll("18000", "18000")).notes[0]).toContain("2 boots with the same");
    const smaller = console.replace("0x18000", "0x17f00").replace(": 18000", ": 17f00");
    expect(readFigures(console + smaller, {}, 2)).toMatchObject({ nrPages: 0x17f00 });
  });
});
