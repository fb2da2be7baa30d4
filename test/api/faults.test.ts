/** Injected faults: partial grants, refusals with back-off, cancellation, and BUG_ONs that end one guest alone. */
import { describe, expect, test } from "vitest";
import {
  BalloonBug,
  type BootOptions,
  type Faults,
  type Guest,
  type GuestEvents,
  type Machine,
} from "../../src/api/exports.js";
import { type CreateMachine, callsThatAsk, entries, rejection, snapshot, starve, wrong } from "../support/entries.js";

/** A guest of 1024 pages, 512 of them in the balloon, which is to get them back. */
async function deflating(createMachine: CreateMachine): Promise<{ machine: Machine; guest: Guest }> {
  const machine = await createMachine({ hostPages: 1024 });
  const guest = await machine.boot({ maxPfn: 1024 });
  await guest.setTarget({ pages: 512 });
  await guest.settle();
  await guest.setTarget({ pages: 1024 });
  return { machine, guest };
}

describe.each(entries)("%s", (_, createMachine) => {
  describe("partial grants", () => {
    test("what is granted counts, the rest is asked for at once", async () => {
      const { guest } = await deflating(createMachine);
      const calls: GuestEvents["hypercall"][] = [];
      guest.on("hypercall", (call) => calls.push(call));
      await guest.inject({ partial: { extents: 10, times: 2 } });
      expect(await guest.settle()).toEqual({ creditPages: 0, nowMs: 0, workDueMs: null });
      expect(calls).toEqual([
        { nowMs: 0, op: "populate", asked: 512, rc: 10 },
        { nowMs: 0, op: "populate", asked: 502, rc: 10 },
        { nowMs: 0, op: "populate", asked: 492, rc: 492 },
      ]);
      expect(await guest.stats()).toMatchObject({ currentPages: 1024, retryCount: 1 });
    });

    test("of nothing are refusals", async () => {
      const { guest } = await deflating(createMachine);
      await guest.inject({ partial: { extents: 0, times: 1 } });
      expect(await guest.settle({ withinMs: 0 })).toEqual({ creditPages: 512, nowMs: 0, workDueMs: 2000 });
    });

    test("a refused call does not use one up", async () => {
      const { guest } = await deflating(createMachine);
      await guest.inject({ partial: { extents: 10, times: 1 }, populate: { rc: -12, times: 1 } });
      await guest.settle({ withinMs: 0 });
      expect(await guest.stats()).toMatchObject({ currentPages: 512 });
      expect(await guest.status()).toMatchObject({ memoryOps: 2 });
      await guest.settle();
      expect(await guest.status()).toMatchObject({ memoryOps: 4 });
    });

    test("reset the back-off", async () => {
      const { guest } = await deflating(createMachine);
      await guest.inject({ populate: { rc: 0, times: 2 } });
      await guest.settle({ withinMs: 2000 });
      expect(await guest.stats()).toMatchObject({ retryCount: 3, scheduleDelaySeconds: 4 });
      await guest.setMaxPages(600);
      await guest.settle({ withinMs: 4000 });
      expect(await guest.stats()).toMatchObject({ currentPages: 600, retryCount: 2, scheduleDelaySeconds: 2 });
    });
  });

  describe("refusals", () => {
    test.each([0, -12])("answered %d: waits of 2, 4, 8 seconds … up to 32", async (rc) => {
      const { guest } = await deflating(createMachine);
      const retries: GuestEvents["retry"][] = [];
      guest.on("retry", (retry) => retries.push(retry));
      await guest.inject({ populate: { rc, times: 7 } });
      expect(await guest.settle()).toEqual({ creditPages: 0, nowMs: 126_000, workDueMs: null });
      expect(retries).toEqual([
        { nowMs: 0, dueMs: 2000, retryCount: 2 },
        { nowMs: 2000, dueMs: 6000, retryCount: 3 },
        { nowMs: 6000, dueMs: 14_000, retryCount: 4 },
        { nowMs: 14_000, dueMs: 30_000, retryCount: 5 },
        { nowMs: 30_000, dueMs: 62_000, retryCount: 6 },
        { nowMs: 62_000, dueMs: 94_000, retryCount: 7 },
        { nowMs: 94_000, dueMs: 126_000, retryCount: 8 },
      ]);
      expect(await guest.stats()).toMatchObject({ currentPages: 1024, scheduleDelaySeconds: 1, retryCount: 1 });
      expect(await guest.status()).toMatchObject({ memoryOps: 9 });
    });

    test("waits are cut to maxScheduleDelaySeconds", async () => {
      const { guest } = await deflating(createMachine);
      await guest.tune({ maxScheduleDelaySeconds: 3 });
      await guest.inject({ populate: { rc: 0, times: 4 } });
      expect(await guest.settle()).toMatchObject({ creditPages: 0, nowMs: 2000 + 3 * 3000 });
    });

    test("a new fault replaces the one before", async () => {
      const { guest } = await deflating(createMachine);
      await guest.inject({ populate: { rc: 0, times: 1000 } });
      await guest.inject({ populate: { rc: 0, times: 1 } });
      expect(await guest.settle()).toMatchObject({ creditPages: 0, nowMs: 2000 });
      await guest.inject({ populate: { rc: 0, times: 1000 } });
      await guest.inject({ populate: { rc: 0, times: 0 } });
      await guest.setTarget({ pages: 512 });
      await guest.settle();
      await guest.setTarget({ pages: 1024 });
      expect(await guest.settle()).toMatchObject({ creditPages: 0, nowMs: 2000 });
    });

    test("a new target does not end the wait", async () => {
      const { guest } = await deflating(createMachine);
      await guest.inject({ populate: { rc: 0, times: 3 } });
      await guest.settle({ withinMs: 2000 });
      await guest.setTarget({ pages: 100 });
      expect(await guest.status()).toMatchObject({ workDueMs: 6000, creditPages: -412 });
      expect(await guest.settle()).toEqual({ creditPages: 0, nowMs: 6000, workDueMs: null });
      expect(await guest.stats()).toMatchObject({ currentPages: 100 });
    });
  });

  describe("cancellation", () => {
    test("after maxRetryCount tries, until there is a new target", async () => {
      const { machine, guest } = await starve(createMachine);
      const events: unknown[] = [];
      guest.on("retry", ({ nowMs }) => events.push(["retry", nowMs]));
      guest.on("cancelled", ({ nowMs }) => events.push(["cancelled", nowMs]));
      await guest.tune({ maxRetryCount: 4 });
      expect(await guest.settle()).toEqual({ creditPages: 512, nowMs: 14_000, workDueMs: null });
      expect(events).toEqual([
        ["retry", 0],
        ["retry", 2000],
        ["retry", 6000],
        ["cancelled", 14_000],
      ]);
      expect(await guest.stats()).toMatchObject({ currentPages: 512, scheduleDelaySeconds: 1, retryCount: 1 });

      await machine.giveFrames(512);
      expect(await guest.settle()).toEqual({ creditPages: 512, nowMs: 14_000, workDueMs: null });
      await machine.advance(100_000);
      expect(await guest.stats()).toMatchObject({ currentPages: 512 });
      await guest.setTarget({ pages: 1024 });
      expect(await guest.settle()).toEqual({ creditPages: 0, nowMs: 114_000, workDueMs: null });
    });

    test("at the first failure with a maxRetryCount of 1", async () => {
      const { guest } = await starve(createMachine);
      await guest.tune({ maxRetryCount: 1 });
      expect(await guest.settle()).toEqual({ creditPages: 512, nowMs: 0, workDueMs: null });
    });

    test("pages given back wake the worker", async () => {
      const { machine, guest } = await starve(createMachine);
      const lent = await guest.takeBallooned(2);
      await guest.tune({ maxRetryCount: 1 });
      await guest.settle();
      await machine.giveFrames(512);
      await guest.giveBallooned(lent);
      expect(await guest.settle()).toMatchObject({ creditPages: 0 });
      expect(await guest.stats()).toMatchObject({ currentPages: 1024 });
    });
  });

  describe("wrong faults", () => {
    test.each<[object, typeof TypeError | typeof RangeError, RegExp]>([
      [
        { populate: { rc: 1, times: 1 } },
        RangeError,
        /^populate\.rc: expected an answer from -2147483648 to 0, got 1$/,
      ],
      [
        { populate: { rc: 0, times: -1 } },
        RangeError,
        /^populate\.times: expected calls from 0 to 4294967295, got -1$/,
      ],
      [{ populate: { rc: 0, times: 2 ** 32 } }, RangeError, /^populate\.times: .* got 4294967296$/],
      [{ populate: { rc: 0 } }, TypeError, /^populate\.times: expected calls as a number, got undefined$/],
      [{ populate: { rc: "0", times: 1 } }, TypeError, /^populate\.rc: .* got ".*"$/],
      [{ partial: { extents: -1, times: 1 } }, RangeError, /^partial\.extents: expected extents from 0 .* got -1$/],
      [{ partial: { extents: 1, times: 0.5 } }, RangeError, /^partial\.times: .* got 0\.5$/],
      [{ decrease: { rc: 2 ** 31, times: 1 } }, RangeError, /^decrease\.rc: .* got 2147483648$/],
      [{ vaMapping: { rc: 0, times: 1 } }, RangeError, /^vaMapping\.rc: expected a number other than 0, got 0$/],
      [{ addMemory: { rc: Number.NaN, times: 1 } }, RangeError, /^addMemory\.rc: .* got NaN$/],
    ])("%o: none is set, not even those beside it", async (faults, type, message) => {
      const { machine, guest } = await deflating(createMachine);
      const before = await snapshot(machine, guest);
      const valid: Faults = { partial: { extents: 1, times: 9 }, populate: { rc: 0, times: 9 } };
      const error = await rejection(guest.inject(wrong({ ...valid, ...faults })));
      expect(error).toBeInstanceOf(type);
      expect((error as Error).message).toMatch(message);
      expect(await snapshot(machine, guest)).toEqual(before);
      expect(await guest.settle()).toEqual({ creditPages: 0, nowMs: 0, workDueMs: null });
      expect(await guest.status()).toMatchObject({ memoryOps: 2 });
    });
  });

  describe("a BUG_ON", () => {
    test("ends this guest: every later call throws the same", async () => {
      const machine = await createMachine({ hostPages: 2048 });
      const guest = await machine.boot({ maxPfn: 1024, contents: true });
      const ended: GuestEvents["ended"][] = [];
      guest.on("ended", (event) => ended.push(event));
      const lent = await guest.takeBallooned(2);
      const taken = await guest.takePages(2);
      await machine.advance(5000);
      await guest.inject({ decrease: { rc: 5, times: 1 } });
      await guest.setTarget({ pages: 100 });
      const bug = await rejection(guest.settle());
      expect(bug).toBeInstanceOf(BalloonBug);
      expect(bug).toMatchObject({
        name: "BalloonBug",
        condition: "ret != nr_pages",
        message: "BUG_ON(ret != nr_pages): the guest has ended",
      });
      expect(ended).toEqual([{ nowMs: 5000, error: bug }]);
      for (const [name, call] of Object.entries(callsThatAsk(guest, lent, taken)))
        expect(await rejection(call()), name).toBe(bug);
      expect(ended).toHaveLength(1);
      expect(guest.kernelLog).toHaveLength(1);
      expect(guest.config.maxPfn).toBe(1024);
    });

    test("is thrown by the call that met it", async () => {
      const machine = await createMachine({ hostPages: 1024 });
      const guest = await machine.boot({ maxPfn: 1024 });
      await guest.inject({ decrease: { rc: -1, times: 1 } });
      const bug = await rejection(guest.takeBallooned(3));
      expect(bug).toMatchObject({ condition: "ret != nr_pages" });
      expect(await rejection(guest.stats())).toBe(bug);
    });

    test.each([
      ["inflating", 512, 100],
      ["deflating", 512, 1024],
    ])("of update_va_mapping, %s", async (_case, first, second) => {
      const machine = await createMachine({ hostPages: 1024 });
      const guest = await machine.boot({ maxPfn: 1024 });
      await guest.setTarget({ pages: first });
      await guest.settle();
      await guest.inject({ vaMapping: { rc: -22, times: 1 } });
      await guest.setTarget({ pages: second });
      expect(await rejection(guest.settle())).toMatchObject({ condition: "ret" });
    });

    test("an auto-translated guest maps nothing, so none of these can fail", async () => {
      const machine = await createMachine({ hostPages: 1024 });
      const guest = await machine.boot({ maxPfn: 1024, domain: "hvm" });
      await guest.inject({ vaMapping: { rc: -22, times: 1 } });
      await guest.setTarget({ pages: 512 });
      expect(await guest.settle()).toMatchObject({ creditPages: 0 });
    });

    test("none where decrease answers the count, although no frame went", async () => {
      const machine = await createMachine({ hostPages: 1024 });
      const guest = await machine.boot({ maxPfn: 1024 });
      await guest.inject({ decrease: { rc: 24, times: 1 } });
      await guest.setTarget({ pages: 1000 });
      expect(await guest.settle()).toMatchObject({ creditPages: 0 });
      expect(await guest.stats()).toMatchObject({ currentPages: 1000, balloonLowPages: 24 });
      expect(await guest.status()).toMatchObject({ totPages: 1024 });
      expect(await machine.freeFrames()).toBe(0);
    });

    test("leaves the other guests and the machine alone", async () => {
      const machine = await createMachine({ hostPages: 3072 });
      const doomed = await machine.boot({ maxPfn: 1024 });
      const other = await machine.boot({ maxPfn: 1024 });
      await doomed.inject({ decrease: { rc: 0, times: 1 } });
      await doomed.setTarget({ pages: 512 });
      await other.setTarget({ pages: 512 });
      // the doomed guest's worker is due first, and runs in the other's settle
      expect(await other.settle()).toEqual({ creditPages: 0, nowMs: 0, workDueMs: null });
      const bug = await rejection(doomed.stats());
      expect(bug).toBeInstanceOf(BalloonBug);
      expect(await rejection(doomed.settle())).toBe(bug);

      await other.setTarget({ pages: 1024 });
      await machine.advance(10_000);
      expect(await other.stats()).toMatchObject({ currentPages: 1024 });
      expect(await (await machine.boot({ maxPfn: 1024 })).stats()).toMatchObject({ currentPages: 1024 });
    });
  });

  describe("close after a BUG_ON gives all frames back", () => {
    test.each<[string, Partial<BootOptions>, Faults]>([
      ["decrease", {}, { decrease: { rc: 0, times: 1 } }],
      ["decrease, auto-translated", { domain: "hvm" }, { decrease: { rc: 0, times: 1 } }],
      ["update_va_mapping, inflating", {}, { vaMapping: { rc: -1, times: 1 } }],
    ])("%s", async (_case, options, faults) => {
      const machine = await createMachine({ hostPages: 1024 });
      const guest = await machine.boot({ maxPfn: 1024, ...options });
      await guest.inject(faults);
      await guest.setTarget({ pages: 512 });
      expect(await rejection(guest.settle())).toBeInstanceOf(BalloonBug);
      await guest.close();
      expect(await machine.freeFrames()).toBe(1024);
    });

    test("update_va_mapping, deflating", async () => {
      const { machine, guest } = await deflating(createMachine);
      await guest.inject({ vaMapping: { rc: -1, times: 1 } });
      expect(await rejection(guest.settle())).toBeInstanceOf(BalloonBug);
      await guest.close();
      expect(await machine.freeFrames()).toBe(1024);
    });

    test("a CPU without a scratch page", async () => {
      const machine = await createMachine({ hostPages: 1024 });
      const guest = await machine.boot({ maxPfn: 1024 });
      await guest.onCpu(1);
      await guest.setTarget({ pages: 512 });
      expect(await rejection(guest.settle())).toBeInstanceOf(BalloonBug);
      await guest.close();
      await guest.close();
      expect(await machine.freeFrames()).toBe(1024);
      expect(await rejection(guest.stats())).toEqual(new Error("the guest is closed"));
    });
  });

  test("close gives back frames that Xen only said it took", async () => {
    const machine = await createMachine({ hostPages: 1024 });
    const guest = await machine.boot({ maxPfn: 1024 });
    await guest.inject({ decrease: { rc: 24, times: 1 } });
    await guest.setTarget({ pages: 1000 });
    await guest.settle();
    await guest.close();
    expect(await machine.freeFrames()).toBe(1024);
  });
});
