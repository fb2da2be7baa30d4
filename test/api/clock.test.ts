/** settle, abort and the balloon mutex on both clocks; what is special about each of them. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  BalloonBug,
  BalloonError,
  type Guest,
  type Machine,
  type MachineOptions,
  type SettleOptions,
  type SettleProgress,
} from "../../src/api/exports.js";
import { type CreateMachine, entries, isAfar, range, rejection, starve, wrong } from "../support/entries.js";

const HIGH_PAGES = 4096;
const LOW_PAGES = 1000;

type World = { machine: Machine; guest: Guest };

/** A guest with a long way to go: thousands of batches, hence a run that pauses several times. */
async function longRun(createMachine: CreateMachine, clock: MachineOptions["clock"] = "virtual"): Promise<World> {
  const machine = await createMachine({ hostPages: HIGH_PAGES, clock });
  const guest = await machine.boot({ maxPfn: HIGH_PAGES, frameListCapacity: 1, batches: "each" });
  await guest.setTarget({ pages: LOW_PAGES });
  return { machine, guest };
}

const currentPages = async (guest: Guest): Promise<number> => (await guest.stats()).currentPages;

/** Does something once, when the guest's next run has paused for the first time. */
function atFirstPause<T>(guest: Guest, doing: () => T): Promise<T> {
  return new Promise((resolve) => {
    const stop = guest.on("progress", () => {
      stop();
      resolve(doing());
    });
  });
}

/** How often the event loop turns meanwhile. */
async function turnsDuring(doing: Promise<unknown>): Promise<number> {
  let turns = 0;
  let going = true;
  const turn = (): void => {
    turns++;
    if (going) setImmediate(turn);
  };
  setImmediate(turn);
  await doing;
  going = false;
  return turns;
}

