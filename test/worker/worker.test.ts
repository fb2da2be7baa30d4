/** A machine in a worker answers, tells and fails as one that is here; and what only a thread does. */
import { execFile } from "node:child_process";
import { getEventListeners } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as immediate } from "node:timers/promises";
import { promisify } from "node:util";
import { Worker } from "node:worker_threads";
import fc from "fast-check";
import { afterAll, afterEach, beforeEach, describe, expect, expectTypeOf, test, vi } from "vitest";
import type { Guest, GuestEvents, Machine } from "../../src/api/exports.js";
import type * as inlineEntry from "../../src/inline.js";
import type * as workerEntry from "../../src/worker-node.js";
import { rejection, wrong } from "../support/entries.js";
import { exportedBy, runnable } from "../support/exported.js";
import { runs } from "../support/seed.js";

// the built files: a thread's script is a file
const dist = (name: string): string => new URL(`../../dist/${name}.js`, import.meta.url).href;
const { BalloonBug, BalloonError, createMachine: createHere }: typeof inlineEntry = await import(dist("inline"));
const { bytesFromPages, createMachine, pagesFromBytes }: typeof workerEntry = await import(dist("worker-node"));

const folder = mkdtempSync(join(tmpdir(), "worker-"));
afterAll(() => rmSync(folder, { recursive: true }));

const wasmFile = (name: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(readFileSync(new URL(`../../build/${name}.wasm`, import.meta.url)));

let files = 0;
/** A module of this text. */
function script(text: string): string {
  const file = join(folder, `${files++}.mjs`);
  writeFileSync(file, text);
  return file;
}

/** Runs a program until it ends by itself, and returns its output. */
async function run(...args: string[]): Promise<string[]> {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { timeout: 60_000 });
  expect(stderr).toBe("");
  return stdout.trimEnd().split("\n");
}

const made: workerEntry.RemoteMachine[] = [];
afterEach(async () => {
  await Promise.all(made.splice(0).map((machine) => machine.terminate()));
});

async function create(options: workerEntry.WorkerOptions): Promise<workerEntry.RemoteMachine> {
  const machine = await createMachine(options);
  made.push(machine);
  return machine;
}

/** Describes an error from either side. */
function told(error: unknown): object {
  if (!(error instanceof Error)) return { thrown: error };
  const { name, message } = error;
  return { class: error.constructor.name, ...error, name, message };
}

const outcome = (promise: Promise<unknown>): Promise<object> => promise.then((value) => ({ value }), told);

/** Thousands of batches of one page: some milliseconds, in pieces. */
async function longRun(): Promise<workerEntry.RemoteGuest> {
  const machine = await create({ hostPages: 300_000 });
  const guest = await machine.boot({ maxPfn: 300_000, frameListCapacity: 1, batches: "each" });
  await guest.setTarget({ pages: 1000 });
  return guest;
}

