/** The laboratory plays programs, time that passes, steps, and faults that hold. */
import { beforeEach, describe, expect, test, vi } from "vitest";
import { Engine } from "../../apps/laboratory/session/engine.js";
import type { Program, Snapshot } from "../../apps/laboratory/session/messages.js";
import { WasmMachine } from "../../src/engine/machine.js";
import { loadModules } from "../../src/index.js";
import { traceScript } from "../../src/scenario/run.js";
import { parseScript } from "../../src/scenario/script.js";
import { release } from "../support/engines.js";

const modules = loadModules();
const CONFIG = "config max_pfn=4096 nr_pages=4096 reserved=16\n";
const FAST = Number.POSITIVE_INFINITY;

let engine: Engine;

async function boot(config = CONFIG): Promise<void> {
  engine = new Engine(modules);
  await engine.configure(config);
  await engine.perform("boot");
}

beforeEach(() => boot());

function program(...items: string[]): Program {
  return { name: "a file", unit: "operation", items: items.map((line) => [line]) };
}

/** Waits until it plays no more. */
async function end(): Promise<Snapshot> {
  let last = await engine.look(null);
  await vi.waitFor(
    async () => {
      last = await engine.look(null);
      expect(last.playback.playing).toBe(false);
    },
    { timeout: 10_000, interval: 1 },
  );
  return last;
}

async function written(): Promise<string> {
  const { done, rest } = await engine.script();
  return done + rest.map((line) => `${line}\n`).join("");
}

/** The last line of the command's trace of a script. */
function endOf(script: string): Record<string, unknown> {
  const lines = [...traceScript(parseScript(script), (pages, base) => new WasmMachine(release, pages, base))];
  return JSON.parse(lines[lines.length - 1]);
}

describe("a program", () => {
  test("is played as fast as possible, and then time stands still", async () => {
    await engine.play(program("target 1000", "advance 60000", "target 2000"));
    await engine.pace(FAST, true);
    const { now, playback } = await end();
    expect(playback).toMatchObject({ playing: false, failure: null, program: { name: "a file", done: 3, of: 3 } });
    expect(now).toMatchObject({ nowMs: 60_000, workDueMs: 60_000, stats: { current_pages: 1000, target_pages: 2000 } });
    expect(await written()).toBe(`${CONFIG}boot\ntarget 1000\nadvance 60000\ntarget 2000\n`);
  });

  test("tells what is done and what is to come", async () => {
    await engine.play(program("target 1000", "advance 60000", "target 2000"));
    await engine.step("operation");
    expect(await engine.script()).toEqual({
      done: `${CONFIG}boot\ntarget 1000\n`,
      operations: 2,
      rest: ["advance 60000", "target 2000"],
    });
    await engine.play(null);
    expect(await engine.script()).toMatchObject({ rest: [] });
    expect((await engine.look(null)).playback.program).toBeNull();
  });

  test("is stepped through, and then what is due is stepped to", async () => {
    await engine.play(program("host_take 4096", "target 1000", "run"));
    for (let i = 0; i < 3; i++) await engine.step("operation");
    await engine.perform("host_take 4096");
    await engine.perform("target 2000");
    await engine.step("operation");
    expect(engine.standing).toMatchObject({ nowMs: 0, workDueMs: 2000 });
    await engine.step("operation");
    expect(engine.standing).toMatchObject({ nowMs: 2000, workDueMs: 6000 });
  });

  test("lets operations of the reader in between, and all of it is written down", async () => {
    await engine.play(program("advance 400", "target 500", "advance 400"));
    await engine.pace(1, true);
    await vi.waitFor(() => expect(engine.standing.nowMs).toBeGreaterThan(20), { timeout: 10_000 });
    await engine.perform("target 3000");
    await engine.pace(FAST, true);
    await end();
    const script = await written();
    expect(script).toMatch(/^config .*\nboot\nadvance \d+\ntarget 3000\nadvance \d+\ntarget 500\nadvance 400\n$/);
    expect(endOf(script)).toMatchObject({ now: 800, stats: { current_pages: 500 } });
    expect((await engine.look(null)).now).toMatchObject({ nowMs: 800, stats: { current_pages: 500 } });
  });

  test("ends where the run refuses an operation, which is told", async () => {
    const many = Array.from({ length: 65 }, (_, i) => `balloon_alloc a${i} 1 0`);
    await engine.play(program(...many, "target 5"));
    await engine.pace(FAST, true);
    const { playback } = await end();
    expect(playback).toMatchObject({
      program: null,
      failure: "a file, operation 65: balloon_alloc: expected at most 64 arrays at once",
    });
    expect(await engine.perform("target 7")).toBe(0);
  });

  test("ends with the guest", async () => {
    await engine.play(program("on_cpu 3", "target 500", "run", "target 600"));
    await engine.pace(FAST, true);
    const { bug, playback } = await end();
    expect(bug).toContain("NULL");
    expect(playback.program).toMatchObject({ done: 3, of: 4 });
  });
});

