/** The laboratory notes every call, every retry and every change of a world. */
import { describe, expect, test } from "vitest";
import type { LaboratoryEvent } from "../../apps/laboratory/session/messages.js";
import { Watch } from "../../apps/laboratory/session/watch.js";
import { Interpreter } from "../../src/scenario/interpreter.js";
import { parseScript } from "../../src/scenario/script.js";
import { engines } from "../support/engines.js";

describe.each(engines)("%s", (_, makeMachine) => {
  function play(text: string): { watch: Watch; events: LaboratoryEvent[] } {
    const script = parseScript(text);
    const watch = new Watch();
    const interpreter = new Interpreter(script.config, makeMachine, [watch]);
    watch.attach(interpreter);
    for (const step of script.steps) {
      watch.began(step.text);
      interpreter.perform(step);
    }
    return { watch, events: watch.take().events };
  }

  test("calls that ask for as much and get as much are one event", () => {
    const { events } = play("config max_pfn=4096 nr_pages=4096\nboot\ntarget 1000\nrun\n");
    expect(events).toEqual([
      { nowMs: 0, kind: "operation", line: "boot" },
      { nowMs: 0, kind: "log", line: "xen:balloon: Initialising balloon driver" },
      { nowMs: 0, kind: "operation", line: "target 1000" },
      { nowMs: 0, kind: "operation", line: "run" },
      { nowMs: 0, kind: "decrease", askedExtents: 512, rc: 512, why: null, calls: 6 },
      { nowMs: 0, kind: "decrease", askedExtents: 24, rc: 24, why: null, calls: 1 },
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
    expect(events.at(-1)).toEqual({
      nowMs: expect.any(Number),
      kind: "bug",
      condition: expect.stringContaining("NULL"),
    });
  });

  test("a sample for each run, and none where nothing changed", () => {
    const script = parseScript("config max_pfn=1024 nr_pages=1024\nboot\ntarget 512\nrun\n");
    const watch = new Watch();
    const interpreter = new Interpreter(script.config, makeMachine, [watch]);
    watch.attach(interpreter);
    expect(watch.now()).toBeNull();
    for (const step of script.steps) interpreter.perform(step);
    expect(watch.now()).toMatchObject({ nowMs: 0, creditPages: 0, hostFreeFrames: 512, workDueMs: null });
    const { samples } = watch.take();
    expect(samples.map(({ stats }) => stats.current_pages)).toEqual([512]);
    expect(watch.now()).toMatchObject({ creditPages: 0 });
    expect(watch.take().samples).toEqual([]);
  });
});
