/** Snapshots of a machine: whatever was done since is undone, on every entry. */
import { describe, expect, test } from "vitest";
import type { Guest, GuestEvents, Machine } from "../../src/api/exports.js";
import { EBUSY } from "../../src/host/errors.js";
import {
  ArgumentRangeError,
  ArgumentTypeError,
  BalloonBug,
  BalloonError,
  createMachine as createWasmMachine,
} from "../../src/index.js";
import { type CreateMachine, entries, rejection, starve, snapshot as stateOf, wrong } from "../support/entries.js";

const MODERN = { maxPfn: 4096, pfnLimit: 8192, sectionPages: 64, driver: "modern", hotplug: true } as const;

/** A guest whose callers wait for hot-added pages. */
async function modern(createMachine: CreateMachine): Promise<{ machine: Machine; guest: Guest }> {
  const machine = await createMachine({ hostPages: 20_000 });
  const guest = await machine.boot(MODERN);
  await guest.tune({ hotplugUnpopulated: true });
  return { machine, guest };
}

describe.each(entries)("%s", (_, createMachine) => {
  test("a restore undoes every kind of call, and what follows is as it was", async () => {
    const machine = await createMachine({ hostPages: 20_000 });
    const options = {
      maxPfn: 4096,
      pfnLimit: 8192,
      hotplug: true,
      sectionPages: 64,
      contents: true,
      highmemStart: 3000,
    };
    const guest = await machine.boot({ ...options, mfnSeed: 7 });
    const busy = await guest.takePages(50);
    await guest.fillPages(busy, 0xaa);
    const lent = await guest.takeBallooned(20);
    await guest.inject({ populate: { rc: 0, times: 3 } });
    const snapshot = await machine.snapshot();
    expect(snapshot.nowMs).toBe(0);
    expect(snapshot.bytes).toBeGreaterThan(0);
    const before = await stateOf(machine, guest);

    async function story(): Promise<unknown[]> {
      await guest.setTarget({ pages: 1500 });
      const seen: unknown[] = [await guest.settle({ withinMs: 100 })];
      await guest.setTarget({ pages: 4000 });
      seen.push(await guest.settle({ withinMs: 2500 }), await machine.takeFrames(5000));
      await guest.tune({ maxRetryCount: 4 });
      await guest.giveBallooned(lent);
      await guest.givePages(busy);
      await guest.setTarget({ pages: 5000 });
      seen.push(await guest.settle({ withinMs: 10_000 }));
      await guest.online({ sections: 1 });
      await guest.cpuUp(3);
      await guest.onCpu(3);
      await guest.setMaxPages(4500);
      seen.push(await guest.settle({ withinMs: 1000 }), await guest.readWord(busy[0], 5));
      await machine.advance(1234);
      return [...seen, await stateOf(machine, guest)];
    }

    const first = await story();
    await machine.restore(snapshot);
    expect(await stateOf(machine, guest)).toEqual(before);
    expect(await guest.readWord(busy[0], 5)).toBe(0xaaaa_aaaa);
    expect(await story()).toEqual(first);
    const later = await machine.snapshot();
    const afterwards = await stateOf(machine, guest);
    await machine.restore(snapshot);
    await machine.restore(later);
    expect(await stateOf(machine, guest)).toEqual(afterwards);
    await machine.close();
  });

  test("a retry that waits is due again when it was", async () => {
    const { machine, guest } = await starve(createMachine);
    const { workDueMs } = await guest.settle({ withinMs: 10_000 });
    const snapshot = await machine.snapshot();
    await machine.giveFrames(512);
    const done = await guest.settle();
    expect(done).toMatchObject({ creditPages: 0, nowMs: workDueMs });
    await machine.restore(snapshot);
    expect((await guest.status()).workDueMs).toBe(workDueMs);
    expect(await machine.freeFrames()).toBe(0);
    await machine.giveFrames(512);
    expect(await guest.settle()).toEqual(done);
    await machine.close();
  });

  test("a guest that ended lives again, and may end again", async () => {
    const machine = await createMachine({ hostPages: 2048 });
    const guest = await machine.boot({ maxPfn: 1024 });
    const ends: GuestEvents["ended"][] = [];
    guest.on("ended", (event) => ends.push(event));
    await guest.inject({ decrease: { rc: -1, times: 1 } });
    await guest.setTarget({ pages: 100 });
    const alive = await machine.snapshot();
    const bug = await rejection(guest.settle());
    expect(bug).toBeInstanceOf(BalloonBug);
    const dead = await machine.snapshot();

    await machine.restore(alive);
    expect((await guest.stats()).currentPages).toBe(1024);
    const again = await rejection(guest.settle());
    expect(again).toBeInstanceOf(BalloonBug);
    expect(again).not.toBe(bug);
    expect(await rejection(guest.stats())).toBe(again);
    expect(ends.map(({ error }) => error)).toEqual([bug, again]);

    await machine.restore(dead);
    expect(await rejection(guest.stats())).toBeInstanceOf(BalloonBug);
    await machine.restore(alive);
    await guest.inject({ decrease: { rc: -1, times: 0 } });
    expect(await guest.settle()).toMatchObject({ creditPages: 0 });
    expect(ends).toHaveLength(2);
    await machine.close();
  });

  test("a guest that was closed lives again, one that was booted since is closed", async () => {
    const machine = await createMachine({ hostPages: 8192 });
    const first = await machine.boot({ maxPfn: 1024, domain: "hvm" });
    const lines: string[] = [];
    const progress: number[] = [];
    first.on("log", ({ line }) => lines.push(line));
    first.on("progress", ({ currentPages }) => progress.push(currentPages));
    await first.setTarget({ pages: 700 });
    await first.settle();
    const snapshot = await machine.snapshot();
    const before = await stateOf(machine, first);
    await first.close();
    const second = await machine.boot({ maxPfn: 2048, domain: "hvm" });
    const third = await machine.boot({ maxPfn: 512 });
    expect(machine.guests).toEqual([second, third]);

    await machine.restore(snapshot);
    expect(machine.guests).toEqual([first]);
    expect(await stateOf(machine, first)).toEqual(before);
    expect(await rejection(second.stats())).toEqual(new Error("the guest is closed"));
    await third.close();
    expect(await machine.freeFrames()).toBe(8192 - 700);

    progress.length = 0;
    await first.setTarget({ pages: 900 });
    await first.settle();
    expect(progress.at(-1)).toBe(900);
    // the room of the guests that are gone is used again
    const { memoryBytes } = machine;
    for (let i = 0; i < 5; i++) {
      await machine.boot({ maxPfn: 2048, domain: "hvm" });
      await machine.restore(snapshot);
    }
    expect(machine.memoryBytes).toBe(memoryBytes);
    await first.close();
    expect(await machine.freeFrames()).toBe(8192);
    await machine.close();
  });

  test("a guest that was closed and came back can be closed and come back again, by any snapshot", async () => {
    const machine = await createMachine({ hostPages: 4096 });
    const guest = await machine.boot({ maxPfn: 1024 });
    const empty = await machine.snapshot();
    await guest.setTarget({ pages: 600 });
    await guest.settle();
    const full = await machine.snapshot();
    for (const [snapshot, pages] of [
      [empty, 1024],
      [full, 600],
      [full, 600],
      [empty, 1024],
    ] as const) {
      await guest.close();
      await machine.restore(snapshot);
      expect((await guest.stats()).currentPages).toBe(pages);
      expect(machine.nowMs).toBe(snapshot.nowMs);
    }
    await machine.close();
  });

  test("a snapshot waits for the calls before it, and for a run to end", async () => {
    const machine = await createMachine({ hostPages: 300_000 });
    const guest = await machine.boot({ maxPfn: 300_000, frameListCapacity: 1, batches: "each" });
    const start = await machine.snapshot();
    await guest.setTarget({ pages: 200_000 });
    const settled = guest.settle();
    const done = await machine.snapshot();
    expect(await settled).toMatchObject({ creditPages: 0 });
    await machine.restore(start);
    await machine.restore(done);
    expect((await guest.stats()).currentPages).toBe(200_000);
    await machine.close();
  });

  test("what is no snapshot of this machine is refused, and changes nothing", async () => {
    const machine = await createMachine({ hostPages: 2048 });
    const other = await createMachine({ hostPages: 2048 });
    const guest = await machine.boot({ maxPfn: 1024 });
    const mine = await machine.snapshot();
    const theirs = await other.snapshot();
    await guest.setTarget({ pages: 100 });
    const before = await stateOf(machine, guest);
    expect(await rejection(machine.restore(theirs))).toEqual(
      new ArgumentRangeError("snapshot", "one of this machine", "one of another machine"),
    );
    for (const value of [undefined, null, {}, "first", { ...mine }]) {
      expect(await rejection(machine.restore(wrong(value)))).toBeInstanceOf(ArgumentTypeError);
    }
    await mine.close();
    await mine.close();
    expect(await rejection(machine.restore(mine))).toEqual(new Error("the snapshot is closed"));
    expect(await stateOf(machine, guest)).toEqual(before);
    const last = await machine.snapshot();
    await machine.close();
    await other.close();
    expect((await rejection(machine.restore(last))) as Error).toHaveProperty("message", "the machine is closed");
    expect((await rejection(machine.snapshot())) as Error).toHaveProperty("message", "the machine is closed");
  });

  test("a caller of the modern driver who waits for pages keeps a snapshot from being taken; a restore ends its call", async () => {
    const { machine, guest } = await modern(createMachine);
    const before = await machine.snapshot();
    const status = await guest.status();
    const undone = rejection(guest.takeBallooned(30));
    expect(await guest.status()).toMatchObject({ waitingCalls: 1 });
    const refused = await rejection(machine.snapshot());
    expect(refused).toEqual(new BalloonError(EBUSY, "expected no call of takeBallooned that waits for pages, got 1"));
    await machine.restore(before);
    expect(await undone).toEqual(new Error("the guest has gone back to a time before this call"));
    expect(await guest.status()).toEqual(status);

    // no page of the call that has not been is lent out, and the next one gets the same
    const lent = async (): Promise<unknown> => {
      const pages = guest.takeBallooned(30);
      await guest.online();
      await guest.settle({ withinMs: 0 });
      return [await pages, await stateOf(machine, guest)];
    };
    const first = await lent();
    const after = await machine.snapshot();
    await machine.restore(before);
    expect(await lent()).toEqual(first);
    await machine.restore(after);
    expect(await guest.status()).toMatchObject({ waitingCalls: 0 });
    await machine.close();
  });

  test("a caller who waits in a guest that was booted since hears that the guest is closed", async () => {
    const machine = await createMachine({ hostPages: 20_000 });
    const empty = await machine.snapshot();
    const guest = await machine.boot(MODERN);
    await guest.tune({ hotplugUnpopulated: true });
    const call = rejection(guest.takeBallooned(30));
    await machine.restore(empty);
    expect(await call).toEqual(new Error("the guest is closed"));
    await machine.close();
  });

  test("the modern driver's thread looks again when it did, and its late initcall runs again", async () => {
    const machine = await createMachine({ hostPages: 8192 });
    const guest = await machine.boot({ maxPfn: 4096, domain: "hvm", driver: "modern", reservedPages: 100 });
    await guest.tune({ maxRetryCount: 0 });
    await guest.setTarget({ pages: 3000 });
    const early = await machine.snapshot();
    await guest.lateInit();
    const down = await stateOf(machine, guest);
    await machine.takeFrames(8192);
    await guest.setTarget({ pages: 3500 });
    await guest.settle({ withinMs: 5000 });
    const starved = await stateOf(machine, guest);
    expect(starved).toMatchObject({ status: { threadState: "eagain", creditPages: 500 } });
    const late = await machine.snapshot();
    await machine.advance(100_000);
    const later = await stateOf(machine, guest);

    await machine.restore(late);
    expect(await stateOf(machine, guest)).toEqual(starved);
    await machine.advance(100_000);
    expect(await stateOf(machine, guest)).toEqual(later);
    expect(await rejection(guest.lateInit())).toMatchObject({ code: "EEXIST" });

    await machine.restore(early);
    await guest.lateInit();
    expect(await stateOf(machine, guest)).toEqual(down);
    await machine.close();
  });

  test("a real clock cannot go back", async () => {
    const machine = await createMachine({ hostPages: 2048, clock: "real" });
    const refused = await rejection(machine.snapshot());
    expect(refused).toBeInstanceOf(BalloonError);
    expect(refused).toMatchObject({ code: "EINVAL" });
    await machine.close();
  });
});

test.each(["pv", "hvm"] as const)("a snapshot of a %s guest of 1 TiB takes little memory", async (domain) => {
  const pages = 2 ** 28;
  const machine = await createWasmMachine({ hostPages: pages });
  const guest = await machine.boot({ maxPfn: pages, domain });
  const snapshots = [await machine.snapshot()];
  for (let gib = 960; gib >= 512; gib -= 64) {
    await guest.setTarget({ bytes: gib * 2 ** 30 });
    await guest.settle();
    snapshots.push(await machine.snapshot());
  }
  const [first, ...others] = snapshots.map(({ bytes }) => bytes / 2 ** 20);
  expect(first).toBeLessThan(16);
  expect(others.reduce((sum, mib) => sum + mib)).toBeLessThan(16);
  await machine.restore(snapshots[3]);
  expect(await guest.stats()).toMatchObject({ currentPages: (832 * 2 ** 30) / 4096 });
  await machine.close();
});