describe.each(entries)("%s", (entry, createMachine) => {
  describe.each(["virtual", "real"] as const)("on a %s clock", (clock) => {
    test("settle moves everything", async () => {
      const { machine, guest } = await longRun(createMachine, clock);
      const { nowMs, ...settled } = await guest.settle();
      expect(settled).toEqual({ creditPages: 0, workDueMs: null });
      expect(nowMs).toBeGreaterThanOrEqual(0);
      expect(nowMs).toBeLessThanOrEqual(machine.nowMs);
      expect(await currentPages(guest)).toBe(LOW_PAGES);
      expect(await guest.settle()).toMatchObject({ creditPages: 0, workDueMs: null });
    });

    test("settle tells of its progress, and of no later one", async () => {
      const { guest } = await longRun(createMachine, clock);
      const pieces: SettleProgress[] = [];
      await guest.settle({ onProgress: (progress) => pieces.push(progress) });
      expect(pieces.length).toBeGreaterThanOrEqual(3);
      const sizes = pieces.map((piece) => piece.currentPages);
      expect(sizes).toEqual([...new Set(sizes)].toSorted((a, b) => b - a));
      expect(sizes[0]).toBeLessThan(HIGH_PAGES);
      expect(sizes.at(-1)).toBe(LOW_PAGES);
      expect(new Set(pieces.map((piece) => piece.targetPages))).toEqual(new Set([LOW_PAGES]));
      await guest.setTarget({ pages: HIGH_PAGES });
      await guest.settle();
      expect(pieces).toHaveLength(sizes.length);
    });

    // nothing runs until the caller looks: afar it has begun by then
    const untouched = test.skipIf(isAfar(entry) && clock === "real");

    untouched("aborted before: nothing has moved, the work is still due, a later settle finishes", async () => {
      const { guest } = await longRun(createMachine, clock);
      const reason = new Error("changed my mind");
      expect(await rejection(guest.settle({ signal: AbortSignal.abort(reason) }))).toBe(reason);
      expect(await currentPages(guest)).toBe(HIGH_PAGES);
      expect(await guest.status()).toMatchObject({ workDueMs: expect.any(Number), memoryOps: 0 });
      expect(await guest.settle()).toMatchObject({ creditPages: 0, workDueMs: null });
      expect(await currentPages(guest)).toBe(LOW_PAGES);
    });

    test.each([1, 2])("aborted in report %d: what moved stays moved, a later settle finishes", async (report) => {
      const { guest } = await longRun(createMachine, clock);
      const controller = new AbortController();
      let reports = 0;
      const onProgress = (): void => {
        if (++reports === report) controller.abort();
      };
      const error = await rejection(guest.settle({ signal: controller.signal, onProgress }));
      expect(error).toMatchObject({ name: "AbortError" });
      const moved = await currentPages(guest);
      expect(moved).toBeLessThan(HIGH_PAGES);
      expect(moved).toBeGreaterThan(LOW_PAGES);
      expect(await guest.status()).toMatchObject({ workDueMs: expect.any(Number), totPages: moved });
      expect(await guest.settle({ signal: new AbortController().signal })).toMatchObject({ creditPages: 0 });
      expect(await currentPages(guest)).toBe(LOW_PAGES);
      expect(await guest.status()).toMatchObject({ memoryOps: HIGH_PAGES - LOW_PAGES, totPages: LOW_PAGES });
    });

    test("an abort after the end does nothing", async () => {
      const { guest } = await longRun(createMachine, clock);
      const controller = new AbortController();
      await guest.settle({ signal: controller.signal });
      controller.abort();
      await guest.setTarget({ pages: HIGH_PAGES });
      expect(await guest.settle()).toMatchObject({ creditPages: 0 });
    });

    test("of two settles of one guest, the abort of one leaves the other to finish", async () => {
      const { guest } = await longRun(createMachine, clock);
      const controller = new AbortController();
      const aborted = rejection(guest.settle({ signal: controller.signal, onProgress: () => controller.abort() }));
      const other = guest.settle();
      expect(await aborted).toMatchObject({ name: "AbortError" });
      expect(await other).toMatchObject({ creditPages: 0, workDueMs: null });
      expect(await currentPages(guest)).toBe(LOW_PAGES);
    });

    test("a new target counts from the next batch of a run that has paused", async () => {
      const { guest } = await longRun(createMachine, clock);
      const retargeted = atFirstPause(guest, () => guest.setTarget({ pages: HIGH_PAGES }));
      expect(await guest.settle()).toMatchObject({ creditPages: 0, workDueMs: null });
      await retargeted;
      expect(await currentPages(guest)).toBe(HIGH_PAGES);
      const { scrubbedPages } = await guest.status();
      expect(scrubbedPages).toBeGreaterThan(0);
      expect(scrubbedPages).toBeLessThan(HIGH_PAGES - LOW_PAGES);
    });

    test("ballooned pages wait for a run that has paused: it holds the mutex", async () => {
      const { guest } = await longRun(createMachine, clock);
      const lentAt = atFirstPause(guest, async () => {
        const pfns = await guest.takeBallooned(3);
        return { pfns: [...pfns], currentPages: await currentPages(guest) };
      });
      await guest.settle();
      expect(await lentAt).toEqual({ pfns: [3096, 3095, 3094], currentPages: LOW_PAGES });

      await guest.setTarget({ pages: HIGH_PAGES });
      const givenAt = atFirstPause(guest, async () => {
        await guest.giveBallooned(new Uint32Array([3095, 3096]));
        return currentPages(guest);
      });
      await guest.settle();
      // in a thread of its own, the work that this queues may be done before the question comes
      expect([HIGH_PAGES - 3, HIGH_PAGES - 1]).toContain(await givenAt);
      await guest.settle();
      expect(await currentPages(guest)).toBe(HIGH_PAGES - 1);
    });

    test("memory comes online after a run that has paused", async () => {
      const machine = await createMachine({ hostPages: 3 * HIGH_PAGES, clock });
      const guest = await machine.boot({
        maxPfn: HIGH_PAGES,
        pfnLimit: 2 * HIGH_PAGES,
        hotplug: true,
        sectionPages: HIGH_PAGES,
        frameListCapacity: 1,
      });
      await guest.setTarget({ pages: HIGH_PAGES + 1 });
      await guest.settle();
      await guest.setTarget({ pages: LOW_PAGES });
      const online = atFirstPause(guest, async () => {
        await guest.online({ sections: 1 });
        return currentPages(guest);
      });
      await guest.settle();
      expect(await online).toBe(LOW_PAGES);
    });

    test("close waits for a run that has paused; then a settle under way says that the guest is closed", async () => {
      const { machine, guest } = await longRun(createMachine, clock);
      const closed = atFirstPause(guest, () => guest.close());
      expect(await rejection(guest.settle())).toEqual(new Error("the guest is closed"));
      await closed;
      expect(await machine.freeFrames()).toBe(HIGH_PAGES);
      const next = await machine.boot({ maxPfn: HIGH_PAGES });
      expect([...(await next.p2m(0, 3))]).toEqual(range(0, 2));
    });

    test("a BUG_ON ends a settle with it", async () => {
      const { guest } = await longRun(createMachine, clock);
      const injected = atFirstPause(guest, () => guest.inject({ decrease: { rc: 0, times: 1 } }));
      const error = await rejection(guest.settle());
      expect(error).toBeInstanceOf(BalloonBug);
      await injected;
      expect(await rejection(guest.settle())).toBe(error);
    });

    test("the event loop turns while a guest of 16 GiB settles", async () => {
      const machine = await createMachine({ hostPages: 2 ** 22, clock });
      const guest = await machine.boot({ maxPfn: 2 ** 22 });
      await guest.setTarget({ pages: 2 ** 21 });
      const settling = guest.settle();
      expect(await turnsDuring(settling)).toBeGreaterThanOrEqual(3);
      expect(await settling).toMatchObject({ creditPages: 0, workDueMs: null });
      expect(await currentPages(guest)).toBe(2 ** 21);
    });

    untouched.each<[SettleOptions, typeof TypeError | typeof RangeError]>([
      [{ withinMs: -1 }, RangeError],
      [{ withinMs: 0.5 }, RangeError],
      [{ withinMs: Number.POSITIVE_INFINITY }, RangeError],
      [{ withinMs: wrong("1000") }, TypeError],
    ])("%o is refused, and nothing runs", async (options, type) => {
      const { guest } = await longRun(createMachine, clock);
      const error = await rejection(guest.settle(options));
      expect(error).toBeInstanceOf(type);
      expect((error as Error).message).toMatch(/^withinMs: expected ms /);
      expect(await currentPages(guest)).toBe(HIGH_PAGES);
    });
  });

  describe("virtual time", () => {
    test("stops at the last work that ran", async () => {
      const { machine, guest } = await starve(createMachine);
      expect(await guest.settle({ withinMs: 5999 })).toEqual({ creditPages: 512, nowMs: 2000, workDueMs: 6000 });
      expect(machine.nowMs).toBe(2000);
      expect(await guest.settle({ withinMs: 3999 })).toEqual({ creditPages: 512, nowMs: 2000, workDueMs: 6000 });
      expect(await guest.settle({ withinMs: 4000 })).toEqual({ creditPages: 512, nowMs: 6000, workDueMs: 14_000 });
      await machine.giveFrames(512);
      expect(await guest.settle()).toEqual({ creditPages: 0, nowMs: 14_000, workDueMs: null });
      expect(await guest.settle()).toEqual({ creditPages: 0, nowMs: 14_000, workDueMs: null });
    });

    test("is given up after an hour", async () => {
      const { guest } = await starve(createMachine);
      // tries at 0, 2, 6, 14 and 30 s, then every 32 s
      const last = 30_000 + 32_000 * Math.floor((3_600_000 - 30_000) / 32_000);
      expect(await guest.settle()).toEqual({ creditPages: 512, nowMs: last, workDueMs: last + 32_000 });
    });

    test("passes in advance, where work runs when it is due", async () => {
      const { machine, guest } = await starve(createMachine);
      await machine.advance(1999);
      expect(await guest.stats()).toMatchObject({ retryCount: 2 });
      await machine.advance(1);
      expect(await guest.stats()).toMatchObject({ retryCount: 3 });
      await machine.advance(11_999);
      expect(machine.nowMs).toBe(13_999);
      expect(await guest.stats()).toMatchObject({ retryCount: 4 });
      await machine.giveFrames(512);
      await machine.advance(10_000);
      expect(machine.nowMs).toBe(23_999);
      expect(await guest.stats()).toMatchObject({ currentPages: 1024, retryCount: 1 });
    });

    test("passes for one call after another", async () => {
      const { machine, guest } = await longRun(createMachine);
      const order: string[] = [];
      await Promise.all([
        machine.advance(10).then(() => order.push(`advanced to ${machine.nowMs}`)),
        guest.settle().then(({ nowMs }) => order.push(`settled at ${nowMs}`)),
        machine.advance(10).then(() => order.push(`advanced to ${machine.nowMs}`)),
      ]);
      expect(order).toEqual(["advanced to 10", "settled at 10", "advanced to 20"]);
    });

    test("the same calls give the same run", async () => {
      const run = async (): Promise<unknown> => {
        const { machine, guest } = await starve(createMachine);
        const told: unknown[] = [];
        guest.on("retry", (event) => told.push(event));
        guest.on("hypercall", (event) => told.push(event));
        await machine.advance(12_345);
        await machine.giveFrames(100);
        told.push(await guest.settle({ withinMs: 100_000 }), await guest.stats(), await guest.p2m(0, 1024));
        return told;
      };
      expect(await run()).toEqual(await run());
    });

    test.skipIf(isAfar(entry))("an abort while the guest waits between tries ends the settle", async () => {
      const { guest } = await starve(createMachine);
      const controller = new AbortController();
      guest.on("retry", () => controller.abort());
      const error = await rejection(guest.settle({ signal: controller.signal }));
      expect(error).toMatchObject({ name: "AbortError" });
      expect(await guest.status()).toMatchObject({ creditPages: 512, workDueMs: 2000 });
    });

    test("the event loop turns while a guest tries for days", async () => {
      const { machine, guest } = await starve(createMachine);
      const threeDaysMs = 3 * 86_400_000; // 8100 tries
      expect(await turnsDuring(guest.settle({ withinMs: threeDaysMs }))).toBeGreaterThan(1);
      expect(await turnsDuring(machine.advance(threeDaysMs))).toBeGreaterThan(1);
    });
  });

  describe("real time", () => {
    test("passes by itself, and cannot be advanced", async () => {
      const machine = await createMachine({ hostPages: 1024, clock: "real" });
      const begunMs = machine.nowMs;
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(machine.nowMs).toBeGreaterThan(begunMs);
      const error = await rejection(machine.advance(1));
      expect(error).toBeInstanceOf(BalloonError);
      expect(error).toMatchObject({ code: "EINVAL", message: "EINVAL: a real clock cannot be advanced" });
    });

    test("a retry waits its real second", async () => {
      const machine = await createMachine({ hostPages: 1024, clock: "real" });
      const guest = await machine.boot({ maxPfn: 1024 });
      await guest.setTarget({ pages: 512 });
      await guest.settle();
      await guest.tune({ maxScheduleDelaySeconds: 1 });
      await guest.inject({ populate: { rc: 0, times: 1 } });
      const due: number[] = [];
      // before the target, whose work may run at once
      guest.on("retry", ({ dueMs }) => due.push(dueMs));
      const begunMs = performance.now();
      await guest.setTarget({ pages: 1024 });
      const { nowMs, ...settled } = await guest.settle();
      expect(performance.now() - begunMs).toBeGreaterThanOrEqual(1000);
      expect(settled).toEqual({ creditPages: 0, workDueMs: null });
      expect(due).toHaveLength(1);
      expect(nowMs).toBeGreaterThanOrEqual(due[0]);
    });

    test("a signal that has aborted is noticed while a run is under way", async () => {
      const { guest } = await longRun(createMachine, "real");
      await atFirstPause(guest, () => undefined);
      await expect(guest.settle({ signal: AbortSignal.abort() })).rejects.toMatchObject({ name: "AbortError" });
      expect(await currentPages(guest)).toBeGreaterThan(LOW_PAGES);
    });

    test("withinMs is over while a run is under way", async () => {
      const { guest } = await longRun(createMachine, "real");
      await atFirstPause(guest, () => undefined);
      const { creditPages } = await guest.settle({ withinMs: 0 });
      expect(creditPages).toBeLessThan(0);
      expect(await guest.settle()).toMatchObject({ creditPages: 0, workDueMs: null });
    });

    describe("on timers", () => {
      beforeEach(() => {
        vi.useFakeTimers();
      });
      afterEach(() => {
        vi.useRealTimers();
      });

      /** Starves a guest, as starve does, and returns at the first refusal: 0 ms. */
      async function starving(): Promise<World> {
        const machine = await createMachine({ hostPages: 1024, clock: "real" });
        const guest = await machine.boot({ maxPfn: 1024 });
        await guest.setTarget({ pages: 512 });
        await vi.advanceTimersByTimeAsync(0);
        await machine.takeFrames(512);
        await guest.setTarget({ pages: 1024 });
        await vi.advanceTimersByTimeAsync(0);
        expect(await guest.status()).toMatchObject({ creditPages: 512, workDueMs: 2000, memoryOps: 2 });
        return { machine, guest };
      }

      test("work runs without a settle", async () => {
        const machine = await createMachine({ hostPages: 1024, clock: "real" });
        const guest = await machine.boot({ maxPfn: 1024 });
        await guest.setTarget({ pages: 512 });
        expect(await currentPages(guest)).toBe(1024);
        await vi.advanceTimersByTimeAsync(0);
        expect(await currentPages(guest)).toBe(512);
        expect(vi.getTimerCount()).toBe(0);
      });

      test("waits of 2, 4 and 8 seconds", async () => {
        const { machine, guest } = await starving();
        const memoryOps = async (): Promise<number> => (await guest.status()).memoryOps;
        const settling = guest.settle();
        for (const [waitMs, tries] of [
          [2000, 3],
          [4000, 4],
          [8000, 5],
        ]) {
          await vi.advanceTimersByTimeAsync(waitMs - 1);
          expect(await memoryOps()).toBe(tries - 1);
          await vi.advanceTimersByTimeAsync(1);
          expect(await memoryOps()).toBe(tries);
        }
        await machine.giveFrames(512);
        await vi.advanceTimersByTimeAsync(16_000);
        expect(await settling).toEqual({ creditPages: 0, nowMs: 30_000, workDueMs: null });
        expect(vi.getTimerCount()).toBe(0);
      });

      test("a new target does not end the wait", async () => {
        const { guest } = await starving();
        await vi.advanceTimersByTimeAsync(500);
        await guest.setTarget({ pages: 100 });
        await vi.advanceTimersByTimeAsync(1499);
        expect(await currentPages(guest)).toBe(512);
        await vi.advanceTimersByTimeAsync(1);
        expect(await currentPages(guest)).toBe(100);
      });

      test("cancelled work waits for nothing", async () => {
        const { guest } = await starving();
        await guest.tune({ maxRetryCount: 2 });
        const settling = guest.settle();
        await vi.advanceTimersByTimeAsync(2000);
        expect(await settling).toEqual({ creditPages: 512, nowMs: 2000, workDueMs: null });
        expect(vi.getTimerCount()).toBe(0);
      });

      test("withinMs is over before the next try, which comes all the same", async () => {
        const { machine, guest } = await starving();
        const settling = guest.settle({ withinMs: 700 });
        await vi.advanceTimersByTimeAsync(700);
        expect(await settling).toEqual({ creditPages: 512, nowMs: 700, workDueMs: 2000 });
        await machine.giveFrames(512);
        await vi.advanceTimersByTimeAsync(1300);
        expect(await currentPages(guest)).toBe(1024);
      });

      test("an abort ends the wait at once; the work stays due, and a later settle finishes", async () => {
        const { machine, guest } = await starving();
        const controller = new AbortController();
        const settling = rejection(guest.settle({ signal: controller.signal }));
        await vi.advanceTimersByTimeAsync(700);
        controller.abort(new Error("changed my mind"));
        expect(await settling).toEqual(new Error("changed my mind"));
        expect(await guest.status()).toMatchObject({ workDueMs: 2000 });
        await machine.giveFrames(512);
        const later = guest.settle();
        await vi.advanceTimersByTimeAsync(1300);
        expect(await later).toEqual({ creditPages: 0, nowMs: 2000, workDueMs: null });
      });

      test("close ends the wait of a settle at once", async () => {
        const { machine, guest } = await starving();
        let ended: unknown = "not yet";
        const settling = rejection(guest.settle()).then((error) => {
          ended = error;
        });
        await vi.advanceTimersByTimeAsync(700);
        await guest.close();
        await vi.advanceTimersByTimeAsync(0);
        expect(ended).toEqual(new Error("the guest is closed"));
        expect(vi.getTimerCount()).toBe(0);
        await settling;
        expect(await machine.freeFrames()).toBe(512);
      });

      test("a BUG_ON on a timer ends the guest, which tells it", async () => {
        const { machine, guest } = await starving();
        await machine.giveFrames(512);
        await guest.inject({ vaMapping: { rc: -1, times: 1 } });
        const ended: unknown[] = [];
        guest.on("ended", ({ nowMs, error }) => ended.push([nowMs, error]));
        await vi.advanceTimersByTimeAsync(2000);
        expect(ended).toEqual([[2000, expect.any(BalloonBug)]]);
        expect(await rejection(guest.stats())).toBeInstanceOf(BalloonBug);
        expect(vi.getTimerCount()).toBe(0);
        await guest.close();
      });
    });
  });
});