describe("the same calls here and in a worker", () => {
  const NAMES: (keyof GuestEvents)[] = ["log", "hypercall", "progress", "retry", "cancelled", "hotplug", "ended"];

  /** A machine and its guests, on either side, and everything that is heard of them. */
  class World {
    readonly machine: Machine | workerEntry.RemoteMachine;
    readonly guests: (Guest | workerEntry.RemoteGuest)[] = [];
    readonly heard: unknown[] = [];
    readonly stops: (() => void)[] = [];
    lent: Uint32Array = new Uint32Array(0);
    taken: Uint32Array = new Uint32Array(0);

    constructor(machine: World["machine"]) {
      this.machine = machine;
    }

    /** Everything that can be seen without a call. */
    seen(): unknown {
      const { machine, guests, heard } = this;
      return {
        nowMs: machine.nowMs,
        memoryBytes: machine.memoryBytes,
        hostPages: machine.hostPages,
        guests: guests.map(({ config, kernelLog }) => ({ config, kernelLog })),
        heard: heard.splice(0),
      };
    }
  }

  type Step = readonly [call: string, guest: number, n: number];
  type Call = (world: World, guest: Guest | workerEntry.RemoteGuest, n: number) => Promise<unknown>;

  /** `n` is 0 to 2000: in range, or out of it. */
  const CALLS: Record<string, Call> = {
    boot: async ({ machine, guests }, _, n) => {
      const hotplug = n % 2 === 1;
      const guest = await machine.boot({
        maxPfn: 512,
        pfnLimit: 2048,
        frameListCapacity: 64,
        hotplug,
        sectionPages: 64,
      });
      guests.push(guest);
    },
    "boot badly": ({ machine }, _, n) => machine.boot(wrong([null, { maxPfn: -1 }, { maxPfn: 1, sise: 1 }][n % 3])),
    "boot contents": async ({ machine, guests }) => {
      guests.push(await machine.boot({ maxPfn: 64, contents: true, domain: "hvm" }));
    },
    listen: async ({ heard, stops, guests }, guest) => {
      for (const name of NAMES) {
        const number = [guests.indexOf(guest), stops.length];
        const listener = (event: object): unknown =>
          heard.push([number, name, "error" in event ? told(event.error) : event]);
        stops.push(guest.on(name, listener));
      }
    },
    "listen badly": async (_, guest, n) =>
      n % 2 === 0 ? guest.on(wrong<"retry">("retyr"), () => {}) : guest.on("retry", wrong(null)),
    "stop listening": async ({ stops }, _, n) => stops[n % (stops.length || 1)]?.(),
    target: (_, guest, n) => guest.setTarget({ pages: n }),
    "target in bytes": (_, guest, n) => guest.setTarget({ bytes: n * 4096 + 17 }),
    "target badly": (_, guest, n) =>
      guest.setTarget(wrong([undefined, null, { pages: -1 }, { pages: "1" }, { pages: 1, bytes: 1 }][n % 5])),
    starve: async ({ machine }, guest, n) => {
      await guest.inject({ addMemory: { rc: -12, times: 2 } });
      await guest.tune({ maxRetryCount: n % 5 });
      return [await machine.takeFrames(9999), await guest.setTarget({ pages: 2 * n })];
    },
    settle: (_, guest) => guest.settle({ withinMs: 100_000 }),
    "settle at once": (_, guest) => guest.settle({ withinMs: 0 }),
    "settle aborted": (_, guest, n) => guest.settle({ signal: AbortSignal.abort(n) }),
    "settle badly": (_, guest, n) =>
      guest.settle(wrong([null, 5, { withinMs: -1 }, { within: 1 }, { signal: {} }, { onProgress: 1 }][n % 6])),
    "settle with progress": ({ heard }, guest) =>
      guest.settle({ withinMs: 10_000, onProgress: (progress) => heard.push(progress) }),
    advance: ({ machine }, _, n) => machine.advance(n * 10),
    "advance badly": ({ machine }) => machine.advance(0.5),
    stats: (_, guest) => guest.stats(),
    status: (_, guest) => guest.status(),
    "lend pages": async (world, guest, n) => {
      world.lent = await guest.takeBallooned(n, n % 2 === 0 ? { highmem: true } : undefined);
      return world.lent;
    },
    "take them back": ({ lent }, guest) => guest.giveBallooned(lent.subarray(1)),
    "take pages": async (world, guest, n) => {
      world.taken = await guest.takePages(n);
      return world.taken;
    },
    "give pages": ({ taken }, guest) => guest.givePages(taken),
    "give pages badly": (_, guest) => guest.givePages(wrong([1, 2])),
    "fill pages": ({ taken }, guest, n) => guest.fillPages(taken, n),
    "read a word": (_, guest, n) => guest.readWord(n % 70, n % 1100),
    tune: (_, guest, n) => guest.tune({ maxRetryCount: n % 5, maxScheduleDelaySeconds: n % 9 }),
    "CPU up": (_, guest, n) => guest.cpuUp(n % 70),
    "on a CPU": (_, guest, n) => guest.onCpu(n % 3),
    online: (_, guest, n) => (n % 2 === 0 ? guest.online() : guest.online({ sections: n % 4 })),
    "limit pages": (_, guest, n) => guest.setMaxPages(n),
    "inject a failure": (_, guest, n) => guest.inject({ populate: { rc: -(n % 20), times: n % 3 } }),
    "inject a BUG": (_, guest, n) => guest.inject({ decrease: { rc: -1, times: n % 2 } }),
    "inject badly": (_, guest) => guest.inject({ populate: { rc: 1, times: 1 } }),
    p2m: (_, guest, n) => guest.p2m(n, 10),
    ballooned: (_, guest, n) => guest.balloonedPages(n),
    census: (_, guest, n) => guest.census({ pfn: 0, pages: n, cellPages: 64 }),
    close: (_, guest) => guest.close(),
    "free frames": ({ machine }) => machine.freeFrames(),
    "take frames": ({ machine }, _, n) => machine.takeFrames(n),
    "give frames": ({ machine }, _, n) => machine.giveFrames(n),
    m2p: ({ machine }, _, n) => machine.m2p(n * 2, 5),
  };

  /** All that was answered and heard. */
  async function story(machine: World["machine"], steps: readonly Step[]): Promise<unknown[]> {
    const world = new World(machine);
    const closed = new Set<unknown>();
    const lines: unknown[] = [];
    for (const [call, which, n] of [["boot", 0, 0], ["boot", 0, 1], ...steps] as const) {
      const guest = world.guests[which % (world.guests.length || 1)];
      const came = await outcome(CALLS[call](world, guest, n));
      // a guest that is closed says so in a worker before it looks at an argument
      lines.push([call, n, closed.has(guest) && !("value" in came) ? "refused" : came, world.seen()]);
      if (call === "close") closed.add(guest);
    }
    return lines;
  }

  /** Most are the calls by which pages move; the others are drawn as often as each other. */
  const name = fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom("target", "starve", "settle", "listen", "lend pages", "give frames") },
    { weight: 2, arbitrary: fc.constantFrom(...Object.keys(CALLS)) },
  );
  const steps = fc.array(fc.tuple(name, fc.nat(1), fc.nat(2000)), { minLength: 1, maxLength: 60, size: "max" });

  const MET = [...NAMES.map((event) => `"${event}"`), "ENOMEM", "BUG_ON", "refused", "expected"];

  test("are answered, told and refused alike", { timeout: 600_000 }, async () => {
    const seen = new Set<string>();
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(steps, async (steps) => {
        const machine = await createMachine({ hostPages: 2500 });
        try {
          const there = await story(machine, steps);
          expect(there).toEqual(await story(await createHere({ hostPages: 2500 }), steps));
          const text = JSON.stringify(there);
          for (const word of MET) if (text.includes(word)) seen.add(word);
          refused += text.match(/"class"/g)?.length ?? 0;
        } finally {
          await machine.terminate();
        }
      }),
      runs(60),
    );
    // a comparison of nothing proves nothing
    expect([...seen].sort()).toEqual([...MET].sort());
    expect(refused).toBeGreaterThan(100);
  });

  test.each<[unknown]>([
    [undefined],
    [null],
    [7],
    [{}],
    [{ hostPages: 0 }],
    [{ hostPages: "1" }],
    [{ hostPages: 2 ** 32 }],
    [{ hostPages: 1, mfnBase: 2 }],
    [{ hostPages: 1, clock: "wall" }],
    [{ hostPages: 1, wasm: null }],
    [{ hostPages: 1, wasm: { balloon: 1, xen: 2 } }],
    [{ hostPages: 1, hostpages: 1 }],
    [{ hostPages: () => 1 }],
    [{ hostPages: 1, onReady() {} }],
  ])("no machine of %o", async (options) => {
    const refused = told(await rejection(createMachine(wrong(options))));
    expect(refused).toEqual(told(await rejection(createHere(wrong(options)))));
  });

  test.each<[unknown]>([
    [{ withinMs: () => 1 }],
    [{ signal: { abort() {} } }],
    [{ onProgress: { call() {} } }],
    [{ onRetry() {} }],
  ])("no settle with %o", async (options) => {
    const refused = await Promise.all(
      [await create({ hostPages: 100 }), await createHere({ hostPages: 100 })].map(async (machine) => {
        const guest = await machine.boot({ maxPfn: 50 });
        return told(await rejection(guest.settle(wrong(options))));
      }),
    );
    expect(refused[0]).toEqual(refused[1]);
  });

  test("a guest that is closed", async () => {
    const lines = await Promise.all(
      [await create({ hostPages: 100 }), await createHere({ hostPages: 100 })].map(async (machine) => {
        const guest = await machine.boot({ maxPfn: 50, contents: true });
        const [pfns, taken] = [await guest.takeBallooned(2), await guest.takePages(2)];
        await guest.close();
        const calls: Promise<unknown>[] = [
          guest.setTarget({ pages: 1 }),
          guest.settle(),
          guest.settle({ signal: AbortSignal.abort(), onProgress: () => {} }),
          guest.stats(),
          guest.status(),
          guest.takeBallooned(1),
          guest.giveBallooned(pfns),
          guest.takePages(1),
          guest.givePages(taken),
          guest.fillPages(taken, 1),
          guest.readWord(1, 1),
          guest.tune({ maxRetryCount: 1 }),
          guest.cpuUp(1),
          guest.onCpu(0),
          guest.online(),
          guest.setMaxPages(1),
          guest.inject({}),
          guest.p2m(1, 1),
          guest.balloonedPages(1),
          guest.census({ pfn: 0, pages: 1, cellPages: 1 }),
          guest.close(),
        ];
        guest.on("retry", () => {})();
        return [await Promise.all(calls.map(outcome)), guest.config, guest.kernelLog, await machine.freeFrames()];
      }),
    );
    expect(lines[0]).toEqual(lines[1]);
    expect(JSON.stringify(lines[0]).match(/the guest is closed/g)).toHaveLength(20);
  });

  test("with Wasm files of one's own", async () => {
    const wasm = { balloon: wasmFile("balloon"), xen: await WebAssembly.compile(wasmFile("xen")) };
    const machine = await create({ hostPages: 4096, wasm });
    expect(await (await machine.boot({ maxPfn: 100 })).stats()).toMatchObject({ currentPages: 100 });
  });
});

