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
    await engine.step();
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
    for (let i = 0; i < 3; i++) await engine.step();
    await engine.perform("host_take 4096");
    await engine.perform("target 2000");
    await engine.step();
    expect(engine.standing).toMatchObject({ nowMs: 0, workDueMs: 2000 });
    await engine.step();
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
