/** Cases: what each counts, whatever the engine; what a replay does row by row; the order in which they are timed. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { targetsOf } from "../../apps/demand/policy.js";
import type { DemandPoint } from "../../apps/demand/series.js";
import type { EngineName } from "../../apps/engine-names.js";
import { runExact } from "../../apps/study/exact.js";
import { type Case, timedRuns } from "../../apps/study/plan.js";
import { replay } from "../../apps/study/replay.js";
import { configOf } from "../../apps/study/settings.js";
import { Stand } from "../../apps/study/stand.js";
import type { Settings, Study } from "../../apps/study/study.js";
import { runTimed } from "../../apps/study/timed.js";
import { WORKLOADS } from "../../apps/study/workloads.js";
import { ReferenceMachine } from "../../src/reference/machine.js";

const job = (settings: Settings, seed = 1) => ({ settings, seed, demand: null });

describe("exact measures", () => {
  test("of half a guest of 16 MiB, out and in", async () => {
    expect(await runExact(job({ workload: "bulk", maxPfn: 4096 }))).toMatchObject({
      pagesOut: 2048,
      pagesIn: 2048,
      memoryOps: 8,
      extentsPerCall: [[512, 8]],
      vaMappings: 4096,
      tlbFlushes: 4,
      scrubbedPages: 2048,
      retries: 0,
      waitedSeconds: 0,
      longestStepPages: 2048,
      currentPages: 4096,
      creditPages: 0,
      replay: null,
    });
  });

  test("of others that hold the frames for two minutes: the waits double up to 32 s", async () => {
    const measures = await runExact(job({ workload: "contended", maxPfn: 4096 }));
    // half comes after a minute, the rest after two: it is waited for all the time
    expect(measures).toMatchObject({ pagesOut: 2048, pagesIn: 2048, currentPages: 4096 });
    expect(measures.retries).toBeGreaterThan(5);
    expect(measures.waitedSeconds).toBeGreaterThanOrEqual(120);
    // each try that failed is a call besides the eight
    expect(measures.memoryOps).toBe(8 + measures.retries);
  });

  test.each(Object.keys(WORKLOADS))("%s: both engines alike, and what it says it does", async (workload) => {
    const [wasm, reference] = await Promise.all(
      (["wasm", "reference"] satisfies EngineName[]).map((engine) =>
        runExact(job({ workload, engine, maxPfn: 4000 }, 5)),
      ),
    );
    expect({ ...wasm, memoryBytes: 0 }).toEqual({ ...reference, memoryBytes: 0 });
    const { guest } = configOf(job({ workload, maxPfn: 4000 }, 5));
    const { pages, calls } = WORKLOADS[workload].make(guest, 5);
    expect([wasm.pagesOut, wasm.pagesIn]).toEqual([pages, pages]);
    if (calls !== null) expect(wasm.memoryOps).toBe(calls);
    expect(wasm.extentsPerCall.reduce((sum, [, count]) => sum + count, 0)).toBe(wasm.memoryOps);
  });

  test("of a target that is not reached tell by how much, each way, and wait for as long as the study says", async () => {
    const settings: Settings = { workload: "bulk", maxPfn: 16_384, watermarkPages: 15_000 };
    const [hour, minute] = await Promise.all([
      runExact(job(settings)),
      runExact(job({ ...settings, settleLimitMs: 60_000 })),
    ]);
    expect(hour).toMatchObject({ outMissedPages: 8192 - hour.pagesOut, inMissedPages: 0, currentPages: 16_384 });
    expect(hour.outMissedPages).toBeGreaterThan(6000);
    expect(hour.waitedSeconds).toBeGreaterThan(3500);
    expect(minute.outMissedPages).toBe(hour.outMissedPages);
    expect(minute.waitedSeconds).toBeLessThanOrEqual(120);
    expect(await runExact(job({ workload: "bulk", maxPfn: 4096 }))).toMatchObject({
      outMissedPages: 0,
      inMissedPages: 0,
    });
  });

  test("follow the seed, and nothing else", async () => {
    const [once, again, other] = await Promise.all(
      [7, 7, 8].map((seed) => runExact(job({ workload: "rand", maxPfn: 4096 }, seed))),
    );
    expect(again).toEqual(once);
    expect(other.pagesOut).not.toBe(once.pagesOut);
  });

  test("of a guest that cannot be booted there are none", async () => {
    await expect(runExact(job({ workload: "bulk", maxPfn: 4096, xen: false }))).rejects.toThrow(
      "ENODEV: not running on Xen",
    );
    await expect(runExact(job({ workload: "bulk", maxPfn: 2 ** 30 }))).rejects.toThrow(/^pfnLimit: .* do not fit/);
  });
});

describe("a script as a workload", () => {
  const lines = (phases: readonly string[]): string =>
    ["config nr_pages=4096 max_pfn=4096", "boot", ...phases].join("\n");
  const scriptJob = (script: string, settings: Settings = {}) => ({
    ...job({ workload: "./mine.ops", ...settings }),
    script,
  });
  const half = ["# phase out", "target 2048", "settle", "# phase in", "target 4096", "settle"];

  test.each(["wasm", "reference"] satisfies EngineName[])(
    "counts as the workload that does the same: %s",
    async (engine) => {
      const named = await runExact(job({ workload: "bulk", maxPfn: 4096, engine }));
      expect(await runExact(scriptJob(lines(half), { engine }))).toEqual(named);
    },
  );

  test("counts its phases alone, and no wait between them", async () => {
    const between = ["# phase none", "fail populate -12 3", "target 3000", "settle", "target 2048", "settle"];
    const measures = await runExact(scriptJob(lines([...half.slice(0, 3), ...between, ...half.slice(3)])));
    const named = await runExact(job({ workload: "bulk", maxPfn: 4096 }));
    expect({ ...measures, scrubbedPages: 0, tlbFlushes: 0 }).toEqual({ ...named, scrubbedPages: 0, tlbFlushes: 0 });
  });

  test("is timed by phase, in passes that move the pages of the first", async () => {
    const { first, warm } = await runTimed(scriptJob(lines(half)));
    for (const pass of [first, warm]) expect(pass).toMatchObject({ outPages: 2048, inPages: 2048 });
    const once = await runTimed(scriptJob(lines(["# phase out", "target 2048", "settle"])));
    expect(once).toMatchObject({ first: { outPages: 2048, inPages: 0, inNs: 0 }, warm: null });
  });

  test("has the target that a phase does not reach told", async () => {
    const short = [
      "# phase out",
      "target 2048",
      "settle",
      "# phase none",
      "host_take 9999",
      "# phase in",
      "target 4096",
    ];
    expect(await runExact(scriptJob(lines([...short, "settle 60000"])))).toMatchObject({ inMissedPages: 2048 });
  });

  test("has a loan that is refused counted: the pages that left the guest for it, and came back", async () => {
    const loan = ["guest_alloc 3000 0", "# phase out", "balloon_alloc ring 2048 0", "# phase in", "advance 1000"];
    const measures = await runExact(scriptJob(lines(loan)));
    expect(measures.pagesOut).toBeGreaterThan(1000);
    // below its target the guest has missed nothing on the way out
    expect(measures).toMatchObject({ pagesIn: measures.pagesOut, outMissedPages: 0, inMissedPages: 0 });
  });

  test("of the modern driver has the hour counted after which it looks again", async () => {
    const full = [
      "# phase out",
      "target 2048",
      "settle",
      "# phase none",
      "host_take 9999",
      "# phase in",
      "target 4096",
    ];
    const looks = [...full, "advance 60000", "host_give 9999", "advance 7200000"];
    expect(await runExact(scriptJob(lines(looks), { driver: "modern" }))).toMatchObject({
      retries: 3,
      waitedSeconds: 2 + 4 + 8 + 3600,
      inMissedPages: 0,
    });
  });

  test("is refused where an operation fails, or pages go the other way", async () => {
    const other = ["# phase in", "target 2048", "settle"];
    await expect(runExact(scriptJob(lines(other)))).rejects.toThrow(
      "line 5, settle: 2048 pages went out in a phase in",
    );
    await expect(runExact(scriptJob(lines([...half, "balloon_free none"])))).rejects.toThrow(
      /line 9, balloon_free none: it returned -\d+/,
    );
  });
});

describe("a command as an engine", () => {
  const command = `${process.execPath} ${fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url))} run`;
  const native = (settings: Settings, words = command) => ({
    ...job({ maxPfn: 4096, engine: "native", ...settings }),
    command: words.split(" "),
  });

  test.each(["bulk", "rand", "scattered", "scrub"])("is timed by the calls that it makes: %s", async (workload) => {
    const { first, warm } = await runTimed(native({ workload }));
    const { pagesOut, pagesIn } = await runExact(job({ workload, maxPfn: 4096 }));
    for (const pass of [first, warm]) expect(pass).toMatchObject({ outPages: pagesOut, inPages: pagesIn });
    expect(Math.min(first.outNs, first.inNs, warm?.outNs ?? 0, warm?.inNs ?? 0)).toBeGreaterThan(0);
  });

  test("runs a script of the study's own, of which its phases are timed", async () => {
    const lines = ["config nr_pages=4096", "boot", "guest_alloc 9 1", "# phase out", "target 64", "settle"];
    const script = [...lines, "# phase in", "target 4096", "settle"].join("\n");
    const own = { ...native({ workload: "./mine.ops" }), script };
    expect(await runTimed(own)).toMatchObject({ first: { outPages: 4032, inPages: 4032 } });
    expect(await runExact(own)).toMatchObject({ pagesOut: 4032, pagesIn: 4032 });
  });

  test("that decides otherwise, or prints something else, has no result", async () => {
    await expect(runExact(native({}, "echo hello"))).rejects.toThrow(/^native: echo hello: /);
    await expect(runExact(native({}, "/no/such/command"))).rejects.toThrow(/^native: .* ENOENT/);
    await expect(runExact(native({}, changed('lines.replace(/.*\\n/, "")')))).rejects.toThrow(
      "native: expected a line for each of 5 operations, got 4",
    );
    await expect(runExact(native({}, changed('lines.replace(/"calls":4/, \'"calls":3\')')))).rejects.toThrow(
      "native: expected 4 calls of settle 3600000, as wasm makes, got 3 of settle 3600000",
    );
  });

  /** A command that prints the lines of the command, changed by an expression. */
  function changed(expression: string): string {
    const folder = mkdtempSync(join(tmpdir(), "xen-balloon-native-test-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, "changed.mjs");
    const text = [
      'import { execFileSync } from "node:child_process";',
      `const [program, ...words] = ${JSON.stringify(command.split(" "))};`,
      'const lines = execFileSync(program, [...words, ...process.argv.slice(2)], { encoding: "utf8" });',
      `process.stdout.write(${expression});`,
    ];
    writeFileSync(path, text.join("\n"));
    return `${process.execPath} ${path}`;
  }
});