describe("a function", () => {
  type Either = Guest | workerEntry.RemoteGuest;

  test("takes a guest of either kind, on a machine of either kind", async () => {
    expectTypeOf<Either>().toExtend<workerEntry.Public<Guest>>();
    expectTypeOf<workerEntry.RemoteMachine>().toExtend<Omit<workerEntry.Public<Machine>, "boot" | "guests">>();
    const halve = async (guest: Either): Promise<number> => {
      const stop = guest.on("log", ({ line }) => expect.unreachable(line));
      await guest.setTarget({ pages: guest.config.maxPfn / 2 });
      await guest.settle();
      stop();
      return (await guest.stats()).currentPages;
    };
    const halfOn = async (machine: Machine | workerEntry.RemoteMachine): Promise<number> =>
      halve(await machine.boot({ maxPfn: machine.hostPages }));
    expect(await halfOn(await create({ hostPages: 100 }))).toBe(50);
    expect(await halfOn(await createHere({ hostPages: 100 }))).toBe(50);
  });
});

describe("events", () => {
  test("come before the answer of the call that made them, to listeners in the order of listening", async () => {
    const machine = await create({ hostPages: 1024 });
    const [guest, other] = [await machine.boot({ maxPfn: 512 }), await machine.boot({ maxPfn: 512 })];
    const heard: string[] = [];
    for (const who of ["first", "second"]) guest.on("hypercall", ({ rc }) => heard.push(`${who} ${rc}`));
    const stop = other.on("hypercall", ({ rc }) => heard.push(`other ${rc}`));
    guest.on("progress", ({ currentPages }) => heard.push(`${currentPages} pages`));
    await guest.setTarget({ pages: 500 });
    await other.setTarget({ pages: 501 });
    await guest.settle();
    expect(heard.splice(0)).toEqual(["first 12", "second 12", "500 pages"]);
    await other.settle();
    expect(heard.splice(0)).toEqual(["other 11"]);
    stop();
    stop();
    await Promise.all([other.takeBallooned(20), guest.takeBallooned(20)]);
    expect(heard).toEqual(["first 8", "second 8"]);
  });

  test("hundreds of thousands arrive, each as it was", async () => {
    const guest = await longRun();
    const kinds = new Map<string, number>();
    const count = (kind: string): unknown => kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    guest.on("hypercall", (call) => count(JSON.stringify(call)));
    let pieces = 0;
    await guest.settle({ onProgress: () => pieces++ });
    expect([...kinds]).toEqual([['{"nowMs":0,"op":"decrease","asked":1,"rc":1}', 299_000]]);
    expect(pieces).toBeGreaterThan(3);
    await guest.setTarget({ pages: 2000 });
    await guest.settle();
    expect(kinds.get('{"nowMs":0,"op":"populate","asked":1,"rc":1}')).toBe(1000);
  });

  test("keep their order, across names and guests", async () => {
    const story = async (machine: Machine | workerEntry.RemoteMachine): Promise<unknown[]> => {
      const heard: unknown[] = [];
      for (const who of ["one", "two", "three"]) {
        const guest = await machine.boot({ maxPfn: 200, frameListCapacity: 10 });
        guest.on("hypercall", ({ nowMs, rc }) => heard.push([who, nowMs, rc]));
        guest.on("retry", ({ nowMs, dueMs }) => heard.push([who, nowMs, dueMs]));
        await guest.setTarget({ pages: 150 });
        await guest.settle();
        await guest.inject({ populate: { rc: 0, times: 3 } });
        await guest.setTarget({ pages: 190 });
      }
      await machine.advance(30_000);
      return heard;
    };
    const heard = await story(await create({ hostPages: 1000 }));
    expect(heard).toEqual(await story(await createHere({ hostPages: 1000 })));
    expect(new Set(heard.map(String)).size).toBeGreaterThan(12);
  });

  test("what a listener throws is an uncaught error", async () => {
    const file = script(`
      import { createMachine } from "${dist("worker-node")}";
      process.on("uncaughtException", ({ message }) => console.log(message));
      const machine = await createMachine({ hostPages: 100 });
      const guest = await machine.boot({ maxPfn: 100 });
      guest.on("hypercall", () => { throw new Error("made by a listener"); });
      guest.on("hypercall", ({ rc }) => console.log(rc));
      await guest.setTarget({ pages: 10 });
      console.log((await guest.settle()).creditPages);`);
    expect(await run(file)).toEqual(["90", "made by a listener", "0"]);
  });

  test("of the end: the error is the one that every later call throws; the others go on", async () => {
    const machine = await create({ hostPages: 1024 });
    const [guest, other] = [await machine.boot({ maxPfn: 512 }), await machine.boot({ maxPfn: 512 })];
    const ends: Error[] = [];
    guest.on("ended", ({ error }) => ends.push(error));
    await guest.onCpu(1);
    await guest.setTarget({ pages: 100 });
    const bug = await rejection(guest.settle());
    expect(bug).toBeInstanceOf(BalloonBug);
    expect(ends).toEqual([bug]);
    expect(ends[0]).toBe(bug);
    expect(await rejection(guest.stats())).toBe(bug);
    await other.setTarget({ pages: 100 });
    expect(await other.settle()).toMatchObject({ creditPages: 0 });
    await guest.close();
    expect(await machine.freeFrames()).toBe(1024 - 100);
  });
});

