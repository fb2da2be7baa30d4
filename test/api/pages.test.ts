/** Pages lent for foreign mappings, pages others in the guest hold, and what is in them. */

import { describe, expect, test } from "vitest";
import { BalloonError, type BootOptions, type Guest, INVALID_ENTRY, type Machine } from "../../src/api/exports.js";
import { ArgumentRangeError } from "../../src/host/argument-error.js";
import { type CreateMachine, entries, range, rejection, snapshot, wrong } from "../support/entries.js";

type World = { machine: Machine; guest: Guest };

async function boot(createMachine: CreateMachine, options: Partial<BootOptions> = {}): Promise<World> {
  const machine = await createMachine({ hostPages: 1024 });
  return { machine, guest: await machine.boot({ maxPfn: 1024, ...options }) };
}

/** A guest with pages 24 to 1 in its balloon. */
async function inflated(createMachine: CreateMachine): Promise<World> {
  const world = await boot(createMachine);
  await world.guest.setTarget({ pages: 1000 });
  await world.guest.settle();
  return world;
}

const notPfns: readonly (readonly [what: string, pfns: unknown])[] = [
  ["a list of numbers", [24, 23]],
  ["64-bit numbers", new BigUint64Array([24n])],
  ["a number", 24],
  ["null", null],
  ["nothing", undefined],
];

