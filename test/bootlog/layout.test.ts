/** Boot logs of each kind: the figures that their lines prove, and those that are missing. */
import { describe, expect, test } from "vitest";
import { readBootLog } from "../../apps/bootlog/read.js";
import { madeLog, missingKeys, readFigures, without } from "../support/boot-logs.js";

describe("a pv guest of Linux 3.1", () => {
  const text = madeLog("pv-domU-linux3.1");

  test("without nr_pages: what hangs on it is missing, and named with the values that would fit", () => {
    expect(readFigures(text)).toMatchObject({
      ramPages: 264096,
      holes: [{ start: 160, pages: 96 }],
      maxPfn: 264192,
      released: 0,
      nrPages: undefined,
      extraRegions: undefined,
      currentPages: undefined,
      balloonLowPages: undefined,
    });
    expect(readBootLog(text).missing.map(({ key, how, offer }) => [key, how, offer])).toEqual([
      ["nr_pages", "option --nr-pages", "262144 (memory=1024) or 264192 (memory=1032) would fit"],
      ["extra", "option --nr-pages", undefined],
    ]);
  });

  test("with nr_pages", () => {
    const layout = readBootLog(text, { nrPages: 262144 });
    expect(layout).toMatchObject({
      extraRegions: [{ start: 262144, pages: 2048 }],
      nrPages: { from: "given" },
      released: { from: "line 4" },
      maxPfn: { from: "line 11" },
      currentPages: 262144,
      balloonLowPages: 2048,
      balloonHighPages: 0,
      missing: [],
    });
  });

  test("without the line of released pages, a map without holes proves that there are none", () => {
    expect(readFigures(without(text, /Released/), { nrPages: 262144 })).toMatchObject({ released: 0, remapped: 0 });
  });

  test("without the end of memory", () => {
    const layout = readBootLog(without(text, /last_pfn/), { nrPages: 262144 });
    expect(missingKeys(layout)).toEqual(["ram_pages", "max_pfn", "hole", "extra"]);
    expect(layout.currentPages).toBeUndefined();
    expect(readFigures(without(text, /last_pfn/), { nrPages: 262144, maxPfn: 264192 })).toMatchObject({
      ramPages: 264096,
      extraRegions: [{ start: 262144, pages: 2048 }],
    });
  });

  test("a given figure that is none", () => {
    expect(() => readBootLog(text, { nrPages: -1 })).toThrow(RangeError);
    expect(() => readBootLog(text, { maxPfn: 0.5 })).toThrow(/maxPfn: expected a whole number of pages .* got 0.5/);
  });
});

describe("a pv dom0 that releases and populates", () => {
  const text = madeLog("pv-dom0-linux3.9");

  test("Linux 3.9, with Xen's lines", () => {
    expect(readFigures(text)).toMatchObject({
      domain: "pv",
      ramPages: 651165,
      holes: [
        { start: 0x9d, pages: 99 },
        { start: 0x5f000, pages: 0xa1000 },
      ],
      nrPages: 400000,
      released: 0,
      remapped: 0,
      extraRegions: [{ start: 1059555, pages: 251165 }],
      currentPages: 400000,
      balloonLowPages: 251165,
    });
    expect(readBootLog(text).missing).toEqual([]);
  });

  test("the kernel's lines alone: nr_pages follows from the usable pages that have frames", () => {
    expect(readBootLog(without(text, /^\(XEN\)/)).nrPages).toEqual({
      value: 400000,
      from: "the usable pages below the end of the populated ones (line 8)",
    });
  });

  test("a populated range inside a usable one starts at nr_pages", () => {
    const layout = readBootLog(madeLog("pv-dom0-linux3.10-two-ranges"));
    expect(layout.nrPages).toEqual({ value: 0x37f00, from: "line 6, 7, start of the populated range" });
    expect(layout.extraRegions).toEqual([{ start: 0x100f63, pages: 0xf09d }]);
    expect(layout.missing).toEqual([]);
  });

  test("a kernel that populates, and no line of it: the line may be lost", () => {
    const layout = readBootLog(without(text, /Populating/));
    expect(missingKeys(layout)).toEqual(["released", "extra"]);
    expect(readFigures(without(text, /Populating/), { released: 0 })).toMatchObject({
      extraRegions: [{ start: 1059555, pages: 251165 }],
    });
  });

  test("a kernel of 3.4 populates none", () => {
    const older = without(text, /Populating/).replace("3.9.4", "3.4.4");
    expect(readFigures(older)).toMatchObject({ released: 10979, currentPages: 389021, balloonLowPages: 0x40000 });
  });

  test("a 32-bit dom0 has 4 bytes a page in its Phys-Mach map", () => {
    const text32 = text.replace("ffffffff83000000->ffffffff8330d400", "00000000c3000000->00000000c3186a00");
    expect(readFigures(text32)).toMatchObject({ nrPages: 400000 });
  });
});

