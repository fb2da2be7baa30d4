/** A side does what the command's trace says of its script; two runs are joined moment by moment. */
import { describe, expect, test } from "vitest";
import { type Behaviour, behave, readSide } from "../../../apps/laboratory/comparison/behaviour.js";
import { Comparison } from "../../../apps/laboratory/comparison/comparison.js";
import { csvOf } from "../../../apps/laboratory/comparison/csv.js";
import { join } from "../../../apps/laboratory/comparison/joined.js";
import { append, noMoments, SERIES_NAMES } from "../../../apps/laboratory/comparison/moments.js";
import { figureRows, operationRows } from "../../../apps/laboratory/comparison/outcome.js";
import type { Side } from "../../../apps/laboratory/comparison/side.js";
import type { Sample } from "../../../apps/laboratory/session/messages.js";
import type { MachineFactory } from "../../../src/host/backend.js";
import { loadModules } from "../../../src/index.js";
import { tellScript, traceScript } from "../../../src/scenario/run.js";
import { parseScript } from "../../../src/scenario/script.js";
import { engines } from "../../support/engines.js";
import { readFixture, scenarioNames } from "../../support/scenarios.js";

const [[, wasm]] = engines;

/** The config lines and the operations of a script that boots in its first operation. */
function parts(script: string): { config: string; operations: string } {
  const lines = script.split("\n");
  const boot = lines.indexOf("boot");
  return { config: lines.slice(0, boot).join("\n"), operations: lines.slice(boot + 1).join("\n") };
}

function ran(config: string, operations: string, makeMachine: MachineFactory = wasm): Behaviour {
  const run = behave(readSide(config, operations), makeMachine);
  for (;;) {
    const step = run.next();
    if (step.done) return step.value;
  }
}

/** The last values of each time at which an operation ended with nothing left to do at that time, by the command. */
function traced(script: string, makeMachine: MachineFactory): Map<number, Record<string, number>> {
  const points = new Map<number, Record<string, number>>();
  for (const line of traceScript(parseScript(script), makeMachine)) {
    const { now, stats, credit, host_free: hostFree, work, woken } = JSON.parse(line);
    if (stats === undefined) continue;
    points.delete(now);
    // the worker's run comes at the same time
    if (work === now || woken === 1) continue;
    const { current_pages: current, target_pages: target, retry_count: retries } = stats;
    points.set(now, { current, target, hostFree, credit, retries });
  }
  return points;
}

const booting = scenarioNames.filter((name) => {
  const [first] = readFixture(`${name}.trace`).split("\n");
  const { op, ret, bug } = JSON.parse(first);
  return op === "boot" && ret === 0 && bug === undefined;
});

describe.each(engines.filter(([name]) => name !== "wasm, debug build"))("the curves of %s", (_, makeMachine) => {
  test.each(booting)("are the trace's: %s", (name) => {
    const script = readFixture(`${name}.ops`);
    const { config, operations } = parts(script);
    const { moments, bug, operations: done } = ran(config, operations, makeMachine);
    for (const [now, values] of traced(script, makeMachine)) {
      const at = moments.timeMs.indexOf(now);
      expect({
        now,
        ...Object.fromEntries(SERIES_NAMES.map((series) => [series, moments.values[series][at]])),
      }).toEqual({
        now,
        ...values,
      });
    }
    expect(moments.timeMs).toEqual(moments.timeMs.toSorted((a, b) => a - b));
    const told = [...tellScript(parseScript(script), makeMachine)].join("\n");
    for (const { came } of done) expect(told).toContain(came);
    expect(bug === null).toBe(!told.includes("BUG_ON"));
  });
});

test("a comparison has every scenario of both generations that boots", () => {
  expect(booting.length).toBeGreaterThan(50);
});

const CONFIG = "config max_pfn=4096 nr_pages=4096 host_pages=4096";
const FULL = "target 1024\nadvance 500\nhost_take 9999\ntarget 4096\nadvance 20000\nhost_give 9999\nadvance 30000";

