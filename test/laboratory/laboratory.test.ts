/** The laboratory's one state, through boots that succeed, fail and are replaced. */
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { Laboratory, type LaboratoryState, type Opening } from "../../apps/laboratory/laboratory.js";
import { Engine } from "../../apps/laboratory/session/engine.js";
import { ERRORS } from "../../apps/laboratory/session/messages.js";
import { loadModules } from "../../src/index.js";
import { Server } from "../../src/worker/transport/server.js";
import { rejection } from "../support/entries.js";

type Modules = ReturnType<typeof loadModules>;
let modules: Modules = loadModules();

/** A worker with an engine of its own, which runs here. */
class LocalWorker {
  static workers: LocalWorker[] = [];
  readonly #engine = new Engine(modules);
  readonly #failed: ((event: object) => void)[] = [];
  ended = false;

  constructor() {
    LocalWorker.workers.push(this);
  }

  postMessage({ xenBalloon }: { xenBalloon: MessagePort }): void {
    new Server(xenBalloon, { root: this.#engine, state: () => this.#engine.standing, errors: ERRORS, closed: "" });
  }

  addEventListener(_: "error", listener: (event: object) => void): void {
    this.#failed.push(listener);
  }

  fail(message: string): void {
    for (const listener of this.#failed) listener({ message });
  }

  terminate(): void {
    this.ended = true;
  }
}

beforeAll(() => vi.stubGlobal("Worker", LocalWorker));
afterAll(() => vi.unstubAllGlobals());

let laboratory: Laboratory;
let phases: string[];
let guests: Opening[];

beforeEach(() => {
  modules = loadModules();
  LocalWorker.workers = [];
  // a guest of the test before may still answer
  const seen: string[] = [];
  phases = seen;
  guests = [];
  laboratory = new Laboratory({
    onState: ({ phase }: LaboratoryState) => {
      if (seen.at(-1) !== phase) seen.push(phase);
    },
    onGuest: (_, opening) => {
      guests.push(opening);
      // the page looks as soon as there is a guest
      laboratory.look(null);
    },
    onSnapshot: () => undefined,
    onPage: () => undefined,
  });
});

const CONFIG = "config max_pfn=4096 nr_pages=4096\n";
const open = (operations: string, more: Partial<Opening> = {}): Promise<void> =>
  laboratory.open({ script: `${CONFIG}${operations}`, name: "a test", ...more });

/** Looks until the state is so. */
async function until(holds: (state: LaboratoryState) => boolean): Promise<LaboratoryState> {
  await vi.waitFor(
    () => {
      laboratory.look(null);
      expect(holds(laboratory.state)).toBe(true);
    },
    { timeout: 10_000, interval: 5 },
  );
  return laboratory.state;
}

test("none, booting, running", async () => {
  expect(laboratory.state).toMatchObject({ phase: "none", snapshot: null });
  await expect(laboratory.script()).resolves.toBeNull();
  expect(() => laboratory.perform("target 5")).toThrow("there is no guest: boot one");
  await open("boot\n");
  expect(phases).toEqual(["booting", "running"]);
  await laboratory.perform("target 1000");
  await until(({ snapshot }) => snapshot?.now?.stats.current_pages === 1000);
  expect(laboratory.state).toMatchObject({ phase: "running", playing: true });
});

test.each([
  ["config max_pfn=4096 nr_pages=4096 xen=0\nboot\n", /^the guest does not boot: .*ENODEV/],
  ["config max_pfn=4096 nr_pages=4096 host_pages=5\nboot\n", /host_pages: expected a frame for each/],
  ["boot\nfly\n", 'line 2: no operation "fly"'],
  ["config max_pfn=4096\n", "expected a script that boots a guest"],
])("a boot that fails keeps the guest that was, and it goes on: %j", async (script, message) => {
  await open("boot\ntarget 1000\n");
  await until(({ snapshot }) => snapshot?.now?.stats.current_pages === 1000);
  const error = await rejection(laboratory.open({ script, name: "another" }));
  expect(error).toMatchObject({ message: expect.stringMatching(message) });
  expect(laboratory.state).toMatchObject({ phase: "running", playing: true });
  expect(guests).toHaveLength(1);
  await laboratory.perform("target 2000");
  await until(({ snapshot }) => snapshot?.now?.stats.current_pages === 2000);
});

test("a first boot that fails says why, and another may follow", async () => {
  const error = await rejection(laboratory.open({ script: `${CONFIG.trim()} xen=0\nboot\n`, name: "first" }));
  expect(error).toBeInstanceOf(Error);
  expect(laboratory.state).toMatchObject({ phase: "failed", why: (error as Error).message, snapshot: null });
  await open("boot\n");
  expect(phases).toEqual(["booting", "failed", "booting", "running"]);
});

test("an engine that cannot be loaded is no boot for ever", async () => {
  modules = Promise.reject(new Error("wasm.balloon: not there")) as Modules;
  modules.catch(() => undefined);
  expect(await rejection(open("boot\n"))).toMatchObject({ message: "wasm.balloon: not there" });
  expect(laboratory.state).toMatchObject({ phase: "failed", why: "wasm.balloon: not there" });
});

test("a BUG_ON ends the guest, whose last figures stay", async () => {
  await open("boot\non_cpu 3\ntarget 500\nadvance 100\n", { paused: true });
  await laboratory.setPace(Number.POSITIVE_INFINITY);
  await laboratory.setPlaying(true);
  const { snapshot, playing } = await until(({ phase }) => phase === "ended");
  expect(snapshot).toMatchObject({ now: null, bug: "ret == NULL" });
  expect(snapshot?.figures?.now.stats).toMatchObject({ current_pages: 4096, target_pages: 500 });
  expect(playing).toBe(false);
  expect(() => laboratory.perform("target 5")).toThrow("the guest has ended in BUG_ON(ret == NULL)");
  await open("boot\n");
  expect(laboratory.state).toMatchObject({ phase: "running" });
});

test("a saved script is done again at once, then time stands still where it was", async () => {
  await open("boot\ntarget 1000\nadvance 60000\ntarget 2000\n", { done: Number.POSITIVE_INFINITY });
  const { snapshot } = await until(({ restoring, playing }) => !restoring && !playing);
  expect(snapshot?.now).toMatchObject({ nowMs: 60_000, stats: { current_pages: 1000, target_pages: 2000 } });
  const record = await laboratory.script();
  expect(record).toMatchObject({ done: `${CONFIG}boot\ntarget 1000\nadvance 60000\ntarget 2000\n`, rest: [] });
});

test("what had not been done of a saved script waits, and faults hold again", async () => {
  await open("boot\ntarget 1000\nadvance 9\ntarget 2000\n", { done: 3, holds: ["host"] });
  await until(({ restoring, playing }) => !restoring && !playing);
  const { snapshot } = await until((state) => state.snapshot?.playback.program?.of === 1);
  expect(snapshot?.faults.holds).toEqual({ host: true, guest: false });
  expect(snapshot?.now).toMatchObject({ hostFreeFrames: 0 });
  expect(await laboratory.script()).toMatchObject({ rest: ["target 2000"] });
});

test("a boot replaces one under way", async () => {
  const first = open("boot\ntarget 1000\n");
  await open("boot\ntarget 2000\n");
  await first;
  expect(guests).toHaveLength(1);
  await until(({ snapshot }) => snapshot?.now?.stats.current_pages === 2000);
  expect(LocalWorker.workers.map(({ ended }) => ended)).toEqual([true, false]);
});

test("a worker that fails is said to have", async () => {
  await open("boot\n");
  LocalWorker.workers[0].fail("out of memory");
  expect(laboratory.state).toMatchObject({ phase: "failed", why: "the engine's worker failed: out of memory" });
});