describe("time", () => {
  test("passes at its pace as one advance, until something is done", async () => {
    await engine.pace(1000, true);
    await vi.waitFor(() => expect(engine.standing.nowMs).toBeGreaterThan(30_000), { timeout: 10_000 });
    await engine.perform("target 1000");
    await engine.pace(1000, false);
    const script = await written();
    expect(script).toMatch(/^config .*\nboot\nadvance \d+\ntarget 1000\n(advance \d+\n)?$/);
    expect(endOf(script)).toMatchObject({ now: (await engine.look(null)).now?.nowMs });
  });

  test("stands still as fast as possible without a program", async () => {
    await engine.pace(FAST, true);
    const { now } = await end();
    expect(now).toMatchObject({ nowMs: 0 });
  });
});

describe("a fault that holds", () => {
  test("takes every frame that comes free, until it is switched off", async () => {
    await engine.perform("target 2048");
    await engine.perform("run");
    await engine.hold("host", true);
    expect(await engine.look(null)).toMatchObject({ now: { hostFreeFrames: 0 }, faults: { holds: { host: true } } });
    await engine.perform("target 1024");
    await engine.perform("advance 5000");
    const { now } = await engine.look(null);
    expect(now).toMatchObject({ hostFreeFrames: 0, stats: { current_pages: 1024 } });
    await engine.perform("target 4096");
    await engine.perform("advance 5000");
    expect((await engine.look(null)).now).toMatchObject({ stats: { current_pages: 1024, retry_count: 3 } });
    await engine.hold("host", false);
    await engine.perform("advance 60000");
    expect(await engine.look(null)).toMatchObject({
      now: { creditPages: 0, hostFreeFrames: 0, stats: { current_pages: 4096 } },
      faults: { holds: { host: false } },
    });
    const end = endOf(await written());
    expect(end).toMatchObject({ host_free: 0, stats: (await engine.look(null)).now?.stats });
  });

  test("takes at the time of the run, not at the end of an advance", async () => {
    await engine.hold("host", true);
    await engine.perform("advance 10");
    await engine.perform("target 4000");
    await engine.perform("advance 1000");
    expect(await written()).toBe(`${CONFIG}boot\nadvance 10\ntarget 4000\nadvance 0\nhost_take 96\nadvance 1000\n`);
    const { samples } = await engine.look(null);
    expect(samples.filter(({ hostFreeFrames }) => hostFreeFrames > 0).every(({ nowMs }) => nowMs === 10)).toBe(true);
  });

  test("takes every page of the guest but what its watermark keeps", async () => {
    await boot("config max_pfn=4096 nr_pages=4096 reserved=16 watermark=100\n");
    await engine.hold("guest", true);
    const { figures, faults } = await engine.look(null);
    expect(figures?.state.freeNormalPages).toBe(100);
    expect(faults.holds).toEqual({ host: false, guest: true });
    await engine.perform("target 1000");
    await engine.perform("advance 3000");
    expect((await engine.look(null)).now).toMatchObject({ stats: { current_pages: 4096, retry_count: 3 } });
    await engine.hold("guest", false);
    await engine.perform("advance 9000");
    expect((await engine.look(null)).now).toMatchObject({ stats: { current_pages: 1000 } });
  });

  test("of an injected kind is told with the calls it still answers", async () => {
    await engine.perform("partial 100 4294967295");
    await engine.perform("fail add_memory -17 2");
    expect((await engine.look(null)).faults).toEqual({
      holds: { host: false, guest: false },
      injected: { partial: { amount: 100, times: 4_294_967_295 }, addMemory: { amount: -17, times: 2 } },
      cpu: 0,
    });
    await engine.perform("partial 100 0");
    expect((await engine.look(null)).faults.injected).toEqual({ addMemory: { amount: -17, times: 2 } });
  });
});