describe("two runs", () => {
  const a = ran(CONFIG, FULL);
  const b = ran(`config driver=modern\n${CONFIG}`, FULL);

  test("are joined at the moments of either; a value holds until the next", () => {
    const joined = join({ a: a.moments, b: b.moments });
    const times = new Set([...a.moments.timeMs, ...b.moments.timeMs]);
    expect(joined.timeMs).toEqual([...times].sort((one, other) => one - other));
    for (const name of SERIES_NAMES) {
      for (const [i, time] of joined.timeMs.entries()) {
        const of = ({ moments }: Behaviour): number =>
          moments.values[name][moments.timeMs.findLastIndex((each) => each <= time)];
        const series = joined.series[name];
        expect([series.a[i], series.b[i], series.difference[i]]).toEqual([of(a), of(b), of(b) - of(a)]);
      }
    }
  });

  test("of which one ends earlier has no value and no difference after its end", () => {
    const short = noMoments();
    append(short, [sample(0, 10), sample(5, 7)]);
    const long = noMoments();
    append(long, [sample(0, 10), sample(3, 8), sample(3, 9), sample(9, 1)]);
    const { timeMs, series } = join({ a: short, b: long });
    expect(timeMs).toEqual([0, 3, 5, 9]);
    expect(series.current).toEqual({ a: [10, 10, 7, null], b: [10, 9, 9, 1], difference: [0, -1, 2, null] });
    expect(join({ a: null, b: long }).series.current).toEqual({
      a: [null, null, null],
      b: [10, 9, 1],
      difference: [null, null, null],
    });
  });

  test("are a table: a row for each moment, units in the heads", () => {
    const csv = csvOf(join({ a: a.moments, b: b.moments }));
    const [head, first, ...rest] = csv.trimEnd().split("\n");
    expect(head).toBe(
      "time_ms,current_a_pages,current_b_pages,current_b_minus_a_pages,target_a_pages,target_b_pages,target_b_minus_a_pages," +
        "host_free_a_pages,host_free_b_pages,host_free_b_minus_a_pages,credit_a_pages,credit_b_pages,credit_b_minus_a_pages," +
        "retry_count_a_tries,retry_count_b_tries,retry_count_b_minus_a_tries",
    );
    expect(first).toMatch(/^0,/);
    expect(rest.at(-1)).toBe("50500,4096,1024,-3072,4096,4096,0,0,3072,3072,0,3072,3072,1,1,0");
    expect(csv.trimEnd().split("\n")).toHaveLength(1 + new Set([...a.moments.timeMs, ...b.moments.timeMs]).size);
  });

  test("are told side by side, and what differs is marked", () => {
    const rows = new Map(figureRows({ a, b }).map((row) => [row.name, row]));
    expect(rows.get("last target reached after")).toMatchObject({
      texts: { a: "30.000 s", b: "not reached" },
      differs: true,
    });
    expect(rows.get("pages short of the target")).toEqual({
      name: "pages short of the target",
      texts: { a: "0 pages", b: "3,072 pages (12.00 MiB)" },
      difference: "+3,072 pages (12.00 MiB)",
      differs: true,
    });
    expect(rows.get("pages out")).toMatchObject({ difference: "", differs: false });
    expect(rows.get("retries")).toMatchObject({ texts: { a: "4", b: "3" }, difference: "−1", differs: true });
    const operations = operationRows({ a, b });
    expect(operations.map(({ text }) => text)).toEqual(FULL.split("\n"));
    expect(operations[5]).toMatchObject({ text: "host_give 9999", differs: false });
    expect(operations[6]).toMatchObject({ number: 7, text: "advance 30000", differs: true });
    expect(figureRows({ a, b: a }).some(({ differs }) => differs)).toBe(false);
  });

  test("of which one ended in a BUG_ON or failed are told so", () => {
    const dead = ran(CONFIG, `on_cpu 3\n${FULL}`);
    expect(dead).toMatchObject({ counts: null, bug: expect.stringContaining("NULL") });
    const [end, ...rows] = figureRows({ a, b: dead });
    expect(end.texts).toEqual({ a: "7 operations done", b: `BUG_ON(${dead.bug}) in operation 3, advance 500` });
    expect(rows.find(({ name }) => name === "retries")).toMatchObject({ texts: { a: "4", b: "–" }, differs: false });
    expect(operationRows({ a, b: dead })[6].came.b).toBe("not done: the guest had ended");
    const failed = figureRows({ a: null, b });
    expect(failed[0]).toMatchObject({ texts: { a: "failed", b: "7 operations done" }, differs: true });
    expect(failed.slice(1).some(({ differs }) => differs)).toBe(false);
    expect(operationRows({ a: null, b }).some(({ differs }) => differs)).toBe(false);
  });
});