describe("conditions of a pass", () => {
  const all = { workload: "bulk", maxPfn: 4096, hostTakenPages: 4096 } as const;

  test("a driver with a retry limit gives up on a full host; one without waits until the limit of the study", async () => {
    const limited = await runExact(job({ ...all, maxRetryCount: 4 }));
    expect(limited).toMatchObject({ pagesOut: 2048, pagesIn: 0, outMissedPages: 0, inMissedPages: 2048, retries: 3 });
    const patient = await runExact(job(all));
    expect(patient).toMatchObject({ pagesIn: 0, inMissedPages: 2048 });
    expect(patient.waitedSeconds).toBeGreaterThan(3500);
  });

  test("others give frames back in parts; a longer back-off waits longer for the last", async () => {
    const slow = { ...all, hostReturnSeconds: 600 };
    const [short, long] = await Promise.all(
      [1, 128].map((maxScheduleDelaySeconds) => runExact(job({ ...slow, maxScheduleDelaySeconds }))),
    );
    for (const measures of [short, long]) expect(measures).toMatchObject({ pagesIn: 2048, inMissedPages: 0 });
    expect(short.waitedSeconds).toBeGreaterThanOrEqual(600);
    expect(long.retries).toBeLessThan(short.retries);
  });

  test("Xen grants a part of each call, and refuses the first calls", async () => {
    const half = await runExact(job({ workload: "bulk", maxPfn: 4096, grantedPages: 256 }));
    expect(half).toMatchObject({ memoryOps: 4 + 8, inMissedPages: 0 });
    const refused = await runExact(job({ workload: "bulk", maxPfn: 4096, refusedCalls: 3 }));
    expect(refused).toMatchObject({ memoryOps: 8 + 3, retries: 3, waitedSeconds: 2 + 4 + 8, inMissedPages: 0 });
  });

  test("programs of the guest hold pages, which do not leave", async () => {
    const used = await runExact(job({ workload: "bulk", maxPfn: 4096, guestUsedPages: 3000, settleLimitMs: 1000 }));
    expect(used.pagesOut).toBeLessThanOrEqual(4096 - 3000);
    expect(used.outMissedPages).toBe(2048 - used.pagesOut);
  });

  test("both engines decide alike under them, and each pass of a timed run has the same", async () => {
    const settings: Settings = {
      ...all,
      hostReturnSeconds: 60,
      refusedCalls: 2,
      grantedPages: 100,
      guestUsedPages: 64,
    };
    const [wasm, reference] = await Promise.all(
      (["wasm", "reference"] satisfies EngineName[]).map((engine) => runExact(job({ ...settings, engine }))),
    );
    expect({ ...wasm, memoryBytes: 0 }).toEqual({ ...reference, memoryBytes: 0 });
    const { warm } = await runTimed(job(settings));
    expect(warm).toMatchObject({ outPages: wasm.pagesOut, inPages: wasm.pagesIn });
  });
});