describe("by batch", () => {
  /** The pages in the balloon, and what the page is told of the run. */
  async function seen(): Promise<{ current: number | undefined; batches: number | null }> {
    const { now, playback } = await engine.look(null);
    return { current: now?.stats.current_pages, batches: playback.batches };
  }

  test("a step ends after exactly one batch, and the run goes on from there", async () => {
    await engine.play(program("target 2000", "advance 1000", "target 2100"));
    await engine.step("batch");
    expect(await seen()).toEqual({ current: 4096, batches: null });
    // 2,096 pages are four batches of 512 and one of 48; the turn of the loop after it finds no credit and ends the run
    for (let batch = 1; batch <= 4; batch++) {
      await engine.step("batch");
      expect(await seen()).toEqual({ current: 4096 - 512 * batch, batches: batch });
    }
    await engine.step("batch");
    expect(await seen()).toEqual({ current: 2000, batches: 5 });
    await engine.step("batch");
    expect(engine.standing.nowMs).toBe(1000);
    expect(await seen()).toEqual({ current: 2000, batches: null });
    expect(await written()).toBe(`${CONFIG}boot\ntarget 2000\nadvance 1000\ntarget 2100\n`);
  });

  test("a step by operation ends the run that has stopped, and so does whoever acts next", async () => {
    for (const act of [
      () => engine.step("operation"),
      () => engine.perform("host_take 1"),
      () => engine.play(null),
      () => engine.goTo({ nowMs: 0 }),
    ]) {
      await boot();
      await engine.perform("target 1000");
      await engine.step("batch");
      expect(await seen()).toEqual({ current: 4096 - 512, batches: 1 });
      await act();
      expect(await seen()).toEqual({ current: 1000, batches: null });
    }
    await boot();
    await engine.play(program("target 1000", "run", "target 900"));
    for (let step = 0; step < 3; step++) await engine.step("batch");
    await engine.pace(FAST, true);
    await end();
    expect(await seen()).toEqual({ current: 1000, batches: null });
    expect(engine.standing.workDueMs).toBe(0);
  });

  test.each([
    ["a run of the reader", [], "target 1000\nrun\n"],
    ["a run of the program", ["run", "target 900"], "target 1000\nrun\ntarget 900\n"],
    ["an advance of the program", ["advance 700", "target 900"], "target 1000\nadvance 700\ntarget 900\n"],
  ])("the script has all of %s that has stopped", async (_, lines, script) => {
    await engine.perform("target 1000");
    await engine.play(lines.length === 0 ? null : program(...lines));
    await engine.step("batch");
    expect(await seen()).toEqual({ current: 4096 - 512, batches: 1 });
    expect(await written()).toBe(`${CONFIG}boot\n${script}`);
  });

  test("each batch is made with today's driver, too", async () => {
    await boot("config max_pfn=4096 nr_pages=4096 reserved=16 driver=modern\n");
    await engine.perform("target 2000");
    for (let batch = 1; batch <= 4; batch++) {
      await engine.step("batch");
      expect(await seen()).toEqual({ current: 4096 - 512 * batch, batches: batch });
    }
    await engine.step("batch");
    expect(await seen()).toMatchObject({ current: 2000 });
  });

  test("all batches one by one give what the run gives", async () => {
    const lines = ["host_take 100", "target 1500", "advance 3000", "host_take 4000", "target 3900", "advance 90000"];
    await engine.play(program(...lines));
    let steps = 0;
    for (; (await engine.look(null)).playback.program?.done !== 6; steps++) await engine.step("batch");
    // 2,596 pages are six batches, and of 2,400 the host has 100
    expect(steps).toBeGreaterThan(10);
    const { now } = await engine.look(null);
    const end = endOf(`${CONFIG}boot\n${lines.join("\n")}\n`);
    expect(end).toMatchObject({ now: now?.nowMs, stats: now?.stats, host_free: now?.hostFreeFrames });
  });
});

