/** The laboratory notes every call, every retry and every change of a world. */
import { describe, expect, test } from "vitest";
import type { LaboratoryEvent, Sample } from "../../apps/laboratory/session/messages.js";
import { Performer } from "../../apps/laboratory/session/performer.js";
import { configLinesOf } from "../../apps/laboratory/state.js";
import { drain, UNLIMITED } from "../../src/clock/scheduler.js";
import { tellScript } from "../../src/scenario/run.js";
import { parseScript } from "../../src/scenario/script.js";
import { engines } from "../support/engines.js";

describe.each(engines)("%s", (_, makeMachine) => {
  function play(text: string): { events: LaboratoryEvent[]; samples: Sample[] } {
    const script = parseScript(text);
    const performer = new Performer(configLinesOf(text), makeMachine);
    for (const step of script.steps) drain(performer.perform(step.text, UNLIMITED));
    return performer.watch.take();
  }

  test("calls that ask for as much and get as much are one event", () => {
    const { events } = play("config max_pfn=4096 nr_pages=4096\nboot\ntarget 1000\nrun\n");
    expect(events).toEqual([
      {
        nowMs: 0,
        kind: "operation",
        line: "boot",
        movedPages: 0,
        came: ["4,096 pages (16.00 MiB) current, 0 pages in the balloon"],
      },
      { nowMs: 0, kind: "log", line: "xen:balloon: Initialising balloon driver" },
      {
        nowMs: 0,
        kind: "operation",
        line: "target 1000",
        movedPages: 0,
        came: ["3,096 pages (12.09 MiB) to give to Xen", "worker due now"],
      },
      { nowMs: 0, kind: "decrease", askedExtents: 512, rc: 512, why: null, calls: 6 },
      { nowMs: 0, kind: "decrease", askedExtents: 24, rc: 24, why: null, calls: 1 },
      { nowMs: 0, kind: "operation", line: "run", movedPages: -3096, came: [] },
    ]);
  });

  test("every retry is told, and the cancellation", () => {
    const { events } = play(
      "config max_pfn=1024 nr_pages=1024\nboot\nset max_retry_count 3\ntarget 512\nrun\nhost_take 512\ntarget 1024\nadvance 60000\n",
    );
    expect(events.filter(({ kind }) => kind === "retry" || kind === "cancelled")).toEqual([
      { nowMs: 0, kind: "retry", dueMs: 2000, retryCount: 2 },
      { nowMs: 2000, kind: "retry", dueMs: 6000, retryCount: 3 },
      { nowMs: 6000, kind: "cancelled", tries: 3 },
    ]);
    expect(events.filter(({ kind }) => kind === "populate")).toEqual(
      [0, 2000, 6000].map((nowMs) => ({
        nowMs,
        kind: "populate",
        askedExtents: 512,
        rc: 0,
        why: "the machine has no free frame",
        calls: 1,
      })),
    );
  });

  test("hotplug and a BUG are told", () => {
    const { events } = play(
      "config max_pfn=1024 nr_pages=1024 pfn_limit=4096 hotplug=1 section=1024\nboot\ntarget 2000\nrun\ntarget 500\non_cpu 3\nrun\n",
    );
    expect(events).toContainEqual({ nowMs: 0, kind: "hotplug", maxPfn: 2048 });
    expect(events).toContainEqual({
      nowMs: expect.any(Number),
      kind: "bug",
      condition: expect.stringContaining("NULL"),
    });
  });

  test("what came of operations is the command's account of them", () => {
    const text = `config max_pfn=1024 nr_pages=1024
boot
target 512
run
balloon_alloc grants 9999 0
balloon_free nothing
guest_alloc 9999 0
host_take 99999
set max_schedule_delay 0
boot
target 700
run
advance 3000
advance 100
`;
    const { events } = play(text);
    const operations = events.filter((event) => event.kind === "operation");
    const lines = [...tellScript(parseScript(text), makeMachine)];
    for (const { line, came } of operations) {
      expect(lines).toContainEqual(
        expect.stringMatching(new RegExp(`${line} .*${came.join("; ").replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`)),
      );
    }
    // time in which nothing happened is no event
    expect(operations.map(({ line }) => line)).toEqual(
      parseScript(text)
        .steps.map((step) => step.text)
        .filter((line) => line !== "advance 100"),
    );
    const told = Object.fromEntries(operations.map(({ line, came }) => [line.split(" ")[0], came.join("; ")]));
    expect(told.balloon_alloc).toContain("ENOMEM");
    expect(told.balloon_free).toContain("ENOENT");
    expect(told.boot).toContain("EEXIST");
    expect(told.host_take).toMatch(/^[\d,]+ pages \(.*\) of 99,999$/);
  });

  test("a sample after each operation and each run, with nothing left out", () => {
    const { samples } = play("config max_pfn=1024 nr_pages=1024\nboot\ntarget 512\nrun\nadvance 70\n");
    expect(samples.map(({ operation, nowMs, stats }) => [operation, nowMs, stats.current_pages])).toEqual([
      [0, 0, 1024],
      [1, 0, 1024],
      [null, 0, 512],
      [2, 0, 512],
      [3, 70, 512],
    ]);
  });
});
