/** Machines, boots, targets, and what can be seen of a guest, over both entries of the package. */

import { describe, expect, test } from "vitest";
import {
  BalloonBug,
  BalloonError,
  type BootOptions,
  bytesFromPages,
  INVALID_ENTRY,
  type MachineOptions,
  PAGE_BYTES,
  pagesFromBytes,
  type Size,
} from "../../src/api/exports.js";
import { ArgumentTypeError } from "../../src/host/argument-error.js";
import { createMachine as createWasmMachine } from "../../src/index.js";
import { callsThatAsk, entries, range, rejection, snapshot, wrong } from "../support/entries.js";

const GIB = 2 ** 30;

describe("units", () => {
  test("pages and bytes", () => {
    expect(PAGE_BYTES).toBe(4096);
    expect(bytesFromPages(262_144)).toBe(GIB);
    expect(pagesFromBytes(GIB)).toBe(262_144);
    expect(pagesFromBytes(4095)).toBe(0);
    expect(pagesFromBytes(8191)).toBe(1);
  });

  test.each([-1, 0.5, Number.NaN, 2 ** 53])("%s bytes are none", (bytes) => {
    expect(() => pagesFromBytes(bytes)).toThrow(RangeError);
  });

  test("a string is no number of bytes", () => {
    expect(() => pagesFromBytes(wrong("4096"))).toThrow(new ArgumentTypeError("bytes", "bytes as a number", '"4096"'));
  });
});

