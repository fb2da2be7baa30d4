/** The laboratory's curves: what is kept of the samples, and what a time points at. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { describePoint, formatTick, formatTimes, formatValue } from "../../apps/laboratory/charts/curves.js";
import { History, pointAt } from "../../apps/laboratory/charts/history.js";
import type { Sample } from "../../apps/laboratory/session/messages.js";
import { runs } from "../support/seed.js";

interface Moment {
  readonly ms: number;
  readonly target?: number;
  readonly retryCount?: number;
  readonly current?: number;
  readonly workDueMs?: number | null;
}

function sample({ ms, target = 100, retryCount = 1, current = 0, workDueMs = null }: Moment): Sample {
  return {
    nowMs: ms,
    wallMs: 2 * ms,
    stats: {
      current_pages: current,
      target_pages: target,
      balloon_low: 11,
      balloon_high: 12,
      schedule_delay: 4,
      max_schedule_delay: 32,
      retry_count: retryCount,
      max_retry_count: 0,
      hotplug_pages: 0,
      balloon_hotplug: 0,
    },
    creditPages: target - current,
    threadState: null,
    hostFreeFrames: 13,
    workDueMs,
    operation: null,
  };
}

/** Makes the samples of a busy guest: no two are equal. */
function busy(count: number, turns: (at: number) => Partial<Moment> = () => ({})): Sample[] {
  return Array.from({ length: count }, (_, at) => sample({ ms: at * 1000, current: at, ...turns(at) }));
}

describe("a history", () => {
  test("has a column for each value, in the units of the charts", () => {
    const history = new History();
    history.add([sample({ ms: 1500, target: 20, retryCount: 3, current: 50, workDueMs: 4000 })], null);
    expect(history.columns).toEqual({
      virtualSeconds: [1.5],
      pageSeconds: [3],
      currentPages: [50],
      targetPages: [20],
      creditPages: [-30],
      balloonLowPages: [11],
      balloonHighPages: [12],
      hostFreePages: [13],
      delaySeconds: [4],
      retryCount: [3],
    });
  });

  test("tells that it has changed", () => {
    const history = new History();
    const versions = [history.version];
    history.add(busy(1), null);
    versions.push(history.version);
    history.add([], null);
    expect(history.version).toBe(versions[1]);
    history.clear();
    versions.push(history.version);
    expect(new Set(versions).size).toBe(3);
    expect(history.length).toBe(0);
    expect(Object.values(history.columns).every((column) => column.length === 0)).toBe(true);
  });

  test("a guest at rest takes two points, however long it rests", () => {
    const history = new History();
    const resting = Array.from({ length: 100 }, (_, at) => ({ ...sample({ ms: 5000 }), wallMs: at * 1000 }));
    history.add([...resting, sample({ ms: 6000 })], null);
    expect(history.columns.pageSeconds).toEqual([0, 12]);
    history.add([sample({ ms: 7000, current: 1 })], null);
    expect(history.columns.virtualSeconds).toEqual([5, 6, 7]);
  });

  test("how the guest stands now is the last point until something comes after it", () => {
    const history = new History();
    history.add([sample({ ms: 1000, current: 5 })], sample({ ms: 1500, current: 5 }));
    expect(history.columns.virtualSeconds).toEqual([1, 1.5]);
    history.add([], sample({ ms: 1700, current: 5 }));
    expect(history.columns.virtualSeconds).toEqual([1, 1.7]);
    history.add([sample({ ms: 2000, current: 6 })], null);
    expect(history.columns.virtualSeconds).toEqual([1, 2]);
  });

  test("thinning keeps the first, the last and every turn, and their order", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 40, max: 120 }),
        fc.array(fc.constantFrom("move", "move", "move", "move", "move", "move", "move", "retry", "target"), {
          maxLength: 600,
        }),
        (maxPoints, kinds) => {
          let retryCount = 1;
          let target = 100;
          const turns: number[] = [];
          const samples = kinds.map((kind, at) => {
            // The columns keep so many turns that other points have room.
            if (kind !== "move" && at > 0 && turns.length < maxPoints / 2) {
              if (kind === "retry") retryCount++;
              else target++;
              turns.push(at);
            }
            return sample({ ms: at * 1000, current: at, retryCount, target });
          });
          const history = new History(maxPoints);
          history.add(samples, null);
          expect(history.length).toBeLessThanOrEqual(maxPoints);
          const { columns } = history;
          // A sample's number is its time and its current_pages.
          const kept = columns.virtualSeconds;
          expect(columns.currentPages).toEqual(kept);
          expect(columns.pageSeconds).toEqual(kept.map((at) => 2 * at));
          expect(columns.targetPages).toEqual(kept.map((at) => samples[at].stats.target_pages));
          expect(columns.retryCount).toEqual(kept.map((at) => samples[at].stats.retry_count));
          expect(kept).toEqual([...new Set(kept)].toSorted((one, other) => one - other));
          if (kinds.length === 0) return;
          expect(kept[0]).toBe(0);
          expect(kept.at(-1)).toBe(kinds.length - 1);
          expect(turns.filter((at) => !kept.includes(at))).toEqual([]);
        },
      ),
      runs(200),
    );
  });

  test("thinning takes from the older half", () => {
    const history = new History(1000);
    history.add(busy(1001), null);
    const kept = history.columns.virtualSeconds;
    expect(history.length).toBe(751);
    expect(kept.filter((at) => at > 500)).toHaveLength(500);
  });

  test("turns alone do not fill it beyond its limit", () => {
    const history = new History(100);
    history.add(
      busy(5000, (at) => ({ retryCount: at })),
      null,
    );
    expect(history.length).toBeLessThanOrEqual(100);
    expect(history.columns.virtualSeconds.at(0)).toBe(0);
    expect(history.columns.virtualSeconds.at(-1)).toBe(4999);
  });

  test("holds 20,000 points unless told otherwise", () => {
    const history = new History();
    history.add(busy(20_000), null);
    expect(history.length).toBe(20_000);
    history.add([sample({ ms: 10 ** 8, current: 1 })], null);
    expect(history.length).toBeLessThan(20_000);
  });
});