describe("the pool", async () => {
  // its threads run built files
  const built = new URL("../../dist/cli/parts.js", import.meta.url).href;
  const { runInPool }: typeof import("../../apps/parts.js") = await import(built);

  test("yields every case once, what cannot be run with its problem", async () => {
    const cases = [4096, 2 ** 30, 8192].map((maxPfn, i) => ({ id: `c${i}`, job: job({ workload: "bulk", maxPfn }) }));
    const outcomes = [];
    for await (const outcome of runInPool(cases, new AbortController().signal)) outcomes.push(outcome);
    expect(outcomes.map((outcome) => outcome.case).sort()).toEqual(["c0", "c1", "c2"]);
    for (const outcome of outcomes) {
      const { id, job: asked } = cases.find((one) => one.id === outcome.case) ?? cases[0];
      if (id === "c1") expect(outcome).toHaveProperty("problem", expect.stringMatching(/^pfnLimit: .* do not fit/));
      else expect(outcome).toEqual({ case: id, measures: await runExact(asked) });
    }
  });

  test("ends with the signal's reason", async () => {
    const aborted = new AbortController();
    const cases = Array.from({ length: 50 }, (_, i) => ({ id: `${i}`, job: job({ workload: "bulk", maxPfn: 4096 }) }));
    const run = async (): Promise<number> => {
      let came = 0;
      for await (const _ of runInPool(cases, aborted.signal)) {
        came++;
        aborted.abort(new Error("enough"));
      }
      return came;
    };
    await expect(run()).rejects.toThrow("enough");
  });
});