describe("the examples", () => {
  const exported = exportedBy(["worker.ts"]).filter(({ name }) => name !== "serve");
  const examples = exported.flatMap(({ name, examples: codes }) => codes.map((code): [string, string] => [name, code]));
  const AsyncFunction = (async () => {}).constructor as new (
    ...args: string[]
  ) => (...args: unknown[]) => Promise<void>;

  test("are found", () => {
    const names = examples.map(([name]) => name);
    expect(names).toEqual(
      expect.arrayContaining(["createMachine", "RemoteMachine.terminate", "RemoteGuest", "Guest.p2m"]),
    );
  });

  test.each(exported.filter(({ comment }) => comment !== ""))("are not left out: $name", ({ examples }) => {
    expect(examples).not.toEqual([]);
  });

  test.each(examples)("%s", async (_name, code) => {
    const machine = await create({ hostPages: 1_200_000 });
    const guest = await machine.boot({ maxPfn: 300_000, hotplug: true });
    const said: unknown[] = [];
    const api = { BalloonBug, BalloonError, bytesFromPages, pagesFromBytes, createMachine: create };
    const names = { ...api, machine, guest, console: { log: (...words: unknown[]) => said.push(...words) } };
    await new AsyncFunction(...Object.keys(names), runnable(code))(...Object.values(names));
    expect(said).not.toContain(undefined);
  });
});

