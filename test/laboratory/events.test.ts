/** The laboratory's events in words. */
import { describe, expect, test } from "vitest";
import { EventRows, isSpoken, wordsOf } from "../../apps/laboratory/events/event-text.js";
import type { LaboratoryEvent } from "../../apps/laboratory/session/messages.js";
import { grouped } from "../../src/scenario/quantity.js";

/** A memory_op at a time. */
function call(kind: "populate" | "decrease", askedExtents: number, rc: number, calls = 1, nowMs = 0): LaboratoryEvent {
  return { kind, askedExtents, rc, why: null, calls, nowMs };
}

/** A populate that did not do all its extents. */
function short(rc: number, why: string): LaboratoryEvent {
  return { kind: "populate", askedExtents: 512, rc, why, calls: 1, nowMs: 0 };
}

/** Reads the final text of the rows. */
function rowsOf(events: readonly LaboratoryEvent[]): string[] {
  const rows = new EventRows();
  return [...new Set(events.map((event) => rows.add(event)))].map(wordsOf);
}

describe("EventRows", () => {
  test.each<[LaboratoryEvent, string]>([
    [{ kind: "operation", line: "target 512", nowMs: 0 }, "target 512"],
    [call("populate", 512, 512), "populate: 512 extents"],
    [call("populate", 1, 1), "populate: 1 extent"],
    [short(100, "as injected"), "populate: asked 512, granted 100: as injected"],
    [short(0, "the machine has no free frame"), "populate: asked 512, granted 0: the machine has no free frame"],
    [short(-12, "as injected, answered -12"), "populate: asked 512, granted 0: as injected, answered -12"],
    [call("decrease", 512, 100), "decrease: asked 512, granted 100"],
    [call("decrease", 512, -1, 2), "decrease: asked 512, answered -1 × 2 calls"],
    [call("decrease", 512, 512, 1024), "decrease: 512 extents × 1,024 calls"],
    [{ kind: "retry", dueMs: 12_000, retryCount: 4, nowMs: 4000 }, "retry: 3 failures, next try at 12.000 s"],
    [{ kind: "cancelled", tries: 1, nowMs: 0 }, "cancelled after 1 try"],
    [{ kind: "hotplug", maxPfn: 32_768, nowMs: 0 }, "hotplug: memory ends at 32,768 pages (128.00 MiB)"],
    [
      { kind: "log", line: "xen:balloon: Initialising balloon driver", nowMs: 0 },
      "xen:balloon: Initialising balloon driver",
    ],
    [{ kind: "bug", condition: "ret != nr_pages", nowMs: 0 }, "BUG_ON(ret != nr_pages): the guest has ended"],
  ])("%j", (event, words) => {
    expect(rowsOf([event])).toEqual([words]);
  });

  test("adds up the calls of those that asked for as much and got as much", () => {
    expect(
      rowsOf([
        call("decrease", 512, 512, 1000),
        call("decrease", 512, 512, 24),
        call("decrease", 100, 100),
        call("populate", 100, 100),
        call("populate", 100, 7),
        call("populate", 100, 7, 2),
      ]),
    ).toEqual([
      "decrease: 512 extents × 1,024 calls",
      "decrease: 100 extents",
      "populate: 100 extents",
      "populate: asked 100, granted 7 × 3 calls",
    ]);
  });

  test("but not those that got as much for another reason", () => {
    const machine = short(0, "the machine has no free frame");
    expect(rowsOf([machine, machine, short(0, "as injected, answered 0")])).toEqual([
      "populate: asked 512, granted 0: the machine has no free frame × 2 calls",
      "populate: asked 512, granted 0: as injected, answered 0",
    ]);
  });

  test("but not over what happened between", () => {
    const retry: LaboratoryEvent = { kind: "retry", dueMs: 2000, retryCount: 2, nowMs: 0 };
    expect(rowsOf([call("populate", 9, 0), retry, retry, call("populate", 9, 0)])).toEqual([
      "populate: asked 9, granted 0",
      "retry: 1 failure, next try at 2.000 s",
      "retry: 1 failure, next try at 2.000 s",
      "populate: asked 9, granted 0",
    ]);
  });

  test("a merged row keeps the time of its first", () => {
    const rows = new EventRows();
    rows.add(call("populate", 9, 9, 1, 1000));
    expect(rows.add(call("populate", 9, 9, 1, 2000)).event.nowMs).toBe(1000);
  });

  test("counts lines of the log that repeat", () => {
    const line = (text: string): LaboratoryEvent => ({ kind: "log", line: text, nowMs: 0 });
    expect(rowsOf([line("a"), line("a"), line("b")])).toEqual(["a (2 times)", "b"]);
  });

  test("a cancellation tells the tries of its run", () => {
    const cancelled = (tries: number): LaboratoryEvent => ({ kind: "cancelled", tries, nowMs: 0 });
    expect(rowsOf([cancelled(4), cancelled(1)])).toEqual(["cancelled after 4 tries", "cancelled after 1 try"]);
  });

  test("merges nothing into what was cleared away", () => {
    const rows = new EventRows();
    rows.add(call("decrease", 1, 1));
    rows.clear();
    expect(wordsOf(rows.add(call("decrease", 1, 1)))).toBe("decrease: 1 extent");
  });
});

test("said aloud is what needs the reader, and nothing else", () => {
  expect(isSpoken({ kind: "bug", condition: "ret", nowMs: 0 })).toBe(true);
  expect(isSpoken({ kind: "retry", dueMs: 2000, retryCount: 2, nowMs: 0 })).toBe(true);
  expect(isSpoken({ kind: "cancelled", tries: 4, nowMs: 0 })).toBe(true);
  expect(isSpoken({ kind: "log", line: "x", nowMs: 0 })).toBe(false);
  expect(isSpoken(call("decrease", 1, 1))).toBe(false);
});

test.each([
  [0, "0"],
  [999, "999"],
  [1000, "1,000"],
  [12_345_678, "12,345,678"],
])("%d in groups is %s", (count, text) => {
  expect(grouped(count)).toBe(text);
});
