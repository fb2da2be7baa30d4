/** The laboratory's events in words. */
import { describe, expect, test } from "vitest";
import { EventLog } from "../../apps/laboratory/events/event-log.js";
import { EVENT_KINDS, type EventKind, EventRows, isSpoken, wordsOf } from "../../apps/laboratory/events/event-text.js";
import type { LaboratoryEvent } from "../../apps/laboratory/session/messages.js";
import { grouped } from "../../src/scenario/quantity.js";

/** A memory_op at a time. */
function call(kind: "populate" | "decrease", askedExtents: number, rc: number, calls = 1, nowMs = 0): LaboratoryEvent {
  return { kind, askedExtents, rc, why: null, calls, nowMs };
}

function operation(line: string, movedPages: number, ...came: string[]): LaboratoryEvent {
  return { kind: "operation", line, movedPages, came, nowMs: 0 };
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
    [operation("target 512", 0), "target 512"],
    [
      operation("target 512", 0, "512 pages (2.00 MiB) to give to Xen"),
      "target 512: 512 pages (2.00 MiB) to give to Xen",
    ],
    [operation("run", -512), "run: -512 pages (2.00 MiB)"],
    [
      operation("advance 1000", 100, "cancelled after 2 tries"),
      "advance 1000: +100 pages (400 KiB); cancelled after 2 tries",
    ],
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

describe("the log", () => {
  const every = { kinds: new Set(Object.keys(EVENT_KINDS) as EventKind[]), search: "" };
  function logOf(count: number, keptRows?: number): EventLog {
    const log = new EventLog(keptRows);
    for (let i = 0; i < count; i++) log.add(operation(`target ${i}`, 0, ...(i % 10 === 0 ? ["ENOMEM"] : [])));
    return log;
  }

  test("reaches every row from either end", () => {
    const log = logOf(1234);
    expect(log.after(0, 3, every)).toEqual([0, 1, 2]);
    expect(log.before(log.to, 3, every)).toEqual([1231, 1232, 1233]);
    expect(log.before(1231, 2, every)).toEqual([1229, 1230]);
    expect(log.before(log.to, 5, every, 1232)).toEqual([1232, 1233]);
    expect(wordsOf(log.row(700))).toBe("target 700: ENOMEM");
  });

  test("finds rows by their words, in any case, and by their kind", () => {
    const log = logOf(100);
    expect(log.after(0, 100, { ...every, search: "enomem" })).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90]);
    expect(log.after(0, 100, { ...every, kinds: new Set(["bug"]) })).toEqual([]);
  });

  test("drops the oldest rows in bulk, and numbers the others as before", () => {
    const log = logOf(1000, 100);
    expect(log.to).toBe(1000);
    expect(log.to - log.from).toBeLessThanOrEqual(125);
    expect(wordsOf(log.row(999))).toBe("target 999");
    expect(log.after(0, 1, every)).toEqual([log.from]);
  });

  test("is a table of comma-separated values", () => {
    const log = new EventLog();
    log.add({ kind: "log", line: 'it says "no", twice', nowMs: 1500 });
    log.add(operation("run", 0));
    expect(log.csv(every)).toBe(
      'time_s,kind,event\r\n1.5,kernel log,"it says ""no"", twice"\r\n0,operations,"run"\r\n',
    );
    expect(log.csv({ ...every, search: "run" })).toBe('time_s,kind,event\r\n0,operations,"run"\r\n');
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