test("a timed run has a first pass and warm ones, and counts as it goes", async () => {
  const { first, warm } = await runTimed(job({ workload: "fragmented", maxPfn: 4096, engine: "reference" }));
  for (const pass of [first, warm]) expect(pass).toMatchObject({ outPages: 2048 - 64, inPages: 2048 - 64 });
  for (const ns of [first.outNs, first.inNs, warm?.outNs, warm?.inNs]) expect(ns).toBeGreaterThan(0);
  const demand = { vm: "a", points: [{ timeMs: 0, usedPages: 100, provisionedPages: 4096 }] };
  const replayed = await runTimed({ settings: { floorPages: 96 }, seed: 1, demand });
  expect(replayed).toMatchObject({ warm: null, first: { outPages: 4096 - 125, inPages: 0, inNs: 0 } });
});

test("a timed run counts the pages that moved, not those that were planned", async () => {
  const settings: Settings = { workload: "contended", maxPfn: 16_384, watermarkPages: 15_000, settleLimitMs: 60_000 };
  const measures = await runExact(job(settings));
  const { first, warm } = await runTimed(job(settings));
  // half of the guest was planned, each way
  expect(first.outPages).toBeLessThan(2000);
  for (const pass of [first, warm]) {
    expect(pass).toMatchObject({ outPages: measures.pagesOut, inPages: measures.pagesIn });
  }
});