describe.each(entries)("%s", (_, createMachine) => {
  describe("takeBallooned", () => {
    test("takes from the head of the balloon, whatever the target", async () => {
      const { machine, guest } = await inflated(createMachine);
      expect([...(await guest.takeBallooned(3))]).toEqual([24, 23, 22]);
      expect(await guest.stats()).toMatchObject({ currentPages: 1000, targetPages: 1000, balloonLowPages: 21 });
      expect(await guest.status()).toMatchObject({ managedPages: 1003, totPages: 1000, memoryOps: 1 });
      expect([...(await guest.balloonedPages(24))]).toEqual(range(21, 1));
      expect(await machine.freeFrames()).toBe(24);
    });

    test("takes from the tail where high pages will do and there are none", async () => {
      const { guest } = await inflated(createMachine);
      expect([...(await guest.takeBallooned(3, { highmem: true }))]).toEqual([1, 2, 3]);
      expect([...(await guest.balloonedPages(24))]).toEqual(range(24, 4));
    });

    test("takes high pages only where they will do", async () => {
      const { guest } = await boot(createMachine, { highmemStart: 1000 });
      await guest.setTarget({ pages: 1024 - 26 });
      await guest.settle();
      expect([...(await guest.balloonedPages(26))]).toEqual([2, 1, ...range(1000, 1023)]);
      expect([...(await guest.takeBallooned(2, { highmem: true }))]).toEqual([1023, 1022]);
      expect([...(await guest.takeBallooned(4))]).toEqual([2, 1, 4, 3]);
      expect(await guest.stats()).toMatchObject({ currentPages: 996, balloonLowPages: 0, balloonHighPages: 22 });
    });

    test("inflates for what is not there", async () => {
      const { machine, guest } = await inflated(createMachine);
      expect([...(await guest.takeBallooned(33))]).toEqual([...range(24, 1), ...range(33, 25)]);
      expect(await guest.stats()).toMatchObject({ currentPages: 991, targetPages: 1000, balloonLowPages: 0 });
      expect(await guest.status()).toMatchObject({ memoryOps: 2, totPages: 991, creditPages: 0 });
      expect(await machine.freeFrames()).toBe(33);
    });

    test("0 pages are no work", async () => {
      const { machine, guest } = await inflated(createMachine);
      const before = await snapshot(machine, guest);
      expect(await guest.takeBallooned(0)).toEqual(new Uint32Array(0));
      expect(await snapshot(machine, guest)).toEqual(before);
    });

    test("ENOMEM: what was taken goes back, and what was inflated comes back", async () => {
      const machine = await createMachine({ hostPages: 64 });
      const guest = await machine.boot({ maxPfn: 64, reservedPages: 32 }); // 32 is the scratch page
      await guest.setTarget({ pages: 60 });
      await guest.settle();
      const error = await rejection(guest.takeBallooned(40));
      expect(error).toBeInstanceOf(BalloonError);
      expect(error).toMatchObject({ code: "ENOMEM", errno: -12, message: expect.stringContaining("40 pages") });
      expect(await guest.stats()).toMatchObject({ currentPages: 33, balloonLowPages: 31, balloonHighPages: 0 });
      expect(await guest.status()).toMatchObject({ freeNormalPages: 0, creditPages: 27, workDueMs: 0 });
      expect([...(await guest.balloonedPages(64))]).toEqual([...range(36, 33), ...range(63, 37)]);
      // none of them is lent out
      await expect(guest.giveBallooned(new Uint32Array([36]))).rejects.toThrow(RangeError);

      expect(await guest.settle()).toEqual({ creditPages: 0, nowMs: 0, workDueMs: null });
      expect(await guest.stats()).toMatchObject({ currentPages: 60, balloonLowPages: 4 });
      expect([...(await guest.balloonedPages(64))]).toEqual(range(40, 37));
    });

    test("more than any guest has is ENOMEM", async () => {
      const { guest } = await inflated(createMachine);
      expect(await rejection(guest.takeBallooned(2 ** 31 - 1))).toMatchObject({ code: "ENOMEM" });
      await guest.settle();
      expect(await guest.stats()).toMatchObject({ currentPages: 1000, balloonLowPages: 24 });
    });

    test.each([
      [-1, RangeError],
      [0.5, RangeError],
      [Number.NaN, RangeError],
      [2 ** 31, RangeError],
      ["3", TypeError],
      [null, TypeError],
    ])("%o pages change nothing", async (pages, type) => {
      const { machine, guest } = await inflated(createMachine);
      const before = await snapshot(machine, guest);
      const error = await rejection(guest.takeBallooned(wrong(pages)));
      expect(error).toBeInstanceOf(type);
      expect((error as Error).message).toMatch(/^pages: expected pages /);
      expect(await snapshot(machine, guest)).toEqual(before);
    });
  });

  describe("giveBallooned", () => {
    test("puts them at the head, the last given first, in any order and in pieces", async () => {
      const { guest } = await inflated(createMachine);
      const pfns = await guest.takeBallooned(24);
      await guest.giveBallooned(new Uint32Array([5, 20]));
      await guest.giveBallooned(new Uint32Array([1]));
      expect([...(await guest.balloonedPages(24))]).toEqual([1, 20, 5]);
      await guest.giveBallooned(pfns.filter((pfn) => ![1, 5, 20].includes(pfn)));
      expect((await guest.balloonedPages(24))[0]).toBe(2);
      expect(await guest.stats()).toMatchObject({ currentPages: 1000, balloonLowPages: 24 });
      expect(await guest.status()).toMatchObject({ managedPages: 1000, workDueMs: null });
    });

    test("wakes the worker where the target says so", async () => {
      const { guest } = await inflated(createMachine);
      const pfns = await guest.takeBallooned(33); // current is 991 now
      await guest.giveBallooned(pfns);
      expect(await guest.status()).toMatchObject({ creditPages: 9, workDueMs: 0 });
      await guest.settle();
      expect(await guest.stats()).toMatchObject({ currentPages: 1000, balloonLowPages: 24 });
      // 25 to 33 were given last, and came back to the guest
      expect([...(await guest.balloonedPages(24))]).toEqual(range(1, 24));
    });

    test("nothing is nothing", async () => {
      const { machine, guest } = await inflated(createMachine);
      const before = await snapshot(machine, guest);
      await guest.giveBallooned(new Uint32Array(0));
      expect(await snapshot(machine, guest)).toEqual(before);
    });

    test.each([
      ["in the balloon, not lent out", [24, 23, 20], /PFN 20$/],
      ["the guest's own", [24, 500], /PFN 500$/],
      ["named twice", [24, 23, 24], /expected each PFN once, got 24 twice$/],
      ["beyond all memory", [24, 4_000_000_000], /PFN 4000000000$/],
      ["at pfnLimit", [24, 1024], /PFN 1024$/],
    ])("a page that is %s: nothing changes", async (_case, pfns, message) => {
      const { machine, guest } = await inflated(createMachine);
      const lent = await guest.takeBallooned(3); // 24, 23, 22
      const before = await snapshot(machine, guest);
      const error = await rejection(guest.giveBallooned(new Uint32Array(pfns)));
      expect(error).toBeInstanceOf(RangeError);
      expect((error as Error).message).toMatch(message);
      expect(await snapshot(machine, guest)).toEqual(before);
      // each of them is still lent out
      await guest.giveBallooned(lent);
      expect(await guest.stats()).toMatchObject({ balloonLowPages: 24 });
    });

    test("a page given back already: nothing changes", async () => {
      const { machine, guest } = await inflated(createMachine);
      const lent = await guest.takeBallooned(3);
      await guest.giveBallooned(lent);
      const before = await snapshot(machine, guest);
      await expect(guest.giveBallooned(lent)).rejects.toThrow(/^pfns: expected pages that are lent out, got PFN 24$/);
      expect(await snapshot(machine, guest)).toEqual(before);
    });

    test("pages that others took are not lent out", async () => {
      const { guest } = await inflated(createMachine);
      const taken = await guest.takePages(3);
      const lent = await guest.takeBallooned(3);
      await expect(guest.giveBallooned(taken)).rejects.toThrow(RangeError);
      await expect(guest.givePages(lent)).rejects.toThrow(RangeError);
      await guest.givePages(taken);
      await guest.giveBallooned(lent);
    });

    test.each(notPfns)("%s is no Uint32Array: nothing changes", async (_case, pfns) => {
      const { machine, guest } = await inflated(createMachine);
      await guest.takeBallooned(3);
      const before = await snapshot(machine, guest);
      const error = await rejection(guest.giveBallooned(wrong(pfns)));
      expect(error).toBeInstanceOf(TypeError);
      expect((error as Error).message).toMatch(/^pfns: expected PFNs as a Uint32Array/);
      expect(await snapshot(machine, guest)).toEqual(before);
    });
  });

  describe("takePages and givePages", () => {
    test("take the lowest free pages, which nothing can balloon out", async () => {
      const { machine, guest } = await boot(createMachine);
      expect([...(await guest.takePages(5))]).toEqual([1, 2, 3, 4, 5]);
      expect(await guest.status()).toMatchObject({ freeNormalPages: 1018, managedPages: 1024, totPages: 1024 });
      await guest.setTarget({ pages: 1022 });
      await guest.settle();
      expect([...(await guest.balloonedPages(10))]).toEqual([7, 6]);
      expect([...(await guest.p2m(1, 5))]).toEqual([1, 2, 3, 4, 5]);
      expect(await machine.freeFrames()).toBe(2);
    });

    test("high pages first, unless they will not do", async () => {
      const { guest } = await boot(createMachine, { highmemStart: 1020 });
      expect([...(await guest.takePages(2))]).toEqual([1020, 1021]);
      expect([...(await guest.takePages(2, { highmem: false }))]).toEqual([1, 2]);
      expect([...(await guest.takePages(4, { highmem: true }))]).toEqual([1022, 1023, 3, 4]);
      expect(await guest.status()).toMatchObject({ freeNormalPages: 1015, freeHighPages: 0 });
    });

    test("as many as there are above the watermarks", async () => {
      const { guest } = await boot(createMachine, {
        highmemStart: 1000,
        watermarkPages: 900,
        watermarkHighPages: 20,
      });
      expect([...(await guest.takePages(2 ** 32 - 1))]).toEqual([...range(1000, 1003), ...range(1, 99)]);
      expect(await guest.takePages(1)).toHaveLength(0);
      expect(await guest.status()).toMatchObject({ freeNormalPages: 900, freeHighPages: 20 });
    });

    test("come back in any order and in pieces", async () => {
      const { guest } = await boot(createMachine);
      await guest.takePages(1023);
      await guest.givePages(new Uint32Array([700, 3]));
      await guest.givePages(new Uint32Array([12]));
      expect(await guest.status()).toMatchObject({ freeNormalPages: 3 });
      expect([...(await guest.takePages(5))]).toEqual([3, 12, 700]);
    });

    test("memory pressure stops the balloon until it is over", async () => {
      const { guest } = await boot(createMachine);
      const taken = await guest.takePages(1023);
      await guest.setTarget({ pages: 1000 });
      expect(await guest.settle({ withinMs: 3000 })).toEqual({ creditPages: -24, nowMs: 2000, workDueMs: 6000 });
      await guest.givePages(taken);
      expect(await guest.settle()).toEqual({ creditPages: 0, nowMs: 6000, workDueMs: null });
    });

    test.each([
      ["not taken", [1, 6], /PFN 6$/],
      ["named twice", [1, 2, 1], /expected each PFN once, got 1 twice$/],
      ["beyond all memory", [1, 4_294_967_295], /PFN 4294967295$/],
    ])("a page that is %s: nothing changes", async (_case, pfns, message) => {
      const { machine, guest } = await boot(createMachine);
      const taken = await guest.takePages(5);
      const before = await snapshot(machine, guest);
      const error = await rejection(guest.givePages(new Uint32Array(pfns)));
      expect(error).toBeInstanceOf(RangeError);
      expect((error as Error).message).toMatch(message);
      expect(await snapshot(machine, guest)).toEqual(before);
      await guest.givePages(taken);
      expect(await guest.status()).toMatchObject({ freeNormalPages: 1023 });
    });

    test.each(notPfns)("%s is no Uint32Array: nothing changes", async (_case, pfns) => {
      const { machine, guest } = await boot(createMachine);
      await guest.takePages(30);
      const before = await snapshot(machine, guest);
      await expect(guest.givePages(wrong(pfns))).rejects.toThrow(TypeError);
      expect(await snapshot(machine, guest)).toEqual(before);
    });

    test.each([-1, 0.5, Number.NaN, 2 ** 32])("%s pages are refused", async (pages) => {
      const { machine, guest } = await boot(createMachine);
      const before = await snapshot(machine, guest);
      await expect(guest.takePages(pages)).rejects.toThrow(/^pages: expected pages from 0 to 4294967295, got /);
      expect(await snapshot(machine, guest)).toEqual(before);
    });
  });

  describe("contents", () => {
    const words = (guest: Guest, pfns: readonly number[], word: number): Promise<number[]> =>
      Promise.all(pfns.map((pfn) => guest.readWord(pfn, word)));

    test("a page is zero until it is filled, and only that one", async () => {
      const { guest } = await boot(createMachine, { contents: true });
      await guest.takePages(4);
      await guest.fillPages(new Uint32Array([2, 4]), 0xab);
      for (const word of [0, 1, 512, 1023]) {
        expect(await words(guest, [0, 1, 2, 3, 4, 5, 1023], word)).toEqual([0, 0, 0xabababab, 0, 0xabababab, 0, 0]);
      }
      await guest.fillPages(new Uint32Array([2]), 0);
      expect(await words(guest, [2, 4], 7)).toEqual([0, 0xabababab]);
    });

    test.each([
      [true, 0],
      [false, 0xabababab],
    ])("on the way into the balloon, with scrub %s", async (scrub, word) => {
      const { guest } = await boot(createMachine, { contents: true, scrub });
      const pfns = await guest.takePages(4);
      await guest.fillPages(pfns, 0xab);
      await guest.givePages(pfns);
      expect(await words(guest, [1, 2, 3, 4], 1023)).toEqual(Array(4).fill(0xabababab));
      await guest.setTarget({ pages: 1021 }); // pages 1 to 3
      await guest.settle();
      expect(await words(guest, [1, 2, 3, 4], 1023)).toEqual([word, word, word, 0xabababab]);
      await guest.setTarget({ pages: 1024 });
      await guest.settle();
      expect(await words(guest, [1, 2, 3, 4], 0)).toEqual([word, word, word, 0xabababab]);
      expect(await guest.status()).toMatchObject({ scrubbedPages: scrub ? 3 : 0 });
    });

    test("of pages lent out: scrubbed", async () => {
      const { guest } = await boot(createMachine, { contents: true });
      const pfns = await guest.takePages(4);
      await guest.fillPages(pfns, 0xff);
      await guest.givePages(pfns);
      const lent = await guest.takeBallooned(2); // 2 and 1
      expect(await words(guest, [1, 2, 3], 5)).toEqual([0, 0, 0xffffffff]);
      expect(await guest.p2m(lent[0], 1)).not.toContain(INVALID_ENTRY);
    });

    test("wrong arguments", async () => {
      const { guest } = await boot(createMachine, { contents: true });
      const pfns = await guest.takePages(2);
      const fill = (which: unknown, byte: unknown): Promise<unknown> =>
        rejection(guest.fillPages(wrong(which), wrong(byte)));
      expect(await fill(pfns, 256)).toEqual(new ArgumentRangeError("byte", "a byte from 0 to 255", "256"));
      expect(await fill(pfns, -1)).toBeInstanceOf(RangeError);
      expect(await fill(pfns, "1")).toBeInstanceOf(TypeError);
      expect(await fill([1, 2], 1)).toBeInstanceOf(TypeError);
      expect(await fill(new Uint32Array([1, 3]), 1)).toEqual(
        new ArgumentRangeError("pfns", "pages that are taken by takePages", "PFN 3"),
      );
      expect(await words(guest, [1, 2, 3], 0)).toEqual([0, 0, 0]);
      await guest.givePages(pfns);
      expect(await fill(pfns, 1)).toBeInstanceOf(RangeError);
      await expect(guest.readWord(0, 1024)).rejects.toThrow(/^word: expected a word from 0 to 1023, got 1024$/);
      await expect(guest.readWord(0, -1)).rejects.toThrow(RangeError);
      await expect(guest.readWord(1024, 0)).rejects.toThrow(/^pfn: expected a PFN from 0 to 1023, got 1024$/);
      await expect(guest.readWord(wrong("0"), 0)).rejects.toThrow(TypeError);
    });

    test("a guest without them says so", async () => {
      const { guest } = await boot(createMachine);
      const pfns = await guest.takePages(1);
      const message = /^contents: the guest was booted without page contents$/;
      await expect(guest.fillPages(pfns, 1)).rejects.toThrow(message);
      await expect(guest.readWord(1, 0)).rejects.toThrow(message);
    });
  });

  describe("census", () => {
    test("counts what each page is", async () => {
      const { guest } = await boot(createMachine, {
        maxPfn: 900,
        pfnLimit: 1024,
        sectionPages: 64,
        hotplug: true,
        reservedPages: 10,
        holes: [{ start: 100, pages: 28 }],
        extraRegions: [{ start: 800, pages: 100 }],
      });
      await guest.setTarget({ pages: 872 - 100 - 30 });
      await guest.settle();
      await guest.takeBallooned(5);
      const { counts } = await guest.census({ pfn: 0, pages: 1024, cellPages: 100 });
      expect(Object.fromEntries(Object.entries(counts).map(([state, pages]) => [state, [...pages]]))).toEqual({
        inUse: [10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        free: [59, 72, 100, 100, 100, 100, 100, 100, 0, 0, 0],
        ballooned: [25, 0, 0, 0, 0, 0, 0, 0, 100, 0, 0],
        lent: [5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        scratch: [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        hole: [0, 28, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        offline: [0, 0, 0, 0, 0, 0, 0, 0, 0, 100, 24],
      });
    });

    test("says where added memory begins", async () => {
      const { guest } = await boot(createMachine, { maxPfn: 900, pfnLimit: 1024, sectionPages: 64, hotplug: true });
      await guest.setTarget({ pages: 950 });
      await guest.settle();
      const { counts } = await guest.census({ pfn: 896, pages: 128, cellPages: 32 });
      expect([...counts.hole]).toEqual([28, 32, 0, 0]);
      expect([...counts.offline]).toEqual([0, 0, 32, 32]);
    });

    test.each([
      [{ pfn: 0, pages: 1025, cellPages: 1 }, /^pages: expected pages from 0 to 1024, got 1025$/],
      [{ pfn: -1, pages: 1, cellPages: 1 }, /^pfn: expected a PFN from 0 to 1024, got -1$/],
      [{ pfn: 0, pages: 1, cellPages: 0 }, /^cellPages: expected pages from 1 to/],
    ])("refuses %j", async (given, message) => {
      const { guest } = await boot(createMachine);
      expect(await rejection(guest.census(given))).toMatchObject({
        name: "RangeError",
        message: expect.stringMatching(message),
      });
    });
  });
});
