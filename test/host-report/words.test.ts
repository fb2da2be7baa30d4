/** Sizes, times and shortages as a person says them. */
import { describe, expect, test } from "vitest";
import { gibHoursText, rangeText, sizeRangeText, sizeWords, timeWords } from "../../apps/host/report/words.js";
import { GIB_KIB, HOUR_MS } from "../support/host-outcomes.js";

const MINUTE_MS = 60_000;

describe("a time", () => {
  test.each([
    [0, "0 ms"],
    [0.4, "under 1 ms"],
    [250, "250 ms"],
    [999.6, "1 s"],
    [1000, "1 s"],
    [119_400, "119 s"],
    [120_000, "2 min"],
    [150_000, "2 min 30 s"],
    [599_400, "9 min 59 s"],
    [10 * MINUTE_MS, "10 min"],
    [59.6 * MINUTE_MS, "1 h"],
    [200 * MINUTE_MS, "3 h 20 min"],
    [24 * HOUR_MS, "24 h"],
    [48 * HOUR_MS, "2 d"],
    [167.6 * HOUR_MS, "7 d"],
    [63 * HOUR_MS, "2 d 15 h"],
  ])("of %d ms is %s", (ms, words) => {
    expect(timeWords(ms)).toBe(words);
  });
});

test("a size has the unit that suits it, and nothing has none", () => {
  expect([0, 4, 250_000, 1.25 * GIB_KIB, 2048 * GIB_KIB].map(sizeWords)).toEqual([
    "0",
    "4 KiB",
    "244 MiB",
    "1.25 GiB",
    "2 TiB",
  ]);
});

test("a shortage is in GiB·h, and one that is too small to tell is not nothing", () => {
  const GIB_HOUR = GIB_KIB * HOUR_MS;
  expect([0, 1, GIB_HOUR, 180.4 * GIB_HOUR].map(gibHoursText)).toEqual(["0", "under 0.001", "1.00", "180"]);
});

test("a range has both ends, and one where they read alike", () => {
  const range = (low: number, high: number) => ({ value: low, low, high });
  expect(rangeText(range(3, 5), String)).toBe("3–5");
  expect(rangeText(range(3.001, 3.002), (value) => value.toFixed(1))).toBe("3.0");
  expect(sizeRangeText(range(GIB_KIB, 2 * GIB_KIB))).toBe("1–2 GiB");
  expect(sizeRangeText(range(GIB_KIB / 4, 2 * GIB_KIB))).toBe("256 MiB–2 GiB");
  expect(sizeRangeText(range(GIB_KIB, GIB_KIB + 4))).toBe("1 GiB");
  expect(sizeRangeText(range(0, GIB_KIB))).toBe("0–1 GiB");
  expect(sizeRangeText(range(0, 0))).toBe("0");
});
