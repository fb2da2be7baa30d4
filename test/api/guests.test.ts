/** Several guests on one machine share its frames and its time, and nothing else. */
import { describe, expect, test } from "vitest";
import { type BootOptions, type Guest, INVALID_ENTRY, type Machine } from "../../src/api/exports.js";
import { entries, range } from "../support/entries.js";

/** Frames of the machine that a pv guest's pages are on; the scratch page's stands for each ballooned page as well. */
async function framesOf(guest: Guest): Promise<Set<number>> {
  const p2m = await guest.p2m(0, guest.config.pfnLimit);
  return new Set([...p2m].filter((mfn) => mfn !== INVALID_ENTRY));
}

/** No frame is lost, and none belongs to two. */
async function checkFrames(machine: Machine, guests: readonly Guest[], taken = 0): Promise<void> {
  const owned = await Promise.all(guests.map(framesOf));
  const held = await Promise.all(guests.map(async (guest) => (await guest.status()).totPages));
  expect(owned.map(({ size }) => size)).toEqual(held);
  const all = owned.flatMap((frames) => [...frames]);
  expect(new Set(all).size).toBe(all.length);
  expect((await machine.freeFrames()) + all.length + taken).toBe(machine.hostPages);
}

const kinds: readonly BootOptions[] = [
  { maxPfn: 1000 },
  { maxPfn: 700, domain: "hvm", frameListCapacity: 1024 },
  { maxPfn: 800, frameListCapacity: 7, highmemStart: 600 },
  { maxPfn: 300, pfnLimit: 1324, hotplug: true, sectionPages: 256, scrub: false },
  { maxPfn: 500, domain: "hvm", contents: true, mfnSeed: 3, frameListCapacity: 1 },
];