describe("a breakpoint", () => {
  test.each([
    ["current < 3,000", 4096 - 3 * 512],
    ["current <= 10 MiB", 4096 - 3 * 512],
    ["credit > -1,000 pages", 4096 - 5 * 512],
    ["host free >= 1,024", 4096 - 2 * 512],
    ["free in the guest < 2000", 4096 - 5 * 512],
    ["credit = 0", 1000],
    ["state is DONE", 1000],
  ])("%s stops at the batch with which it comes true", async (condition, current) => {
    await engine.breakAt(condition);
    await engine.play(program("target 1000", "advance 1000", "target 4000"));
    await engine.pace(FAST, true);
    const { now, playback } = await end();
    expect(now?.stats.current_pages).toBe(current);
    expect(playback).toMatchObject({ stoppedAt: condition, playing: false });
    await engine.pace(FAST, true);
    const after = await end();
    expect(after.playback).toMatchObject({ stoppedAt: null, program: { done: 3 } });
    expect(after.now?.stats).toMatchObject({ current_pages: 1000, target_pages: 4000 });
    expect(await written()).toBe(`${CONFIG}boot\ntarget 1000\nadvance 1000\ntarget 4000\n`);
  });

  test("stops a step, and is dropped", async () => {
    await engine.perform("target 1000");
    await engine.breakAt("current < 3000");
    await engine.step("operation");
    expect((await engine.look(null)).playback).toMatchObject({ stoppedAt: "current < 3000", batches: 3 });
    await engine.step("operation");
    expect((await engine.look(null)).now?.stats.current_pages).toBe(1000);
    await engine.perform("target 4000");
    await engine.step("operation");
    await engine.breakAt(null);
    await engine.perform("target 1000");
    await engine.step("operation");
    expect(await engine.look(null)).toMatchObject({
      now: { stats: { current_pages: 1000 } },
      playback: { stoppedAt: null },
    });
  });

  test("stops where the driver of 2013 gives up", async () => {
    await engine.perform("set max_retry_count 3");
    await engine.breakAt("state is ECANCELED");
    await engine.play(program("target 1000", "run", "host_take 4096", "target 2000", "advance 600000"));
    await engine.pace(FAST, true);
    const { now, gaveUp, playback } = await end();
    expect(gaveUp).toBe(true);
    expect(playback.stoppedAt).toBe("state is ECANCELED");
    expect(now?.nowMs).toBeLessThan(600_000);
    expect(now?.workDueMs).toBeNull();
  });

  test("with the time of the page, stops within time that passes", async () => {
    await engine.perform("target 1000");
    await engine.breakAt("current < 3000");
    await engine.pace(1, true);
    expect((await end()).now?.stats.current_pages).toBe(4096 - 3 * 512);
  });

  test.each(["", "current", "current < many", "size < 5", "state is LATE", "current < 5 elephants", "__proto__ < 5"])(
    "%j is none",
    async (text) => {
      await expect(engine.breakAt(text)).rejects.toThrow(RangeError);
      expect((await engine.look(null)).playback.stoppedAt).toBeNull();
    },
  );
});