describe("the comparison in its worker", () => {
  const comparison = new Comparison(loadModules());
  const side = (config: string, engine: Side["engine"] = "wasm"): Side => ({ config, engine, build: "" });

  test("runs a side on either engine, alike", async () => {
    const [one, other] = await Promise.all([
      comparison.behave(side(CONFIG), FULL),
      comparison.behave(side(CONFIG, "reference"), FULL),
    ]);
    const withoutMemory = ({ counts, ...more }: Behaviour): object => ({
      ...more,
      counts: { ...counts, memoryBytes: 0 },
    });
    expect(withoutMemory(other)).toEqual(withoutMemory(one));
  });

  test.each([
    ["a wrong option", "config max_pfn=-1", "", "line 1: max_pfn: expected pages from 0"],
    ["a wrong operation", CONFIG, "target 5\naim 6", 'line 2 of the operations: no operation "aim"'],
    ["an option among the operations", CONFIG, "config scrub=0", "line 1 of the operations: config: expected before"],
    ["an operation of the other driver", CONFIG, "late", "line 1 of the operations: late: "],
    ["a guest that does not boot", `${CONFIG} xen=0`, "", "the guest does not boot: "],
  ])("refuses %s", async (_, config, operations, problem) => {
    await expect(comparison.behave(side(config), operations)).rejects.toThrow(problem);
  });

  test("times both sides; one that cannot be timed does not take the other", async () => {
    const sides = { a: side(CONFIG), b: side(`${CONFIG} cpus=1`) };
    const operations = "target 1024\nrun\ntarget 4096\nrun";
    const both = await comparison.time(sides, operations);
    for (const came of [both.a, both.b]) {
      expect(came).toMatchObject({ timed: { pages: 6144, calls: 12 }, behaviour: { bug: null } });
      expect("timed" in came && came.timed.samplesNs.length).toBe(20);
    }
    const dead = await comparison.time({ ...sides, b: side(`config xen=0\n${CONFIG}`) }, operations);
    expect(dead.a).toMatchObject({ timed: { pages: 6144 } });
    expect(dead.b).toEqual({ problem: expect.stringContaining("the guest does not boot") });
    const bug = await comparison.time(sides, "on_cpu 3\ntarget 1024\nrun");
    expect(bug.a).toEqual({
      problem: expect.stringMatching(/^a run that ends in BUG_ON\(.*NULL.*\) cannot be timed$/),
    });
    expect(await comparison.time(sides, "")).toMatchObject({ a: { problem: "expected operations to time, got none" } });
  });
});

function sample(nowMs: number, pages: number): Sample {
  const stats = { current_pages: pages, target_pages: pages, retry_count: 1 } as Sample["stats"];
  return {
    nowMs,
    wallMs: 0,
    stats,
    creditPages: 0,
    hostFreeFrames: 0,
    workDueMs: null,
    threadState: null,
    operation: null,
  };
}