describe.each(entries)("%s", (_, createMachine) => {
  test("guests of many kinds inflate and deflate beside each other", async () => {
    const machine = await createMachine({ hostPages: 4000 });
    await machine.takeFrames(100);
    const guests: Guest[] = [];
    for (const options of kinds) guests.push(await machine.boot(options));
    await checkFrames(machine, guests, 100);
    for (const fraction of [0.5, 0.9, 0.2, 1]) {
      const targets = kinds.map(({ maxPfn }) => Math.round(maxPfn * fraction));
      for (const [i, guest] of guests.entries()) await guest.setTarget({ pages: targets[i] });
      const settled = await Promise.all(guests.map((guest) => guest.settle()));
      expect(settled).toEqual(Array(5).fill({ creditPages: 0, nowMs: 0, workDueMs: null }));
      const stats = await Promise.all(guests.map((guest) => guest.stats()));
      expect(stats.map(({ currentPages }) => currentPages)).toEqual(targets);
      await checkFrames(machine, guests, 100);
    }
    for (const guest of guests) await guest.close();
    expect(await machine.freeFrames()).toBe(3900);
    expect([...(await machine.m2p(0, 4000))]).toEqual(Array(4000).fill(INVALID_ENTRY));
  });

  test("M2P names each pv guest's own page", async () => {
    const machine = await createMachine({ hostPages: 100 });
    const first = await machine.boot({ maxPfn: 30 });
    const translated = await machine.boot({ maxPfn: 20, domain: "hvm" });
    const second = await machine.boot({ maxPfn: 40 });
    expect([...(await translated.p2m(0, 20))]).toEqual(range(30, 49));
    expect([...(await second.p2m(0, 40))]).toEqual(range(50, 89));
    expect([...(await machine.m2p(0, 100))]).toEqual([
      ...range(0, 29),
      ...Array(20).fill(INVALID_ENTRY),
      ...range(0, 39),
      ...Array(10).fill(INVALID_ENTRY),
    ]);
    await first.close();
    expect([...(await machine.m2p(0, 100))]).toEqual([
      ...Array(50).fill(INVALID_ENTRY),
      ...range(0, 39),
      ...Array(10).fill(INVALID_ENTRY),
    ]);
    expect([...(await second.p2m(0, 40))]).toEqual(range(50, 89));
  });

  test("one gets what another gives, and starves when there is no more", async () => {
    const machine = await createMachine({ hostPages: 1000 });
    const giver = await machine.boot({ maxPfn: 600 });
    const taker = await machine.boot({ maxPfn: 700, extraRegions: [{ start: 400, pages: 300 }] });
    expect(await machine.freeFrames()).toBe(0);
    await giver.setTarget({ pages: 400 });
    await giver.settle();
    await taker.setTarget({ pages: 700 });
    expect(await taker.settle({ withinMs: 3000 })).toEqual({ creditPages: 100, nowMs: 2000, workDueMs: 6000 });
    await giver.setTarget({ pages: 500 });
    expect(await giver.settle({ withinMs: 0 })).toEqual({ creditPages: 100, nowMs: 2000, workDueMs: 4000 });
    await checkFrames(machine, [giver, taker]);

    await taker.close();
    expect(await machine.freeFrames()).toBe(600);
    expect(await giver.settle()).toEqual({ creditPages: 0, nowMs: 4000, workDueMs: null });
    await checkFrames(machine, [giver]);
    const next = await machine.boot({ maxPfn: 500 });
    expect(await machine.freeFrames()).toBe(0);
    await checkFrames(machine, [giver, next]);
  });

  test("frames that other domains took are missing until they are given back", async () => {
    const machine = await createMachine({ hostPages: 1000 });
    const guest = await machine.boot({ maxPfn: 1000 });
    await guest.setTarget({ pages: 500 });
    await guest.settle();
    expect(await machine.takeFrames(9999)).toBe(500);
    await guest.setTarget({ pages: 1000 });
    await machine.advance(1000);
    expect(await guest.status()).toMatchObject({ creditPages: 500, workDueMs: 2000 });
    expect(await machine.giveFrames(100)).toBe(100);
    expect(await guest.settle({ withinMs: 1000 })).toEqual({ creditPages: 400, nowMs: 2000, workDueMs: 4000 });
    await machine.giveFrames(9999);
    expect(await guest.settle()).toEqual({ creditPages: 0, nowMs: 4000, workDueMs: null });
  });

  test.each<[string, (guest: Guest) => Promise<unknown>]>([
    ["as booted", async () => {}],
    ["inflated", (guest) => guest.setTarget({ pages: 100 }).then(() => guest.settle())],
    ["with a target and no run", (guest) => guest.setTarget({ pages: 100 })],
    ["with pages lent out", (guest) => guest.takeBallooned(50)],
    ["with pages taken", (guest) => guest.takePages(50)],
    ["after an ENOMEM", (guest) => guest.takeBallooned(5000).catch(() => {})],
  ])("closing a guest %s gives all its frames back, pv and hvm", async (_case, prepare) => {
    const machine = await createMachine({ hostPages: 2100 });
    const other = await machine.boot({ maxPfn: 100 });
    for (const domain of ["pv", "hvm"] as const) {
      const guest = await machine.boot({ maxPfn: 1000, domain, extraRegions: [{ start: 900, pages: 50 }] });
      await prepare(guest);
      await guest.close();
      expect(await machine.freeFrames()).toBe(2000);
    }
    await checkFrames(machine, [other]);
  });

  test("a machine outlives many guests", async () => {
    const machine = await createMachine({ hostPages: 1000 });
    for (let i = 0; i < 300; i++) {
      const guest = await machine.boot({ maxPfn: 100 + (i % 7), domain: i % 2 === 0 ? "pv" : "hvm" });
      await guest.setTarget({ pages: 50 });
      await guest.settle();
      await guest.close();
    }
    expect(await machine.freeFrames()).toBe(1000);
    expect(machine.nowMs).toBe(0);
  });

  test("guests of two machines have nothing in common", async () => {
    const [one, two] = [await createMachine({ hostPages: 500 }), await createMachine({ hostPages: 500 })];
    const [a, b] = [await one.boot({ maxPfn: 500 }), await two.boot({ maxPfn: 500 })];
    await a.setTarget({ pages: 100 });
    await one.advance(9000);
    expect([one.nowMs, two.nowMs]).toEqual([9000, 0]);
    expect([await one.freeFrames(), await two.freeFrames()]).toEqual([400, 0]);
    expect(await b.status()).toMatchObject({ totPages: 500, workDueMs: null });
  });

  test("work of several guests runs in the order in which it is due", async () => {
    const machine = await createMachine({ hostPages: 1000 });
    const [a, b] = [await machine.boot({ maxPfn: 400 }), await machine.boot({ maxPfn: 400 })];
    const runs: unknown[] = [];
    a.on("progress", ({ nowMs }) => runs.push(["a", nowMs]));
    b.on("progress", ({ nowMs }) => runs.push(["b", nowMs]));
    await b.setTarget({ pages: 300 });
    await machine.advance(5);
    await a.setTarget({ pages: 300 });
    await b.setTarget({ pages: 200 });
    await machine.advance(5);
    expect(runs).toEqual([
      ["b", 0],
      ["a", 5],
      ["b", 5],
    ]);
  });
});