describe.each(entries)("%s", (_, createMachine) => {
  describe("a machine", () => {
    test("starts with all frames free at time 0", async () => {
      const machine = await createMachine({ hostPages: 1000 });
      expect(machine.hostPages).toBe(1000);
      expect(await machine.freeFrames()).toBe(1000);
      expect(machine.nowMs).toBe(0);
      expect(machine.memoryBytes).toBeGreaterThan(0);
      expect([...(await machine.m2p(0, 1000))]).toEqual(Array(1000).fill(INVALID_ENTRY));
    });

    test("frames below mfnBase are never free", async () => {
      const machine = await createMachine({ hostPages: 100, mfnBase: 40 });
      expect(await machine.freeFrames()).toBe(60);
      const guest = await machine.boot({ maxPfn: 60 });
      expect([...(await guest.p2m(0, 60))]).toEqual(range(40, 99));
      expect([...(await machine.m2p(38, 4))]).toEqual([INVALID_ENTRY, INVALID_ENTRY, 0, 1]);
    });

    test.each<[MachineOptions, typeof TypeError | typeof RangeError, RegExp]>([
      [wrong({}), TypeError, /^hostPages: expected frames as a number, got undefined$/],
      [wrong({ hostPages: "1024" }), TypeError, /^hostPages: .* got ".*"$/],
      [{ hostPages: 0 }, RangeError, /^hostPages: expected frames from 1 to 4294967295, got 0$/],
      [{ hostPages: -1 }, RangeError, /^hostPages: .* got -1$/],
      [{ hostPages: 1.5 }, RangeError, /^hostPages: .* got 1\.5$/],
      [{ hostPages: Number.NaN }, RangeError, /^hostPages: .* got NaN$/],
      [{ hostPages: 2 ** 32 }, RangeError, /^hostPages: .* got 4294967296$/],
      [{ hostPages: 10, mfnBase: 11 }, RangeError, /^mfnBase: expected a frame from 0 to 10, got 11$/],
      [{ hostPages: 10, mfnBase: -1 }, RangeError, /^mfnBase: .* got -1$/],
      [{ hostPages: 10, mfnBase: wrong(null) }, TypeError, /^mfnBase: .* got null$/],
      [{ hostPages: 10, clock: wrong("fast") }, RangeError, /^clock: expected virtual or real, got fast$/],
    ])("%o is refused", async (options, type, message) => {
      const error = await rejection(createMachine(options));
      expect(error).toBeInstanceOf(type);
      expect((error as Error).message).toMatch(message);
    });

    test("other domains take the lowest frames and give back those taken last", async () => {
      const machine = await createMachine({ hostPages: 20 });
      expect(await machine.takeFrames(5)).toBe(5); // 0 to 4
      expect(await machine.takeFrames(0)).toBe(0);
      expect(await machine.takeFrames(5)).toBe(5); // 5 to 9
      expect(await machine.freeFrames()).toBe(10);
      expect(await machine.giveFrames(2)).toBe(2); // 8 and 9
      expect(await machine.giveFrames(5)).toBe(5); // 5 to 7, then 3 and 4
      expect(await machine.freeFrames()).toBe(17);
      const guest = await machine.boot({ maxPfn: 16 });
      expect([...(await guest.p2m(0, 16))]).toEqual(range(3, 18));
      expect(await machine.takeFrames(100)).toBe(1);
      expect(await machine.takeFrames(1)).toBe(0);
      expect(await machine.giveFrames(100)).toBe(4);
      expect(await machine.giveFrames(1)).toBe(0);
      await guest.close();
      expect(await machine.freeFrames()).toBe(20);
    });

    test.each([-1, 0.5, Number.NaN, 2 ** 32])("takes and gives no %s frames", async (frames) => {
      const machine = await createMachine({ hostPages: 20 });
      await machine.takeFrames(10);
      await expect(machine.takeFrames(frames)).rejects.toThrow(RangeError);
      await expect(machine.giveFrames(frames)).rejects.toThrow(RangeError);
      expect(await machine.freeFrames()).toBe(10);
    });

    test("lets virtual time pass", async () => {
      const machine = await createMachine({ hostPages: 20 });
      await machine.advance(1500);
      await machine.advance(0);
      expect(machine.nowMs).toBe(1500);
      await expect(machine.advance(-1)).rejects.toThrow(RangeError);
      await expect(machine.advance(0.5)).rejects.toThrow(RangeError);
      await expect(machine.advance(wrong("1"))).rejects.toThrow(TypeError);
      expect(machine.nowMs).toBe(1500);
    });

    test("has no M2P beyond its frames", async () => {
      const machine = await createMachine({ hostPages: 20 });
      expect(await machine.m2p(19, 1)).toHaveLength(1);
      expect(await machine.m2p(3, 0)).toHaveLength(0);
      await expect(machine.m2p(20, 0)).rejects.toThrow(/^mfn: expected a frame from 0 to 19, got 20$/);
      await expect(machine.m2p(15, 6)).rejects.toThrow(/^frames: expected frames from 0 to 5, got 6$/);
      await expect(machine.m2p(-1, 1)).rejects.toThrow(RangeError);
    });
  });

  describe("boot", () => {
    test("fills in every default", async () => {
      const machine = await createMachine({ hostPages: 2048 });
      const guest = await machine.boot({ maxPfn: 1024 });
      expect(guest.config).toEqual({
        driver: "2013",
        xen: true,
        domain: "pv",
        nrPages: 1024,
        releasedPages: 0,
        maxPfn: 1024,
        pfnLimit: 1024,
        extraRegions: [],
        holes: [],
        highmemStart: 1024,
        reservedPages: 0,
        cpus: 1,
        maxPages: 1024,
        mfnSeed: 0,
        frameListCapacity: 512,
        hotplug: false,
        sectionPages: 32768,
        batches: "merged",
        scrub: true,
        contents: false,
        watermarkPages: 0,
        watermarkHighPages: 0,
      });
      expect(await guest.stats()).toEqual({
        currentPages: 1024,
        targetPages: 1024,
        balloonLowPages: 0,
        balloonHighPages: 0,
        scheduleDelaySeconds: 1,
        maxScheduleDelaySeconds: 32,
        retryCount: 1,
        maxRetryCount: 0,
        hotplugPages: 0,
        balloonHotplugPages: 0,
      });
      const { memoryBytes, ...status } = await guest.status();
      expect(memoryBytes).toBeGreaterThan(0);
      expect(status).toEqual({
        creditPages: 0,
        freeNormalPages: 1023, // one is the scratch page of CPU 0
        freeHighPages: 0,
        managedPages: 1024,
        managedHighPages: 0,
        maxPfn: 1024,
        onlineFrom: 1024,
        totPages: 1024,
        maxPages: 1024,
        workDueMs: null,
        memoryOps: 0,
        vaMappings: 0,
        scrubbedPages: 0,
        tlbFlushes: 0,
        kmapFlushes: 0,
      });
      expect(await machine.freeFrames()).toBe(1024);
      expect(guest.kernelLog).toEqual(["xen:balloon: Initialising balloon driver"]);
    });

    test("holes have no frame, extra regions start in the balloon", async () => {
      const machine = await createMachine({ hostPages: 2048 });
      const guest = await machine.boot({
        maxPfn: 1000,
        reservedPages: 10,
        holes: [{ start: 100, pages: 50 }],
        extraRegions: [
          { start: 900, pages: 20 },
          { start: 950, pages: 100 },
        ],
      });
      expect(guest.config.nrPages).toBe(880);
      expect(await guest.stats()).toMatchObject({ currentPages: 880, targetPages: 880, balloonLowPages: 70 });
      expect(await guest.status()).toMatchObject({ freeNormalPages: 869, managedPages: 880, totPages: 880 });
      expect([...(await guest.balloonedPages(100))]).toEqual([...range(999, 950), ...range(919, 900)]);
      expect([...(await guest.p2m(99, 2))]).toEqual([99, INVALID_ENTRY]);
      expect([...(await guest.p2m(149, 2))]).toEqual([INVALID_ENTRY, 100]);
      expect(await machine.freeFrames()).toBe(2048 - 880);

      await guest.setTarget({ pages: 2 ** 32 - 1 });
      await guest.settle();
      // what was never backed was never managed either, until now
      expect(await guest.stats()).toMatchObject({ currentPages: 950, balloonLowPages: 0 });
      expect(await guest.status()).toMatchObject({ managedPages: 950, totPages: 950, creditPages: 0 });
    });

    test("high memory is a zone of its own", async () => {
      const machine = await createMachine({ hostPages: 1024 });
      const guest = await machine.boot({ maxPfn: 1024, highmemStart: 896, frameListCapacity: 1024 });
      expect(await guest.status()).toMatchObject({
        freeNormalPages: 895,
        freeHighPages: 128,
        managedPages: 1024,
        managedHighPages: 128,
      });
      await guest.setTarget({ pages: 1024 - 130 });
      await guest.settle();
      expect(await guest.stats()).toMatchObject({ balloonLowPages: 2, balloonHighPages: 128 });
      expect(await guest.status()).toMatchObject({ freeHighPages: 0, managedPages: 894, managedHighPages: 0 });
      // low pages at the head, high ones at the tail
      expect([...(await guest.balloonedPages(4))]).toEqual([2, 1, 896, 897]);
    });

    test("nrPages and releasedPages say what a pv driver takes as its size", async () => {
      const machine = await createMachine({ hostPages: 4096 });
      const stats = async (options: Partial<BootOptions>) => (await machine.boot({ maxPfn: 1000, ...options })).stats();
      expect(await stats({ nrPages: 900, releasedPages: 50 })).toMatchObject({ currentPages: 850, targetPages: 850 });
      expect(await stats({ nrPages: 1001 })).toMatchObject({ currentPages: 1000 });
      expect(await stats({ nrPages: 900, domain: "hvm" })).toMatchObject({ currentPages: 1000 });
    });

    test("frames are shuffled with a seed, the same one alike", async () => {
      const shuffled = async (mfnSeed: number): Promise<number[]> => {
        const machine = await createMachine({ hostPages: 256 });
        const guest = await machine.boot({ maxPfn: 256, mfnSeed });
        return [...(await guest.p2m(0, 256))];
      };
      const frames = await shuffled(7);
      expect(frames).not.toEqual(range(0, 255));
      expect(frames.toSorted((a, b) => a - b)).toEqual(range(0, 255));
      expect(await shuffled(7)).toEqual(frames);
      expect(await shuffled(8)).not.toEqual(frames);
    });

    const region = { start: 0, pages: 10 };
    test.each<[Partial<BootOptions>, typeof TypeError | typeof RangeError, RegExp]>([
      [{ maxPfn: -1 }, RangeError, /^maxPfn: expected pages from 0 to 1073741824, got -1$/],
      [{ maxPfn: 1.5 }, RangeError, /^maxPfn: .* got 1\.5$/],
      [{ maxPfn: Number.NaN }, RangeError, /^maxPfn: .* got NaN$/],
      [{ maxPfn: 2 ** 30 + 1 }, RangeError, /^maxPfn: .* got 1073741825$/],
      [{ maxPfn: wrong("100") }, TypeError, /^maxPfn: expected pages as a number, got "100"$/],
      [{ maxPfn: 100, nrPages: wrong(null) }, TypeError, /^nrPages: .* got null$/],
      [{ maxPfn: 100, scrub: wrong(null) }, TypeError, /^scrub: expected true or false, got null$/],
      [{ maxPfn: 100, holes: wrong(null) }, TypeError, /^holes: expected a list of regions, got null$/],
      [{ pfnLimit: 99 }, RangeError, /^pfnLimit: expected no less than the 100 pages at boot, got 99 pages$/],
      [{ pfnLimit: 2 ** 30 + 1 }, RangeError, /^pfnLimit: .* got 1073741825$/],
      [{ nrPages: 2 ** 32 }, RangeError, /^nrPages: expected pages from 0 to 4294967295, got 4294967296$/],
      [{ nrPages: -1 }, RangeError, /^nrPages: .* got -1$/],
      [{ releasedPages: -1 }, RangeError, /^releasedPages: .* got -1$/],
      [{ highmemStart: -1 }, RangeError, /^highmemStart: expected a PFN .* got -1$/],
      [{ reservedPages: -1 }, RangeError, /^reservedPages: .* got -1$/],
      [{ cpus: 0 }, RangeError, /^cpus: expected CPUs from 1 to 64, got 0$/],
      [{ cpus: 65 }, RangeError, /^cpus: .* got 65$/],
      [{ maxPages: -1 }, RangeError, /^maxPages: .* got -1$/],
      [{ mfnSeed: 2 ** 32 }, RangeError, /^mfnSeed: .* got 4294967296$/],
      [{ frameListCapacity: 0 }, RangeError, /^frameListCapacity: expected frames from 1 to 4096, got 0$/],
      [{ frameListCapacity: 4097 }, RangeError, /^frameListCapacity: .* got 4097$/],
      [{ sectionPages: 0 }, RangeError, /^sectionPages: .* got 0$/],
      [{ sectionPages: 1000 }, RangeError, /^sectionPages: expected a power of two, in pages, got 1000$/],
      [{ watermarkPages: -1 }, RangeError, /^watermarkPages: .* got -1$/],
      [{ watermarkHighPages: 0.5 }, RangeError, /^watermarkHighPages: .* got 0\.5$/],
      [{ domain: wrong("pvh") }, RangeError, /^domain: expected pv or hvm, got "pvh"$/],
      [{ xen: wrong(1) }, TypeError, /^xen: expected true or false, got number$/],
      [{ hotplug: wrong("yes") }, TypeError, /^hotplug: .* got "yes"$/],
      [{ scrub: wrong(0) }, TypeError, /^scrub: .* got number$/],
      [{ contents: wrong([]) }, TypeError, /^contents: .* got object$/],
      [{ extraRegions: wrong(region) }, TypeError, /^extraRegions: expected a list of regions, got object$/],
      [{ extraRegions: [wrong([0, 10])] }, TypeError, /^extraRegions: expected start \(a PFN\) and pages as numbers/],
      [{ extraRegions: [region, { start: 9, pages: 1 }] }, RangeError, /^extraRegions: expected regions that do not/],
      [{ extraRegions: [{ start: -1, pages: 1 }] }, RangeError, /^extraRegions: .* got -1$/],
      [{ holes: Array(129).fill(region) }, RangeError, /^holes: expected at most 128 regions, got 129$/],
      [{ holes: [{ start: 0, pages: 0.5 }] }, RangeError, /^holes: .* got 0\.5$/],
    ])("%o is refused, and no frame is gone", async (options, type, message) => {
      const machine = await createMachine({ hostPages: 1024 });
      const error = await rejection(machine.boot({ maxPfn: 100, ...options }));
      expect(error).toBeInstanceOf(type);
      expect((error as Error).message).toMatch(message);
      expect(await machine.freeFrames()).toBe(1024);
    });

    test("more pages than the machine has free frames", async () => {
      const machine = await createMachine({ hostPages: 1024 });
      await machine.takeFrames(24);
      const error = await rejection(machine.boot({ maxPfn: 1001 }));
      expect(error).toBeInstanceOf(RangeError);
      expect((error as Error).message).toMatch(/^maxPfn: .*\b1001\b/);
      expect((error as Error).message).toMatch(/\b1000\b/);
      expect(await machine.freeFrames()).toBe(1000);
      expect(await (await machine.boot({ maxPfn: 1000 })).status()).toMatchObject({ totPages: 1000 });
    });

    test("ENODEV where it does not run on Xen", async () => {
      const machine = await createMachine({ hostPages: 1024 });
      const error = await rejection(machine.boot({ maxPfn: 1024, xen: false }));
      expect(error).toBeInstanceOf(BalloonError);
      expect(error).toMatchObject({ name: "BalloonError", code: "ENODEV", errno: -19 });
      expect(await machine.freeFrames()).toBe(1024);
    });

    test.each<[string, Partial<BootOptions>]>([
      ["every page is the kernel's", { reservedPages: 1024 }],
      ["a page for one of two CPUs", { reservedPages: 1023, cpus: 2 }],
      ["the zone is at its watermark", { watermarkPages: 1024 }],
      ["auto-translated", { reservedPages: 1024, domain: "hvm" }],
    ])("ENOMEM without a scratch page (%s): all frames are back", async (_case, options) => {
      const machine = await createMachine({ hostPages: 1024 });
      const error = await rejection(machine.boot({ maxPfn: 1024, ...options }));
      expect(error).toBeInstanceOf(BalloonError);
      expect(error).toMatchObject({ code: "ENOMEM", errno: -12, message: "ENOMEM: no page for the scratch page" });
      expect(await machine.freeFrames()).toBe(1024);
      expect([...(await machine.m2p(0, 1024))]).toEqual(Array(1024).fill(INVALID_ENTRY));
      expect((await (await machine.boot({ maxPfn: 1024 })).stats()).currentPages).toBe(1024);
    });
  });

  describe("setTarget", () => {
    test("in pages", async () => {
      const machine = await createMachine({ hostPages: 1024 });
      const guest = await machine.boot({ maxPfn: 1024 });
      await machine.advance(700);
      await guest.setTarget({ pages: 1000 });
      expect((await guest.stats()).targetPages).toBe(1000);
      expect(await guest.status()).toMatchObject({ creditPages: -24, workDueMs: 700, memoryOps: 0 });
    });

    test("in bytes, cut to whole pages", async () => {
      const machine = await createMachine({ hostPages: 1024 });
      const guest = await machine.boot({ maxPfn: 1024 });
      await guest.setTarget({ bytes: 1000 * PAGE_BYTES + 4095 });
      expect((await guest.stats()).targetPages).toBe(1000);
    });

    test("from 0 to 2^32 - 1: what cannot be reached is no work", async () => {
      const machine = await createMachine({ hostPages: 1024 });
      const guest = await machine.boot({ maxPfn: 1024, reservedPages: 1000 });
      await guest.setTarget({ pages: 2 ** 32 - 1 });
      expect(await guest.settle()).toEqual({ creditPages: 0, nowMs: 0, workDueMs: null });
      expect(await guest.stats()).toMatchObject({ targetPages: 2 ** 32 - 1, currentPages: 1024 });

      await guest.setTarget({ pages: 0 });
      expect(await guest.settle({ withinMs: 0 })).toEqual({ creditPages: -1001, nowMs: 0, workDueMs: 2000 });
      expect(await guest.stats()).toMatchObject({ targetPages: 0, currentPages: 1001, balloonLowPages: 23 });
    });

    test.each<[unknown, typeof TypeError | typeof RangeError, RegExp]>([
      [{ pages: -1 }, RangeError, /^target: expected pages from 0 to 4294967295, got -1$/],
      [{ pages: 1.5 }, RangeError, /^target: .* got 1\.5$/],
      [{ pages: Number.NaN }, RangeError, /^target: .* got NaN$/],
      [{ pages: 2 ** 32 }, RangeError, /^target: .* got 4294967296$/],
      [{ pages: Number.POSITIVE_INFINITY }, RangeError, /^target: .* got Infinity$/],
      [{ pages: "512" }, TypeError, /^target: expected pages as a number, got ".*"$/],
      [{ pages: null }, TypeError, /^target: .* got null$/],
      [{ pages: 512n }, TypeError, /^target: .* got bigint$/],
      [{}, TypeError, /^target: .* got undefined$/],
      [{ bytes: -1 }, RangeError, /^bytes: expected bytes from 0 to 9007199254740991, got -1$/],
      [{ bytes: 0.5 }, RangeError, /^bytes: .* got 0\.5$/],
      [{ bytes: Number.NaN }, RangeError, /^bytes: .* got NaN$/],
      [{ bytes: "512M" }, TypeError, /^bytes: .* got ".*"$/],
      [{ bytes: 2 ** 44 }, RangeError, /^target: .* got 4294967296$/],
      [512, TypeError, /./],
      ["512", TypeError, /./],
      [null, TypeError, /./],
      [undefined, TypeError, /./],
    ])("to %o changes nothing", async (target, type, message) => {
      const machine = await createMachine({ hostPages: 1024 });
      const guest = await machine.boot({ maxPfn: 1024 });
      const before = await snapshot(machine, guest);
      const error = await rejection(guest.setTarget(wrong<Size>(target)));
      expect(error).toBeInstanceOf(type);
      expect((error as Error).message).toMatch(message);
      expect(await snapshot(machine, guest)).toEqual(before);
    });
  });

  describe("a small inflate and deflate", () => {
    const stats = { hotplugPages: 0, balloonHotplugPages: 0, balloonHighPages: 0 };

    test("pv: every figure", async () => {
      const machine = await createMachine({ hostPages: 1024 });
      const guest = await machine.boot({ maxPfn: 1024 });
      await guest.setTarget({ pages: 100 });
      expect(await guest.settle()).toEqual({ creditPages: 0, nowMs: 0, workDueMs: null });
      expect(await guest.stats()).toMatchObject({
        ...stats,
        currentPages: 100,
        targetPages: 100,
        balloonLowPages: 924,
        scheduleDelaySeconds: 1,
        retryCount: 1,
      });
      // 924 pages are two batches; page 0 is the scratch page
      const inflated = { vaMappings: 924, scrubbedPages: 924, tlbFlushes: 2, kmapFlushes: 2, maxPfn: 1024 };
      expect(await guest.status()).toMatchObject({
        ...inflated,
        creditPages: 0,
        freeNormalPages: 99,
        managedPages: 100,
        totPages: 100,
        workDueMs: null,
        memoryOps: 2,
      });
      expect(await machine.freeFrames()).toBe(924);
      expect([...(await guest.balloonedPages(1024))]).toEqual(range(924, 1));
      // a ballooned page has the scratch page's frame
      expect([...(await guest.p2m(0, 1024))]).toEqual([...Array(925).fill(0), ...range(925, 1023)]);
      expect([...(await machine.m2p(0, 1024))]).toEqual([0, ...Array(924).fill(INVALID_ENTRY), ...range(925, 1023)]);

      await guest.setTarget({ pages: 300 });
      expect(await guest.settle()).toEqual({ creditPages: 0, nowMs: 0, workDueMs: null });
      expect(await guest.stats()).toMatchObject({
        ...stats,
        currentPages: 300,
        targetPages: 300,
        balloonLowPages: 724,
      });
      expect(await guest.status()).toMatchObject({
        ...inflated,
        freeNormalPages: 299,
        managedPages: 300,
        totPages: 300,
        memoryOps: 3,
        vaMappings: 1124,
      });
      expect(await machine.freeFrames()).toBe(724);
      // the page ballooned out last comes back first, on the lowest free frame
      expect([...(await guest.balloonedPages(3))]).toEqual([724, 723, 722]);
      expect([...(await guest.p2m(724, 201))]).toEqual([0, ...range(200, 1)]);
      expect([...(await machine.m2p(1, 201))]).toEqual([...range(924, 725), INVALID_ENTRY]);
    });

    test("hvm: Xen keeps the physmap, and nothing is mapped", async () => {
      const machine = await createMachine({ hostPages: 1024 });
      const guest = await machine.boot({ maxPfn: 1024, domain: "hvm" });
      await guest.setTarget({ pages: 1000 });
      await guest.settle();
      expect(await guest.stats()).toMatchObject({ ...stats, currentPages: 1000, balloonLowPages: 24 });
      expect(await guest.status()).toMatchObject({ vaMappings: 0, scrubbedPages: 24, tlbFlushes: 1, memoryOps: 1 });
      expect([...(await guest.p2m(0, 26))]).toEqual([0, ...Array(24).fill(INVALID_ENTRY), 25]);
      await guest.setTarget({ pages: 1010 });
      await guest.settle();
      expect([...(await guest.p2m(14, 12))]).toEqual([INVALID_ENTRY, ...range(10, 1), 25]);
      expect([...(await machine.m2p(0, 1024))]).toEqual(Array(1024).fill(INVALID_ENTRY));
    });

    test("without scrubbing no page is cleared", async () => {
      const machine = await createMachine({ hostPages: 1024 });
      const guest = await machine.boot({ maxPfn: 1024, scrub: false });
      await guest.setTarget({ pages: 1000 });
      await guest.settle();
      expect(await guest.status()).toMatchObject({ scrubbedPages: 0, tlbFlushes: 1 });
    });

    test.each([
      [1, 24],
      [10, 3],
      [24, 1],
      [4096, 1],
    ])("a frame_list of %d makes %d calls of 24 pages", async (frameListCapacity, memoryOps) => {
      const machine = await createMachine({ hostPages: 1024 });
      const guest = await machine.boot({ maxPfn: 1024, frameListCapacity });
      await guest.setTarget({ pages: 1000 });
      await guest.settle();
      expect(await guest.status()).toMatchObject({ memoryOps, tlbFlushes: memoryOps, scrubbedPages: 24 });
      await guest.setTarget({ pages: 1024 });
      await guest.settle();
      expect(await guest.status()).toMatchObject({ memoryOps: 2 * memoryOps, totPages: 1024, vaMappings: 48 });
    });

    test("a guest out of pages gives those it has and tries again", async () => {
      const machine = await createMachine({ hostPages: 1024 });
      const guest = await machine.boot({ maxPfn: 1024, reservedPages: 100, watermarkPages: 23 });
      await guest.setTarget({ pages: 50 });
      expect(await guest.settle({ withinMs: 1999 })).toEqual({ creditPages: -74, nowMs: 0, workDueMs: 2000 });
      expect(await guest.stats()).toMatchObject({ currentPages: 124, balloonLowPages: 900, retryCount: 2 });
      expect(await guest.status()).toMatchObject({ freeNormalPages: 23, memoryOps: 2 });
    });
  });

  describe("what is asked of a guest", () => {
    test("P2M ends at pfnLimit", async () => {
      const machine = await createMachine({ hostPages: 100 });
      const guest = await machine.boot({ maxPfn: 50, pfnLimit: 60 });
      expect([...(await guest.p2m(49, 11))]).toEqual([49, ...Array(10).fill(INVALID_ENTRY)]);
      expect(await guest.p2m(5, 0)).toHaveLength(0);
      await expect(guest.p2m(60, 0)).rejects.toThrow(/^pfn: expected a PFN from 0 to 59, got 60$/);
      await expect(guest.p2m(55, 6)).rejects.toThrow(/^pages: expected pages from 0 to 5, got 6$/);
      await expect(guest.p2m(-1, 1)).rejects.toThrow(RangeError);
      await expect(guest.p2m(wrong("0"), 1)).rejects.toThrow(TypeError);
    });

    test("balloonedPages gives as many as there are, at most", async () => {
      const machine = await createMachine({ hostPages: 4096 });
      const guest = await machine.boot({ maxPfn: 4096 });
      expect(await guest.balloonedPages(10)).toEqual(new Uint32Array(0));
      await guest.setTarget({ pages: 1000 });
      await guest.settle();
      expect(await guest.balloonedPages(0)).toHaveLength(0);
      expect([...(await guest.balloonedPages(2))]).toEqual([3096, 3095]);
      expect([...(await guest.balloonedPages(2 ** 32 - 1))]).toEqual(range(3096, 1));
      await expect(guest.balloonedPages(-1)).rejects.toThrow(RangeError);
    });

    test("what was answered is the caller's", async () => {
      const machine = await createMachine({ hostPages: 100 });
      const guest = await machine.boot({ maxPfn: 100 });
      await guest.setTarget({ pages: 90 });
      await guest.settle();
      const answers = async () => [await guest.p2m(0, 100), await guest.balloonedPages(10), await machine.m2p(0, 100)];
      const before = await answers();
      for (const answer of await answers()) answer.fill(7);
      expect(await answers()).toEqual(before);
    });
  });

  describe("tune", () => {
    test("sets the tunables, either or both", async () => {
      const machine = await createMachine({ hostPages: 100 });
      const guest = await machine.boot({ maxPfn: 100 });
      await guest.tune({ maxRetryCount: 4 });
      expect(await guest.stats()).toMatchObject({ maxRetryCount: 4, maxScheduleDelaySeconds: 32 });
      await guest.tune({ maxScheduleDelaySeconds: 1 });
      expect(await guest.stats()).toMatchObject({ maxRetryCount: 4, maxScheduleDelaySeconds: 1 });
      await guest.tune({ maxRetryCount: 0, maxScheduleDelaySeconds: 64 });
      expect(await guest.stats()).toMatchObject({ maxRetryCount: 0, maxScheduleDelaySeconds: 64 });
      await guest.tune({});
      expect(await guest.stats()).toMatchObject({ maxRetryCount: 0, maxScheduleDelaySeconds: 64 });
    });

    test.each<[object, typeof TypeError | typeof RangeError, RegExp]>([
      [{ maxRetryCount: -1 }, RangeError, /^maxRetryCount: expected tries from 0 to \d+, got -1$/],
      [{ maxRetryCount: 0.5 }, RangeError, /^maxRetryCount: .* got 0\.5$/],
      [{ maxRetryCount: "4" }, TypeError, /^maxRetryCount: .* got ".*"$/],
      [{ maxScheduleDelaySeconds: 0 }, RangeError, /^maxScheduleDelaySeconds: expected seconds from 1 to \d+, got 0$/],
      [{ maxScheduleDelaySeconds: Number.NaN }, RangeError, /^maxScheduleDelaySeconds: .* got NaN$/],
      [{ maxRetryCount: 4, maxScheduleDelaySeconds: null }, TypeError, /^maxScheduleDelaySeconds: .* got null$/],
    ])("%o changes nothing", async (tunables, type, message) => {
      const machine = await createMachine({ hostPages: 100 });
      const guest = await machine.boot({ maxPfn: 100 });
      const before = await snapshot(machine, guest);
      const error = await rejection(guest.tune(tunables));
      expect(error).toBeInstanceOf(type);
      expect((error as Error).message).toMatch(message);
      expect(await snapshot(machine, guest)).toEqual(before);
    });
  });

  describe("CPUs", () => {
    test("one that comes up has a scratch page of its own", async () => {
      const machine = await createMachine({ hostPages: 100 });
      const guest = await machine.boot({ maxPfn: 100, reservedPages: 10, cpus: 2 });
      expect(await guest.status()).toMatchObject({ freeNormalPages: 88 }); // scratch pages 10 and 11
      await guest.cpuUp(2);
      expect(await guest.status()).toMatchObject({ freeNormalPages: 87, managedPages: 100 });
      await guest.cpuUp(2);
      expect(await guest.status()).toMatchObject({ freeNormalPages: 87 });
      for (const cpu of [0, 1, 2]) {
        await guest.onCpu(cpu);
        await guest.setTarget({ pages: 99 - cpu });
        await guest.settle();
      }
      expect([...(await guest.p2m(13, 3))]).toEqual([10, 11, 12]);
    });

    test("ENOMEM where none can be had; the guest goes on", async () => {
      const machine = await createMachine({ hostPages: 100 });
      const guest = await machine.boot({ maxPfn: 100 });
      const taken = await guest.takePages(99);
      const error = await rejection(guest.cpuUp(63));
      expect(error).toBeInstanceOf(BalloonError);
      expect(error).toMatchObject({ code: "ENOMEM", message: expect.stringContaining("CPU 63") });
      expect(guest.kernelLog.at(-1)).toBe("xen:balloon: Failed to allocate balloon_scratch_page for cpu 63");
      await guest.givePages(taken);
      await guest.cpuUp(63);
      expect(await guest.status()).toMatchObject({ freeNormalPages: 98 });
    });

    test("a batch on one without a scratch page is a BUG", async () => {
      const machine = await createMachine({ hostPages: 100 });
      const guest = await machine.boot({ maxPfn: 100 });
      await guest.onCpu(1);
      await guest.setTarget({ pages: 99 });
      const error = await rejection(guest.settle());
      expect(error).toBeInstanceOf(BalloonBug);
      expect(error).toMatchObject({ condition: "ret == NULL" });
    });

    test.each([-1, 64, 0.5])("there is no CPU %s", async (cpu) => {
      const machine = await createMachine({ hostPages: 100 });
      const guest = await machine.boot({ maxPfn: 100 });
      const before = await snapshot(machine, guest);
      await expect(guest.cpuUp(cpu)).rejects.toThrow(/^cpu: expected a CPU from 0 to 63, got/);
      await expect(guest.onCpu(cpu)).rejects.toThrow(RangeError);
      expect(await snapshot(machine, guest)).toEqual(before);
    });
  });

  test("a closed guest answers nothing and may be closed again", async () => {
    const machine = await createMachine({ hostPages: 100 });
    const guest = await machine.boot({ maxPfn: 100, contents: true });
    await guest.setTarget({ pages: 50 });
    await guest.close();
    await guest.close();
    expect(await machine.freeFrames()).toBe(100);
    for (const [name, call] of Object.entries(callsThatAsk(guest, new Uint32Array(0), new Uint32Array(0)))) {
      expect(await rejection(call()), name).toEqual(new Error("the guest is closed"));
    }
    await machine.advance(10_000);
    expect(await machine.freeFrames()).toBe(100);
  });
});

test("wasm: a guest too large for linear memory is told how many pages would fit", async () => {
  const machine = await createWasmMachine({ hostPages: 1024 });
  for (const options of [{ pfnLimit: 2 ** 30 }, { pfnLimit: 2 ** 21, contents: true }]) {
    const error = await rejection(machine.boot({ maxPfn: 1024, ...options }));
    expect(error).toBeInstanceOf(RangeError);
    expect((error as Error).message).toMatch(/^pfnLimit: \d+ pages do not fit in 4 GiB of linear memory; \d+ would$/);
  }
  expect(await machine.freeFrames()).toBe(1024);
});

test("wasm: a machine of as many frames as there may be fits in linear memory", async () => {
  const machine = await createWasmMachine({ hostPages: 2 ** 32 - 1 });
  expect(await machine.freeFrames()).toBe(2 ** 32 - 1);
});
