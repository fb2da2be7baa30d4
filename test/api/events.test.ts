/** Events and the kernel log: what is told, when, and that no listener does harm. */
import { describe, expect, test } from "vitest";
import type { BootOptions, Guest, GuestEvents, Machine, SettleProgress } from "../../src/api/exports.js";
import { type CreateMachine, entries, isAfar, rejection, starve } from "../support/entries.js";

type World = { machine: Machine; guest: Guest };

async function boot(createMachine: CreateMachine, options: Partial<BootOptions> = {}): Promise<World> {
  const machine = await createMachine({ hostPages: 1024 });
  return { machine, guest: await machine.boot({ maxPfn: 1024, ...options }) };
}

/** Collects the uncaught errors during an action and shortly after it. */
async function uncaughtDuring(doing: () => Promise<unknown>): Promise<unknown[]> {
  const others = process.listeners("uncaughtException");
  const uncaught: unknown[] = [];
  process.removeAllListeners("uncaughtException");
  process.on("uncaughtException", (error) => uncaught.push(error));
  try {
    await doing();
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.removeAllListeners("uncaughtException");
    for (const other of others) process.on("uncaughtException", other);
  }
  return uncaught;
}

describe.each(entries)("%s", (entry, createMachine) => {
  test("hypercalls, asked and answered", async () => {
    const { guest } = await boot(createMachine);
    const calls: GuestEvents["hypercall"][] = [];
    guest.on("hypercall", (call) => calls.push(call));
    await guest.setTarget({ pages: 424 });
    await guest.settle();
    await guest.takeBallooned(601);
    await guest.giveBallooned(new Uint32Array([1]));
    await guest.setTarget({ pages: 424 });
    await guest.settle();
    expect(calls).toEqual([
      { nowMs: 0, op: "decrease", asked: 512, rc: 512 },
      { nowMs: 0, op: "decrease", asked: 88, rc: 88 },
      { nowMs: 0, op: "decrease", asked: 1, rc: 1 },
      { nowMs: 0, op: "populate", asked: 1, rc: 1 },
    ]);
  });

  test("hypercalls that Xen answers in part", async () => {
    const { guest } = await starve(createMachine);
    const calls: GuestEvents["hypercall"][] = [];
    guest.on("hypercall", (call) => calls.push(call));
    await guest.settle({ withinMs: 2000 });
    expect(calls).toEqual([
      { nowMs: 0, op: "populate", asked: 512, rc: 0 },
      { nowMs: 2000, op: "populate", asked: 512, rc: 0 },
    ]);
  });

  test("an inflation of a guest that runs out of pages asks for those it had", async () => {
    const { guest } = await boot(createMachine, { reservedPages: 1000 });
    const calls: GuestEvents["hypercall"][] = [];
    guest.on("hypercall", (call) => calls.push(call));
    await guest.setTarget({ pages: 0 });
    await guest.settle({ withinMs: 2000 });
    expect(calls.map(({ nowMs, asked, rc }) => [nowMs, asked, rc])).toEqual([
      [0, 23, 23],
      [2000, 0, 0],
    ]);
  });

  test("progress, with the sizes of the moment", async () => {
    const { machine, guest } = await boot(createMachine, { frameListCapacity: 1 });
    const pieces: SettleProgress[] = [];
    guest.on("progress", (progress) => pieces.push(progress));
    await machine.advance(250);
    await guest.setTarget({ pages: 24 });
    await guest.settle();
    expect(pieces.length).toBeGreaterThan(2);
    for (const [i, piece] of pieces.entries()) {
      expect(piece).toMatchObject({ nowMs: 250, targetPages: 24 });
      expect(piece.currentPages).toBeLessThan(i === 0 ? 1024 : pieces[i - 1].currentPages);
    }
    expect(pieces.at(-1)?.currentPages).toBe(24);
  });

  test("log lines as they come, and the last 1000 of them", async () => {
    const { guest } = await boot(createMachine, { hotplug: true, sectionPages: 1024 });
    const lines: GuestEvents["log"][] = [];
    guest.on("log", (line) => lines.push(line));
    await guest.tune({ maxScheduleDelaySeconds: 1 });
    await guest.setTarget({ pages: 2000 });
    await guest.settle({ withinMs: 1_199_000 });
    const line = "xen:balloon: reserve_additional_memory: add_memory() failed: -12";
    expect(lines).toHaveLength(1200);
    expect(lines[0]).toEqual({ nowMs: 0, line });
    expect(lines[1199]).toEqual({ nowMs: 1_199_000, line });
    expect(guest.kernelLog).toEqual(Array(1000).fill(line));
  });

  test("each guest tells of itself alone", async () => {
    const machine = await createMachine({ hostPages: 2048 });
    const [one, two] = [await machine.boot({ maxPfn: 1024 }), await machine.boot({ maxPfn: 1024 })];
    const told: string[] = [];
    one.on("hypercall", () => told.push("one"));
    two.on("hypercall", () => told.push("two"));
    await two.setTarget({ pages: 1000 });
    await one.settle();
    expect(told).toEqual([]);
    await two.settle();
    expect(told).toEqual(["two"]);
  });

  test("a listener that has left hears nothing; the others do", async () => {
    const { guest } = await boot(createMachine);
    const heard: string[] = [];
    const stopFirst = guest.on("hypercall", () => heard.push("first"));
    const stopSecond = guest.on("hypercall", () => heard.push("second"));
    const cycle = async (): Promise<string[]> => {
      heard.length = 0;
      await guest.takeBallooned(1);
      return [...heard];
    };
    expect(await cycle()).toEqual(["first", "second"]);
    stopFirst();
    expect(await cycle()).toEqual(["second"]);
    stopFirst();
    stopSecond();
    expect(await cycle()).toEqual([]);
    guest.on("hypercall", () => heard.push("third"));
    expect(await cycle()).toEqual(["third"]);
  });

  test("what a listener throws is an uncaught error; the guest and the other listeners go on", async () => {
    const { guest } = await boot(createMachine);
    const heard: number[] = [];
    const fault = new Error("made by a listener");
    guest.on("hypercall", () => {
      throw fault;
    });
    guest.on("hypercall", ({ asked }) => heard.push(asked));
    await guest.setTarget({ pages: 424 });
    const uncaught = await uncaughtDuring(async () => {
      expect(await guest.settle()).toEqual({ creditPages: 0, nowMs: 0, workDueMs: null });
      expect([...(await guest.takeBallooned(601))]).toHaveLength(601);
    });
    expect(uncaught).toEqual([fault, fault, fault]);
    expect(heard).toEqual([512, 88, 1]);
    expect(await guest.stats()).toMatchObject({ currentPages: 423 });
  });

  test("a listener may ask for everything", async () => {
    const { machine, guest } = await boot(createMachine);
    const answers: Promise<unknown>[] = [];
    guest.on("hypercall", () => {
      answers.push(
        guest.stats(),
        guest.status(),
        guest.balloonedPages(3),
        guest.p2m(0, 1024),
        guest.takePages(2),
        guest.takeBallooned(1),
        machine.advance(10),
      );
    });
    await guest.setTarget({ pages: 1000 });
    await guest.settle();
    expect(answers).toHaveLength(7);
    const [stats, , ballooned, , taken, lent] = await Promise.all(answers);
    expect(stats).toMatchObject({ currentPages: 1000 });
    expect(ballooned).toEqual(new Uint32Array([24, 23, 22]));
    expect(taken).toEqual(new Uint32Array([25, 26]));
    expect(lent).toEqual(new Uint32Array([24]));
    expect(machine.nowMs).toBe(10);
  });

  test.skipIf(isAfar(entry))("a listener may close the guest", async () => {
    const { machine, guest } = await boot(createMachine);
    const closed: Promise<void>[] = [];
    guest.on("hypercall", () => closed.push(guest.close()));
    await guest.setTarget({ pages: 100 });
    expect(await rejection(guest.settle())).toEqual(new Error("the guest is closed"));
    await Promise.all(closed);
    expect(await machine.freeFrames()).toBe(1024);
  });

  test("a listener of the end finds the guest ended, and may boot another", async () => {
    const { machine, guest } = await boot(createMachine, { maxPfn: 512 });
    const after: Promise<unknown>[] = [];
    guest.on("ended", ({ error }) => {
      after.push(rejection(guest.stats()).then((thrown) => thrown === error));
      after.push(machine.boot({ maxPfn: 512 }).then((next) => next.stats()));
    });
    await guest.onCpu(1);
    await guest.setTarget({ pages: 100 });
    await rejection(guest.settle());
    expect(await Promise.all(after)).toEqual([true, expect.objectContaining({ currentPages: 512 })]);
  });

  test("no listener changes what happens", async () => {
    const run = async (watched: boolean): Promise<unknown> => {
      const { machine, guest } = await boot(createMachine, { frameListCapacity: 10 });
      const names = ["log", "hypercall", "progress", "retry", "cancelled", "hotplug", "ended"] as const;
      if (watched) for (const name of names) guest.on(name, () => {});
      await guest.setTarget({ pages: 500 });
      await guest.settle();
      await machine.takeFrames(100);
      await guest.tune({ maxRetryCount: 3 });
      await guest.setTarget({ pages: 1024 });
      const settled = await guest.settle();
      return [settled, await guest.stats(), await guest.status(), await guest.p2m(0, 1024)];
    };
    expect(await run(true)).toEqual(await run(false));
  });
});