describe("an abort", () => {
  test("stops between two batches, and rejects with the signal's own reason", async () => {
    const guest = await longRun();
    const controller = new AbortController();
    const reason = { enough: true };
    const settling = guest.settle({ signal: controller.signal, onProgress: () => controller.abort(reason) });
    expect(await rejection(settling)).toBe(reason);
    const { currentPages } = await guest.stats();
    expect(currentPages).toBeGreaterThan(1000);
    expect(currentPages).toBeLessThan(300_000);
    expect((await guest.status()).workDueMs).toBe(0);
    expect(await guest.settle()).toMatchObject({ creditPages: 0 });
  });

  test("without a reason is an AbortError; one that came before the call moves nothing", async () => {
    const guest = await longRun();
    expect(await rejection(guest.settle({ signal: AbortSignal.abort() }))).toMatchObject({ name: "AbortError" });
    expect(await guest.stats()).toMatchObject({ currentPages: 300_000 });
    const error = await rejection(guest.settle({ signal: AbortSignal.timeout(2) }));
    expect(error).toMatchObject({ name: "TimeoutError" });
  });

  test("after the end is nobody's", async () => {
    const guest = await longRun();
    const controller = new AbortController();
    await guest.settle({ signal: controller.signal });
    controller.abort();
    expect(await guest.stats()).toMatchObject({ currentPages: 1000 });
  });
});

describe("arguments and answers", () => {
  test("the caller keeps his arrays; his are the answers", async () => {
    const machine = await create({ hostPages: 5000 });
    const guest = await machine.boot({ maxPfn: 5000 });
    const pfns = await guest.takePages(1000);
    const part = pfns.subarray(10, 20);
    await guest.givePages(part);
    expect([pfns.length, part.length]).toEqual([1000, 10]);
    expect(pfns[10]).toBe(part[0]);
    const shared = new Uint32Array(new SharedArrayBuffer(4));
    shared[0] = pfns[0];
    await guest.givePages(shared);
    const map = await guest.p2m(0, 5000);
    map[0] = 1;
    expect((await guest.p2m(0, 5000))[0]).toBe(0);
  });

  test.each<[string, (machine: workerEntry.RemoteMachine, guest: workerEntry.RemoteGuest) => Promise<unknown>]>([
    ["boot", (machine) => machine.boot(wrong({ maxPfn: () => 1 }))],
    ["takeFrames", (machine) => machine.takeFrames(wrong(Symbol("many")))],
    ["setTarget", (_, guest) => guest.setTarget(wrong({ pages: () => 1 }))],
  ])("%s refuses what cannot be sent", async (method, call) => {
    const machine = await create({ hostPages: 100 });
    const guest = await machine.boot({ maxPfn: 100 });
    const error = await rejection(call(machine, guest));
    expect(error).toBeInstanceOf(TypeError);
    expect((error as Error).message).toMatch(new RegExp(`^${method}: expected what can be sent to a thread: .*cloned`));
    expect(await guest.stats()).toMatchObject({ currentPages: 100 });
  });

  test("errors keep their class and what they carry", async () => {
    const machine = await create({ hostPages: 100 });
    const guest = await machine.boot({ maxPfn: 100 });
    const error = await rejection(guest.takeBallooned(1000));
    expect(error).toBeInstanceOf(BalloonError);
    expect(error).toMatchObject({ code: "ENOMEM", errno: -12, message: expect.stringMatching(/^ENOMEM: the guest/) });
  });

  test("errors tell where the call came from, and what the thread did", async () => {
    const machine = await create({ hostPages: 100 });
    const guest = await machine.boot({ maxPfn: 100 });
    const { stack } = (await rejection(guest.takeBallooned(1000))) as Error;
    expect(stack).toMatch(/^BalloonError: ENOMEM: .*\n +at Guest\.takeBallooned .*\bguest\.js:/);
    expect(stack).toMatch(/\ncalled from another thread:\n +at .*\bworker\.test\.ts:/s);
  });

  test("the error that ended a guest tells who met it, once", async () => {
    const machine = await create({ hostPages: 100 });
    const guest = await machine.boot({ maxPfn: 100 });
    await guest.inject({ decrease: { rc: -1, times: 1 } });
    await guest.setTarget({ pages: 10 });
    const bug = (await rejection(guest.settle())) as Error;
    expect(await rejection(guest.stats())).toBe(bug);
    expect(bug.stack?.split("called from another thread:")).toEqual([
      expect.any(String),
      expect.stringMatching(/\bsettle\b/),
    ]);
  });

  test("calls keep their order, whoever waits", async () => {
    const machine = await create({ hostPages: 1000 });
    const guest = await machine.boot({ maxPfn: 1000 });
    const answers = await Promise.all([
      guest.setTarget({ pages: 400 }),
      guest.settle(),
      machine.advance(10),
      guest.setTarget({ pages: 500 }),
      guest.stats(),
    ]);
    expect(answers[4]).toMatchObject({ targetPages: 500 });
    expect(machine.nowMs).toBe(10);
  });
});

