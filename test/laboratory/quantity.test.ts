/** Amounts of memory and times as a reader writes and reads them. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatClock, readPages, writePages } from "../../apps/laboratory/quantity.js";
import { runs } from "../support/seed.js";

describe("amounts of memory", () => {
  test.each([
    ["512 MiB", 131_072],
    ["16GiB", 4_194_304],
    ["1.5 gib", 393_216],
    ["1 TiB", 2 ** 28],
    ["131,072 pages", 131_072],
    ["1 page", 1],
    ["4 KiB", 1],
    ["0 pages", 0],
  ])("%s", (text, pages) => {
    expect(readPages(text)).toBe(pages);
  });

  test.each(["512", "", "MISSING", "-1 MiB", "12 MB", "1e3 MiB", "1 MiB more"])(
    "refuses %j without a word of guessing",
    (text) => {
      expect(() => readPages(text)).toThrow(
        /^expected a size with its unit, for example 512 MiB or 131,072 pages, got /,
      );
    },
  );

  test("refuses parts of pages", () => {
    expect(() => readPages("1 KiB")).toThrow('expected whole pages of 4 KiB, got "1 KiB"');
    expect(() => readPages("0.3 MiB")).toThrow(RangeError);
  });

  test("are written so that they are read again, in the unit that fits", () => {
    expect([4_194_304, 393_216, 151_663, 3, 0, 2 ** 28, 250].map(writePages)).toEqual([
      "16 GiB",
      "1.5 GiB",
      "151,663 pages",
      "12 KiB",
      "0 pages",
      "1 TiB",
      "1,000 KiB",
    ]);
    fc.assert(
      fc.property(fc.nat(2 ** 30), (pages) => {
        expect(readPages(writePages(pages))).toBe(pages);
      }),
      runs(500),
    );
  });
});

test("a clock counts hours, minutes, seconds and milliseconds", () => {
  expect([0, 25_500, 3_599_999, 604_800_000].map((ms) => formatClock(ms))).toEqual([
    "0:00:00.000",
    "0:00:25.500",
    "0:59:59.999",
    "168:00:00.000",
  ]);
});