describe("a replay", () => {
  const points: readonly DemandPoint[] = [
    { timeMs: 5000, usedPages: 1000, provisionedPages: 4096 },
    { timeMs: 6000, usedPages: 3000, provisionedPages: 4096 },
    { timeMs: 9000, usedPages: 500, provisionedPages: 4096 },
  ];

  test("does row by row what the demand asks for", () => {
    const settings: Settings = { headroomPercent: 20, floorPages: 800 };
    const demand = { vm: "a", points };
    const config = configOf({ settings, seed: 1, demand });
    expect(config.guest).toMatchObject({ maxPfn: 4096, nrPages: 4096 });
    const stand = new Stand(config, (hostPages, mfnBase) => new ReferenceMachine(hostPages, mfnBase));
    const targets = targetsOf(points, settings, 4096);
    expect(targets).toEqual([1200, 3600, 800]);
    const directions: string[] = [];
    const measures = replay(stand, points, targets, (direction, act) => {
      directions.push(direction);
      act();
    });
    expect(directions).toEqual(["out", "in", "out"]);
    expect(measures).toEqual({
      sizePages: 4096,
      targets: 3,
      // at the second row 2000 more are wanted and 200 are free, but for what the scratch page took
      shortPages: 1801,
      shortRows: 1,
      missedRows: 0,
      soldPages: 4096,
      // (2896 for 1 s, 496 for 3 s, 3296 for 3 s) in 7 s
      givenBackPages: Math.round((2896 * 1 + 496 * 3 + 3296 * 3) / 7),
      mostPages: 3600,
      leastPages: 800,
      series: {
        timeMs: [5000, 6000, 9000],
        usedPages: [1000, 3000, 500],
        targetPages: targets,
        currentPages: [1200, 3600, 800],
      },
    });
    expect(stand.nowMs).toBe(7000);
  });

  test("is charted by the rows of greatest use", async () => {
    const many = Array.from({ length: 2000 }, (_, i) => ({
      timeMs: i * 1000,
      usedPages: i % 4 === 1 ? 2000 : 1000,
      provisionedPages: null,
    }));
    const settings: Settings = { maxPfn: 4096, floorPages: 0 };
    const { replay: replayed } = await runExact({ settings, seed: 1, demand: { vm: "", points: many } });
    expect(replayed?.series.usedPages).toEqual(new Array(500).fill(2000));
    expect(replayed?.series.timeMs.slice(0, 3)).toEqual([1000, 5000, 9000]);
    // the first, and up and down 500 times
    expect(replayed?.targets).toBe(1 + 2 * 500);
  });
});