describe("a thread that ends", () => {
  const TERMINATED = "Error: the machine was terminated";

  test("terminate: calls under way and later ones reject", async () => {
    const guest = await longRun();
    const [machine] = made;
    let heard = 0;
    guest.on("hypercall", () => heard++);
    const calls = [
      rejection(guest.settle()),
      rejection(machine.freeFrames()),
      rejection(guest.setTarget({ pages: 1 })),
    ];
    await Promise.all([machine.terminate(), machine.terminate()]);
    expect((await Promise.all(calls)).map(String)).toEqual([TERMINATED, TERMINATED, TERMINATED]);
    expect(String(await rejection(guest.close()))).toBe(TERMINATED);
    expect(String(await rejection(machine.boot({ maxPfn: 1 })))).toBe(TERMINATED);
    guest.on("retry", () => {})();
    expect([machine.hostPages, guest.config.maxPfn, heard]).toEqual([300_000, 300_000, 0]);
  });

  test("terminate is waited for, though the process waits for nothing else", async () => {
    const file = script(`
      import { createMachine } from "${dist("worker-node")}";
      for (let i = 0; i < 10; i++) {
        const machine = await createMachine({ hostPages: 100 });
        await machine.terminate();
      }
      console.log("ended");`);
    expect(await run(file)).toEqual(["ended"]);
  });

  test.each<[keyof GuestEvents]>([["progress"], ["hypercall"]])(
    "terminate from a listener of %s: nothing more is heard",
    async (name) => {
      const guest = await longRun();
      let heard = 0;
      guest.on(name, () => {
        heard++;
        void made[0].terminate();
      });
      expect(String(await rejection(guest.settle()))).toBe(TERMINATED);
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(heard).toBe(1);
    },
  );

  test("terminate: a real clock stands still, and nobody waits for an abort any more", async () => {
    const machine = await create({ hostPages: 1000, clock: "real" });
    const guest = await machine.boot({ maxPfn: 1000 });
    await guest.inject({ decrease: { rc: 0, times: 1000 } });
    await guest.setTarget({ pages: 500 });
    const { signal } = new AbortController();
    const settling = rejection(guest.settle({ signal }));
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
    await machine.terminate();
    await settling;
    expect(getEventListeners(signal, "abort")).toEqual([]);
    const { nowMs } = machine;
    expect(nowMs).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(machine.nowMs).toBe(nowMs);
  });

  test.each([
    ["a script that is not there", () => join(folder, "none.mjs"), /Cannot find module/],
    ["a script that throws", () => script("throw new TypeError('not today');"), /: not today$/],
    ["a script that serves nothing", () => script(""), /: exit status 0$/],
    ["a script that exits", () => script("process.exit(7)"), /: exit status 7$/],
  ])("%s", async (_, file, message) => {
    const error = await rejection(createMachine({ hostPages: 1, worker: new Worker(file()) }));
    expect((error as Error).message).toMatch(/^the machine's thread has ended: /);
    expect((error as Error).message).toMatch(message);
  });

  test("one that dies later: calls under way and later ones reject", async () => {
    const worker = new Worker(
      script(`
        import { parentPort } from "node:worker_threads";
        import { serve } from "${dist("worker-node")}";
        serve();
        parentPort.on("message", (message) => { if (message === "die") throw new Error("as told"); });`),
    );
    const machine = await create({ hostPages: 300_000, worker });
    const guest = await machine.boot({ maxPfn: 300_000, frameListCapacity: 1, batches: "each" });
    await guest.setTarget({ pages: 1000 });
    const settling = rejection(guest.settle({ onProgress: () => worker.postMessage("die") }));
    const DEAD = "Error: the machine's thread has ended: as told";
    const error = await settling;
    expect(String(error)).toBe(DEAD);
    expect((error as Error).cause).toMatchObject({ message: "as told" });
    expect(String(await rejection(guest.stats()))).toBe(DEAD);
    expect(String(await rejection(machine.freeFrames()))).toBe(DEAD);
  });

  describe("tells its guests", () => {
    const serving = `
      import { parentPort } from "node:worker_threads";
      import { serve } from "${dist("worker-node")}";
      serve();
      parentPort.on("message", (message) => {
        if (message === "throw") throw new Error("as told");
        if (message === "exit") process.exit(0);
      });`;

    test.each<[string, (worker: Worker) => unknown, RegExp]>([
      ["throws", (worker) => worker.postMessage("throw"), /: as told$/],
      ["exits without a word", (worker) => worker.postMessage("exit"), /: exit status 0$/],
      ["is terminated by its owner", (worker) => worker.terminate(), /: exit status 1$/],
    ])("one that %s, once each, with the error that every later call rejects with", async (_, end, message) => {
      const worker = new Worker(script(serving));
      const machine = await create({ hostPages: 2000, worker });
      const [first, second, bugged, closed] = await Promise.all(
        [500, 500, 100, 100].map((maxPfn) => machine.boot({ maxPfn })),
      );
      const heard: [string, string, Error | null][] = [];
      const guests = Object.entries({ first, second, bugged, closed });
      for (const [who, guest] of guests) {
        for (const name of ["log", "hypercall", "progress", "retry", "cancelled", "hotplug", "ended"] as const) {
          guest.on(name, (event) => heard.push([who, name, "error" in event ? event.error : null]));
        }
      }
      await bugged.inject({ decrease: { rc: -1, times: 1 } });
      await bugged.setTarget({ pages: 10 });
      const bug = await rejection(bugged.settle());
      await closed.close();
      expect(heard.splice(0)).toEqual([
        ["bugged", "hypercall", null],
        ["bugged", "ended", bug],
      ]);

      await machine.advance(10);
      const exit = new Promise((resolve) => worker.once("exit", resolve));
      const times: number[] = [];
      first.on("ended", ({ nowMs }) => times.push(nowMs));
      await end(worker);
      await exit;
      const error = await rejection(first.stats());
      expect(String(error)).toMatch(message);
      await rejection(machine.boot({ maxPfn: 1 }));
      await rejection(bugged.stats());
      expect(heard).toEqual([
        ["first", "ended", error],
        ["second", "ended", error],
      ]);
      expect(heard[0][2]).toBe(error);
      expect(times).toEqual([machine.nowMs]);
    });

    test.each([
      ["terminate", TERMINATED],
      ["close", "Error: the machine is closed"],
    ] as const)("not of what %s ends", async (end, message) => {
      const machine = await create({ hostPages: 1000 });
      const guest = await machine.boot({ maxPfn: 500 });
      const ends: unknown[] = [];
      guest.on("ended", (event) => ends.push(event));
      await machine[end]();
      await immediate();
      expect(String(await rejection(guest.stats()))).toBe(message);
      expect(ends).toEqual([]);
      expect(machine.guests).toEqual([]);
    });

    test("and it is closed: close and await using have nothing left to do", async () => {
      const machine = await create({ hostPages: 1000 });
      const guest = await machine.boot({ maxPfn: 500 });
      expect(machine.guests).toEqual([guest]);
      await machine.terminate();
      await guest[Symbol.asyncDispose]();
      await machine[Symbol.asyncDispose]();
      await machine.close();
    });

    test("close waits for what was called before it, and ends the thread", async () => {
      const worker = new Worker(script(serving));
      const machine = await create({ hostPages: 1000, worker });
      const guest = await machine.boot({ maxPfn: 500 });
      const exit = new Promise((resolve) => worker.once("exit", resolve));
      const called = [guest.setTarget({ pages: 100 }), guest.stats()] as const;
      await machine.close();
      await exit;
      expect(await called[1]).toMatchObject({ targetPages: 100 });
    });
  });
});

describe("a worker of one's own", () => {
  const serving = (): Worker => new Worker(script(`import { serve } from "${dist("worker-node")}"; serve();`));

  test("takes one machine, and ends with it", async () => {
    const worker = serving();
    const machine = await create({ hostPages: 100, worker });
    expect(await machine.freeFrames()).toBe(100);
    const error = await rejection(createMachine({ hostPages: 100, worker }));
    expect(String(error)).toBe("Error: worker: expected one without a machine, got one that has a machine");
    const ended = new Promise((resolve) => worker.once("exit", resolve));
    await machine.terminate();
    expect(await ended).toBe(1);
  });

  /** The code of a thread in which no machine can be made. */
  const NO_MEMORY = `WebAssembly.Instance = function () { throw new RangeError("no memory"); };`;

  test("is waited for while it has something of its own to do", async () => {
    const own = script(`
      import { parentPort } from "node:worker_threads";
      import { serve } from "${dist("worker-node")}";
      serve();
      setTimeout(() => parentPort.postMessage("done"), 300);`);
    const file = script(`
      import { Worker } from "node:worker_threads";
      import { createMachine } from "${dist("worker-node")}";
      const worker = new Worker("${own}");
      worker.on("message", (message) => console.log(message));
      const machine = await createMachine({ hostPages: 100, worker });
      console.log(await machine.freeFrames());`);
    // on a busy machine the worker is done first
    expect((await run(file)).sort()).toEqual(["100", "done"]);
  });

  test("is left alone where there is no machine for it", async () => {
    const worker = serving();
    const listeners = (): number[] => ["error", "exit"].map((name) => worker.listenerCount(name));
    const before = listeners();
    expect(await rejection(createMachine({ hostPages: 0, worker }))).toBeInstanceOf(RangeError);
    expect(await rejection(createMachine(wrong({ hostPages: 1, wasm: {}, worker })))).toBeInstanceOf(TypeError);
    expect(listeners()).toEqual(before);
    expect(await (await create({ hostPages: 100, worker })).freeFrames()).toBe(100);
  });

  test("holds no process where there is no machine for it", async () => {
    const own = script(`import { serve } from "${dist("worker-node")}"; ${NO_MEMORY} serve();`);
    const file = script(`
      import { Worker } from "node:worker_threads";
      import { createMachine } from "${dist("worker-node")}";
      const worker = new Worker("${own}");
      await createMachine({ hostPages: 1, worker }).catch(({ name }) => console.log(name));`);
    expect(await run(file)).toEqual(["RangeError"]);
  });

  test.each([
    ["throws", "throw new Error('not today')", /^the machine's thread has ended: not today$/],
    ["exits", "process.exit(7)", /^the machine's thread has ended: exit status 7$/],
  ])("that %s while the Wasm is on its way", async (_, end, message) => {
    const worker = new Worker(script(`setTimeout(() => { ${end}; }, 10);`));
    const late = new ReadableStream({
      start: (controller) =>
        void worker.once("exit", () => {
          controller.enqueue(wasmFile("balloon"));
          controller.close();
        }),
    });
    const wasm = { balloon: new Response(late), xen: wasmFile("xen") };
    const error = await rejection(createMachine({ hostPages: 1, worker, wasm }));
    expect((error as Error).message).toMatch(message);
  });

  test("that has ended is refused", async () => {
    const worker = serving();
    await worker.terminate();
    const error = await rejection(createMachine({ hostPages: 1, worker }));
    expect(String(error)).toBe("Error: the machine's thread has ended: it had ended before");
  });

  describe("is waited for", () => {
    beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
    afterEach(() => void vi.useRealTimers());

    test("half a minute", async () => {
      const worker = new Worker(
        script(`import { parentPort } from "node:worker_threads"; parentPort.on("message", () => {});`),
      );
      const refused = rejection(createMachine({ hostPages: 1, worker }));
      vi.advanceTimersByTime(29_999);
      expect(await Promise.race([refused, immediate("waiting")])).toBe("waiting");
      vi.advanceTimersByTime(1);
      expect(String(await refused)).toBe(
        "Error: worker: expected one whose script calls serve, heard nothing of it for 30 s",
      );
      await worker.terminate();
    });

    test("no longer once it serves", async () => {
      const machine = await create({ hostPages: 100, worker: serving() });
      expect(vi.getTimerCount()).toBe(0);
      await machine.terminate();
    });
  });

  test.each([[null], [7], ["./worker.js"], [{}]])("is not %o", async (worker) => {
    const error = await rejection(createMachine({ hostPages: 1, worker: wrong(worker) }));
    expect(error).toBeInstanceOf(TypeError);
    expect((error as Error).message).toMatch(/^worker: expected a Worker, got /);
  });

  test("is not the main thread", async () => {
    const file = script(`import { serve } from "${dist("worker-node")}"; serve();`);
    await expect(run(file)).rejects.toThrow("serve: expected to be called in a worker thread");
  });
});

test("a program that is no file, or has something before it, has a thread as any other", async () => {
  const program = `
    import { createMachine } from "${dist("worker-node")}";
    console.log(await (await createMachine({ hostPages: 100 })).freeFrames());`;
  expect(await run("--input-type=module", "--eval", program)).toEqual(["100"]);
  const before = script(`
    import { isMainThread } from "node:worker_threads";
    if (!isMainThread) throw new Error("not for a thread");`);
  expect(await run("--import", before, script(program))).toEqual(["100"]);
});

describe("a process that does not terminate its machine", () => {
  const start = (entry: string, rest: string): string =>
    script(`
      import { createMachine } from "${dist(entry)}";
      ${rest}`);

  const stories: [string, string, string[]][] = [
    [
      "ends once its calls are answered",
      `const machine = await createMachine({ hostPages: 300_000 });
       const guest = await machine.boot({ maxPfn: 300_000, frameListCapacity: 1, batches: "each" });
       await guest.setTarget({ pages: 1000 });
       guest.settle().then(({ creditPages }) => console.log(creditPages));`,
      ["0"],
    ],
    [
      "ends on a virtual clock, whatever is due",
      `const machine = await createMachine({ hostPages: 1000 });
       const guest = await machine.boot({ maxPfn: 1000 });
       guest.on("progress", () => console.log("never"));
       await guest.setTarget({ pages: 500 });
       console.log((await guest.status()).workDueMs);`,
      ["0"],
    ],
    [
      "waits on a real clock while work is due",
      `const machine = await createMachine({ hostPages: 1000, clock: "real" });
       const guest = await machine.boot({ maxPfn: 1000 });
       await guest.setTarget({ pages: 500 });
       await guest.settle();
       await machine.takeFrames(500);
       await guest.tune({ maxRetryCount: 2, maxScheduleDelaySeconds: 1 });
       for (const name of ["retry", "cancelled"]) guest.on(name, () => console.log(name));
       await guest.setTarget({ pages: 1000 });`,
      ["retry", "cancelled"],
    ],
  ];

  describe.each(stories)("%s", (_, story, expected) => {
    test.each(["worker-node", "inline"])("%s", async (entry) => {
      expect(await run(start(entry, story))).toEqual(expected);
    });
  });
});