describe("a pv kernel that remaps", () => {
  test("Linux 3.18 prints where the remapped pages end, from which nr_pages follows", () => {
    const layout = readBootLog(madeLog("pv-dom0-linux3.18"));
    expect(layout).toMatchObject({
      nrPages: { value: 262144 },
      released: { value: 0 },
      remapped: { value: 4195 },
      extraRegions: [{ start: 266339, pages: 61341 }],
      missing: [],
    });
    expect(layout.notes).toEqual([
      "checked: of nr_pages 262144, 4195 frames lie in holes; 4195 were moved above nr_pages and 0 released",
    ]);
  });

  const text = madeLog("pv-domU-linux6.1-remapped");

  test("extra regions begin above the remapped pages", () => {
    expect(readFigures(text, { nrPages: 1048576 })).toMatchObject({
      ramPages: 1052576,
      extraRegions: [{ start: 1835008, pages: 4096 }],
      currentPages: 1048576,
      balloonLowPages: 4096,
    });
  });

  test("the remapped pages follow from the released ones, and the released from the remapped", () => {
    expect(readFigures(without(text, /Remapped/), { nrPages: 1048576 })).toMatchObject({ remapped: 786432 });
    expect(readFigures(without(text, /Released/), { nrPages: 1048576 })).toMatchObject({ released: 0 });
  });

  test("without both, they are missing, and what would fit is offered", () => {
    const layout = readBootLog(without(text, /Remapped|Released/), { nrPages: 1048576 });
    expect(layout.missing.map(({ key, how, offer }) => [key, how, offer])).toEqual([
      ["released", "option --released", undefined],
      ["remapped", "option --remapped", "786432 would fit, as of a kernel that remaps all frames in holes"],
      ["extra", "option --remapped", undefined],
    ]);
    expect(layout.extraRegions).toBeUndefined();
    expect(readFigures(without(text, /Remapped|Released/), { nrPages: 1048576, remapped: 786432 })).toMatchObject({
      released: 0,
      extraRegions: [{ start: 1835008, pages: 4096 }],
    });
  });

  test("no line that tells the kernel's kind: remapped is missing, not none", () => {
    const layout = readBootLog(madeLog("pv-dom0-linux6.6-mail"));
    expect(layout).toMatchObject({ nrPages: { value: 524288 }, remapped: undefined, extraRegions: undefined });
    expect(missingKeys(layout)).toEqual(["ram_pages", "released", "remapped", "max_pfn", "hole", "extra"]);
    const given = { maxPfn: 0x121000, remapped: 0x20080 };
    expect(readFigures(madeLog("pv-dom0-linux6.6-mail"), given)).toMatchObject({
      released: 0,
      extraRegions: [{ start: 0x120080, pages: 0xf80 }],
    });
  });

  test("the head of the ring buffer is lost: the map is cut, and no hole is at PFN 0", () => {
    const layout = readBootLog(text.split("\n").slice(6).join("\n"), { nrPages: 1048576 });
    expect(layout.missing[0]).toMatchObject({
      key: "ram_pages",
      what: expect.stringContaining("it does not begin at 0 but at 1048576 bytes (line 1): its head is lost"),
    });
    expect(layout).toMatchObject({ holes: undefined, extraRegions: undefined, maxPfn: { value: 0x1c1000 } });
  });
});

describe("a 32-bit pv guest", () => {
  const text = madeLog("pv-domU-32bit-linux2.6.38");

  test("extra regions are high memory", () => {
    expect(readFigures(text, { nrPages: 262144 })).toMatchObject({
      highmemStart: 0x375fe,
      balloonLowPages: 0,
      balloonHighPages: 2048,
    });
  });

  test("grepped: the zone tells the end of memory, and its name that the kernel has 32 bits", () => {
    const grepped = without(text, /last_pfn|LOWMEM|HIGHMEM|zone|DMA|Normal/);
    expect(readBootLog(grepped, { nrPages: 262144 })).toMatchObject({
      maxPfn: { value: 0x40800, from: "line 8, the end of the zone" },
      is32Bit: true,
      balloonHighPages: 2048,
    });
  });

  test("where high memory starts is missing, between the MiB that are printed", () => {
    const layout = readBootLog(without(text, /HighMem/), { nrPages: 262144 });
    expect(layout.missing).toEqual([
      {
        key: "highmem_start",
        what: "the first PFN of high memory, which this 32-bit kernel may have, from 226560 to 226815 by line 9",
        how: "option --highmem-start",
        offer: undefined,
      },
    ]);
  });

  test("a given start of high memory: the extra pages are high", () => {
    const given = { nrPages: 262144, highmemStart: 0x375fe };
    expect(readBootLog(without(text, /HighMem/), given)).toMatchObject({ is32Bit: true, balloonHighPages: 2048 });
  });

  test("no line tells whether it has 32 bits", () => {
    const bare = without(text, /HighMem|MEM|last_pfn/).replace("-pae", "");
    expect(missingKeys(readBootLog(bare, { maxPfn: 0x40800, nrPages: 262144 }))).toEqual(["highmem_start"]);
    const given = { maxPfn: 0x40800, nrPages: 262144, highmemStart: Number.POSITIVE_INFINITY };
    expect(readBootLog(bare, given)).toMatchObject({ is32Bit: false, balloonLowPages: 2048, missing: [] });
  });

  test("2.6.18 of Xen's tree: the pages of the zones tell where high memory starts", () => {
    expect(readFigures(madeLog("pv-domU-classic-i386"))).toMatchObject({
      ramPages: 393216,
      maxPfn: 393216,
      highmemStart: 186366,
    });
  });
});

test("PV-GRUB prints nr_pages on its first lines", () => {
  const text = madeLog("pv-domU-pvgrub-linux3.14");
  expect(readBootLog(text)).toMatchObject({
    nrPages: { value: 98304, from: "line 3" },
    extraRegions: [{ start: 98304, pages: 2048 }],
    balloonLowPages: 2048,
    missing: [],
  });
  expect(missingKeys(readBootLog(text.split("\n").slice(10).join("\n")))).toEqual(["nr_pages", "extra"]);
});
