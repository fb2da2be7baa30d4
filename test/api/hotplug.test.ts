/** Memory hotplug, and the limit the toolstack sets. */
import { describe, expect, test } from "vitest";
import { type Guest, type GuestEvents, INVALID_ENTRY, type Machine } from "../../src/api/exports.js";
import { type CreateMachine, entries, range, wrong } from "../support/entries.js";

/** 1024 pages at boot, sections of 1024, room for four of them. */
async function boot(createMachine: CreateMachine): Promise<{ machine: Machine; guest: Guest }> {
  const machine = await createMachine({ hostPages: 8192 });
  const guest = await machine.boot({ maxPfn: 1024, pfnLimit: 5120, hotplug: true, sectionPages: 1024 });
  return { machine, guest };
}

describe.each(entries)("%s", (_, createMachine) => {
  test("a target above memory adds sections, which fill the balloon when they come online", async () => {
    const { guest } = await boot(createMachine);
    const added: GuestEvents["hotplug"][] = [];
    guest.on("hotplug", (event) => added.push(event));
    await guest.setTarget({ pages: 1500 });
    expect(await guest.settle()).toEqual({ creditPages: 0, nowMs: 0, workDueMs: null });
    expect(await guest.stats()).toMatchObject({ currentPages: 1024, hotplugPages: 476, balloonHotplugPages: 548 });
    expect(await guest.status()).toMatchObject({ maxPfn: 2048, managedPages: 1024, totPages: 1024, memoryOps: 0 });
    expect(added).toEqual([{ nowMs: 0, maxPfn: 2048 }]);

    await guest.online();
    expect(await guest.stats()).toMatchObject({ balloonLowPages: 1024, hotplugPages: 0, balloonHotplugPages: 0 });
    expect(await guest.status()).toMatchObject({ creditPages: 476, workDueMs: 0 });
    expect(await guest.settle()).toEqual({ creditPages: 0, nowMs: 0, workDueMs: null });
    expect(await guest.stats()).toMatchObject({ currentPages: 1500, balloonLowPages: 548 });
    expect(await guest.status()).toMatchObject({ managedPages: 1500, totPages: 1500, memoryOps: 1 });
    expect([...(await guest.balloonedPages(2))]).toEqual([1571, 1570]);
    expect([...(await guest.p2m(1571, 2))]).toEqual([INVALID_ENTRY, 1499]);
    expect(added).toHaveLength(1);
  });

  test("by sections", async () => {
    const { guest } = await boot(createMachine);
    await guest.setTarget({ pages: 2500 });
    await guest.settle();
    expect(await guest.stats()).toMatchObject({ hotplugPages: 1476, balloonHotplugPages: 572 });
    await guest.online({ sections: 1 });
    expect(await guest.stats()).toMatchObject({ balloonLowPages: 1024, hotplugPages: 452, balloonHotplugPages: 572 });
    await guest.settle();
    expect(await guest.stats()).toMatchObject({ currentPages: 2048, balloonLowPages: 0 });
    expect(await guest.status()).toMatchObject({ maxPfn: 3072 });
    await guest.online({ sections: 7 });
    await guest.settle();
    expect(await guest.stats()).toMatchObject({ currentPages: 2500, balloonLowPages: 572, hotplugPages: 0 });
    const before = [await guest.stats(), await guest.status()];
    await guest.online();
    expect([await guest.stats(), await guest.status()]).toEqual(before);
  });

  test("memory that was added and is given up before it is online is only accounted for", async () => {
    const { guest } = await boot(createMachine);
    await guest.setTarget({ pages: 1500 });
    await guest.settle();
    await guest.setTarget({ pages: 1024 });
    await guest.settle();
    expect(await guest.stats()).toMatchObject({ currentPages: 1024, hotplugPages: 0, balloonHotplugPages: 1024 });
    expect(await guest.status()).toMatchObject({ memoryOps: 0 });
  });

  test("past pfnLimit it fails, is logged and tried again", async () => {
    const { guest } = await boot(createMachine);
    await guest.setTarget({ pages: 5121 });
    expect(await guest.settle({ withinMs: 3000 })).toEqual({ creditPages: 4097, nowMs: 2000, workDueMs: 6000 });
    expect(await guest.status()).toMatchObject({ maxPfn: 1024 });
    const line = "xen:balloon: reserve_additional_memory: add_memory() failed: -12";
    expect(guest.kernelLog.slice(1)).toEqual([line, line]);
    await guest.setTarget({ pages: 5120 });
    expect(await guest.settle()).toEqual({ creditPages: 0, nowMs: 6000, workDueMs: null });
    expect(await guest.status()).toMatchObject({ maxPfn: 5120 });
  });

  test("an injected fault is tried again", async () => {
    const { guest } = await boot(createMachine);
    await guest.inject({ addMemory: { rc: -17, times: 1 } });
    await guest.setTarget({ pages: 2048 });
    expect(await guest.settle()).toEqual({ creditPages: 0, nowMs: 2000, workDueMs: null });
    expect(guest.kernelLog.slice(1)).toEqual(["xen:balloon: reserve_additional_memory: add_memory() failed: -17"]);
    expect(await guest.stats()).toMatchObject({ hotplugPages: 1024, balloonHotplugPages: 0 });
  });

  test("frames of hot-added memory go back with the guest", async () => {
    const { machine, guest } = await boot(createMachine);
    await guest.setTarget({ pages: 3000 });
    await guest.settle();
    await guest.online();
    await guest.settle();
    expect(await machine.freeFrames()).toBe(8192 - 3000);
    await guest.close();
    expect(await machine.freeFrames()).toBe(8192);
    expect([...(await machine.m2p(0, 3000))]).toEqual(Array(3000).fill(INVALID_ENTRY));
  });

  test("pages of added memory can be lent", async () => {
    const { guest } = await boot(createMachine);
    await guest.setTarget({ pages: 1500 });
    await guest.settle();
    await guest.online();
    const pfns = await guest.takeBallooned(3);
    expect([...pfns]).toEqual(range(2047, 2045));
    await guest.giveBallooned(pfns);
    expect(await guest.stats()).toMatchObject({ balloonLowPages: 1024 });
  });

  test.each([-1, 0.5, Number.NaN, wrong<number>("1")])("no %s sections come online", async (sections) => {
    const { guest } = await boot(createMachine);
    await guest.setTarget({ pages: 1500 });
    await guest.settle();
    await expect(guest.online({ sections })).rejects.toThrow(/^sections: expected sections /);
    expect(await guest.stats()).toMatchObject({ balloonLowPages: 0, hotplugPages: 476 });
  });

  describe("setMaxPages", () => {
    test("what is beyond it is refused until it is raised", async () => {
      const machine = await createMachine({ hostPages: 1024 });
      const guest = await machine.boot({ maxPfn: 1024 });
      await guest.setTarget({ pages: 512 });
      await guest.settle();
      await guest.setMaxPages(600);
      await guest.setTarget({ pages: 1024 });
      expect(await guest.settle({ withinMs: 1000 })).toEqual({ creditPages: 424, nowMs: 0, workDueMs: 2000 });
      expect(await guest.status()).toMatchObject({ totPages: 600 });
      await guest.setMaxPages(1024);
      expect(await guest.settle()).toEqual({ creditPages: 0, nowMs: 2000, workDueMs: null });
    });

    test("below what is held, nothing is taken away", async () => {
      const machine = await createMachine({ hostPages: 1024 });
      const guest = await machine.boot({ maxPfn: 1024, maxPages: 10 });
      expect(await guest.status()).toMatchObject({ totPages: 1024 });
      await guest.setMaxPages(0);
      expect(await guest.status()).toMatchObject({ totPages: 1024, creditPages: 0 });
      await guest.setTarget({ pages: 1000 });
      expect(await guest.settle()).toMatchObject({ creditPages: 0 });
      await guest.setTarget({ pages: 1024 });
      expect(await guest.settle({ withinMs: 0 })).toMatchObject({ creditPages: 24, workDueMs: 2000 });
    });

    test.each([-1, 0.5, Number.NaN, 2 ** 32])("%s pages are refused", async (pages) => {
      const machine = await createMachine({ hostPages: 1024 });
      const guest = await machine.boot({ maxPfn: 1024 });
      await expect(guest.setMaxPages(pages)).rejects.toThrow(/^pages: expected pages from 0 to 4294967295, got /);
    });
  });
});