describe("no balloon at all", () => {
  const points = [4000, 2000, 3000, 4095].map((provisionedPages, i) => ({
    timeMs: 1000 * i,
    usedPages: Math.min(1000 + i, provisionedPages),
    provisionedPages,
  }));
  const run = (settings: Settings) => runExact({ settings, seed: 1, demand: { vm: "", points } });

  test("gives nothing back and asks for nothing, whatever the guest is sold", async () => {
    const measures = await run({ policy: "none" });
    expect(measures).toMatchObject({ pagesOut: 0, pagesIn: 0, memoryOps: 0, retries: 0, waitedSeconds: 0 });
    expect(measures.replay).toMatchObject({ targets: 0, givenBackPages: 0, leastPages: 4095, mostPages: 4095 });
  });

  test("is not what follows the memory that is sold, of which that gives nothing back", async () => {
    const { pagesOut, replay } = await run({ policy: "provisioned" });
    expect(pagesOut).toBeGreaterThan(2000);
    expect(replay).toMatchObject({ leastPages: 2000, givenBackPages: 0, soldPages: Math.round(13_095 / 4) });
  });

  test("is never short, whatever the guest keeps for itself", async () => {
    const whole = [0, 1].map((i) => ({ timeMs: 1000 * i, usedPages: 4096 - i, provisionedPages: null }));
    const { replay } = await runExact({ settings: { policy: "none" }, seed: 1, demand: { vm: "", points: whole } });
    expect(replay).toMatchObject({ sizePages: 4096, shortPages: 0, shortRows: 0, mostPages: 4096 });
  });

  test("what is given back is counted against what the guest was sold at that time", async () => {
    // the floor is above all that is used: the guest has 3,900 of 4,000, then all of what it is sold
    const { replay } = await run({ policy: "follow", floorPages: 3900 });
    expect(replay?.givenBackPages).toBe(Math.round((100 + 0 + 0 + 195) / 4));
  });
});

describe("policies", () => {
  const used = (...pages: readonly number[]): DemandPoint[] =>
    pages.map((usedPages, i) => ({ timeMs: 1000 * i, usedPages, provisionedPages: i === 3 ? 900 : null }));

  test("follow: use and headroom, between the floor and what is provisioned, in whole pages", () => {
    expect(targetsOf(used(100, 501, 2000, 2000), { headroomPercent: 10, floorPages: 200 }, 1000)).toEqual([
      200, 551, 1000, 900,
    ]);
  });

  test("follow: headroom in whole percent is exact", () => {
    expect(targetsOf(used(100, 45, 0, 0), { headroomPercent: 15, floorPages: 0 }, 1000)).toEqual([115, 51, 0, 0]);
    expect(targetsOf(used(45), { headroomPercent: 40, floorPages: 0 }, 1000)).toEqual([63]);
  });

  test("peak: up at once, down when the window has gone since the use ended", () => {
    const options = { policy: "peak", headroomPercent: 0, floorPages: 0, windowMs: 2000 } as const;
    expect(targetsOf(used(100, 500, 300, 200, 100, 100, 50), options, 1000)).toEqual([
      100, 500, 500, 500, 300, 200, 100,
    ]);
    const point = (timeMs: number, usedPages: number) => ({ timeMs, usedPages, provisionedPages: null });
    const seldom = [point(0, 500), point(10_000, 100), point(11_999, 100), point(12_000, 100)];
    expect(targetsOf(seldom, options, 1000)).toEqual([500, 500, 500, 100]);
  });

  test("provisioned: all that is sold at the time; none: no target", () => {
    expect(targetsOf(used(1, 2, 3, 4), { policy: "provisioned" }, 1000)).toEqual([1000, 1000, 1000, 900]);
    expect(targetsOf(used(1, 2), { policy: "none" }, 1000)).toEqual([null, null]);
  });
});

test("rounds have every case once and the baseline twice, each in an order of its own that the seed makes", () => {
  const cases = ["a", "b", "c", "d", "e"].map(
    (id): Case => ({ id, levels: {}, seed: 1, settings: {}, baseline: id === "c" }),
  );
  const study = { measures: ["time"], replications: 4, seed: 9 } as unknown as Study;
  const runs = timedRuns(study, cases);
  const orders = [0, 1, 2, 3].map((round) =>
    runs.filter((run) => run.round === round).map((run) => `${run.case.id}${run.copy}`),
  );
  for (const order of orders) expect([...order].sort()).toEqual(["a0", "b0", "c0", "c1", "d0", "e0"]);
  expect(new Set(orders.map(String)).size).toBe(4);
  expect(timedRuns(study, cases)).toEqual(runs);
  expect(timedRuns({ ...study, seed: 10 }, cases)).not.toEqual(runs);
  expect(timedRuns({ ...study, measures: ["memoryOps"] }, cases)).toEqual([]);
});