describe("values of the curves", () => {
  test("a time points at the sample that still holds, the last one of several at once", () => {
    const times = [1, 2, 2, 2, 5];
    expect([0, 1, 1.9, 2, 4.9, 5, 99].map((time) => pointAt(times, time))).toEqual([0, 0, 0, 3, 3, 4, 4]);
    expect(pointAt([], 3)).toBe(0);
  });

  test("sizes are in binary units, and below zero too", () => {
    expect(formatValue("pages", -131_072)).toBe("-512.00 MiB");
    expect(formatValue("seconds", 2.5)).toBe("2.500 s");
    expect([null, undefined, Number.NaN].map((none) => formatValue("seconds", none))).toEqual(["–", "–", "–"]);
    expect(formatValue("count", 7)).toBe("7");
    expect(["pages", "seconds", "count"].map((scale) => formatTick(scale as "pages", 0))).toEqual(["0", "0 s", "0"]);
    expect([30, 131_072, 393_216].map((pages) => formatTick("pages", pages))).toEqual([
      "120 KiB",
      "512 MiB",
      "1.50 GiB",
    ]);
    expect(formatTick("seconds", 0.1 + 0.2)).toBe("0.3 s");
  });

  test("times are hours, minutes and seconds, as fine as their distance", () => {
    expect(formatTimes([0, 30, 3600], 30)).toEqual(["0:00:00", "0:00:30", "1:00:00"]);
    expect(formatTimes([25.5, 26], 0.5)).toEqual(["0:00:25.5", "0:00:26.0"]);
    expect(formatTimes([604_800], 86_400)).toEqual(["168:00:00"]);
  });

  test("the last values make a sentence", () => {
    const history = new History();
    expect(describePoint(history.columns, -1)).toBe("No curves before a boot.");
    history.add([sample({ ms: 1500, target: 256, retryCount: 3, current: 512, workDueMs: 4000 })], null);
    expect(describePoint(history.columns, 0)).toContain(
      "At 0:00:01.500 of virtual time: current 2.00 MiB, target 1.00 MiB",
    );
    expect(describePoint(history.columns, 0)).toContain("retry_count 3, schedule_delay 4.000 s.");
  });
});
