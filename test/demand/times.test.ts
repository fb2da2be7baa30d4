/** The times of demand tables. */
import { describe, expect, test } from "vitest";
import type { DemandColumns } from "../../apps/demand/columns.js";
import { readDemand } from "../../apps/demand/read.js";

function timesOf(head: string, times: readonly string[], given?: DemandColumns): readonly number[] {
  const text = `${head};used_kib\n${times.map((time) => `${time};4\n`).join("")}`;
  return readDemand(text, given).guests[0].points.map(({ timeMs }) => timeMs);
}

const HALF_HOUR = 1_800_000;

describe("times", () => {
  test.each([
    ["s since 1970", "timestamp", ["1709250901", "1709252701"]],
    ["ms since 1970", "Time", ["1709250901000", "1709252701000"]],
    ["µs since 1970", "ts", ["1709250901000000", "1709252701000000"]],
    ["ns since 1970", "epoch", ["1709250901000000000", "1709252701000000000"]],
    ["s since 1970 with decimals", "epoch", ["1709250901.25", "1709252701.25"]],
    ["s since 1970, by the name, too", "time_s", ["1709250901", "1709252701"]],
    ["ISO dates", "date", ["2024-02-29T23:45:00Z", "2024-03-01T00:15:00Z"]],
    ["dates with a space and UTC", "timestamp", ["2024-02-29 23:45:00 UTC", "2024-03-01 00:15:00 UTC"]],
    ["the zone in the name", "Timestamp (UTC)", ["2024-02-29 23:45:00", "2024-03-01 00:15:00"]],
    ["offsets", "time", ["2024-02-29T23:45:00+01:00", "2024-02-29T23:15:00+0000"]],
    ["fractions", "time", ["2024-02-29 23:45:00.250", "2024-03-01 00:15:00,250"]],
    ["German dates", "Zeit", ["29.02.2024 23:45", "01.03.2024 00:15"]],
    ["American dates with halves of a day", "time", ["02/29/2024 11:45 PM", "03/01/2024 12:15 am"]],
    ["German dates with a year of two digits", "Zeit", ["29.02.24 23:45", "01.03.24 00:15"]],
    ["British dates", "time", ["29/02/2024 23:45", "01/03/2024 00:15"]],
    ["dates with slashes", "time", ["2024/02/29 23:45", "2024/03/01 00:15"]],
    ["a day in either order, where it is one", "time", ["02/03/2024 23:15", "02/03/2024 23:45"]],
    ["dates as the command date writes them", "time", ["Thu Feb 29 23:45:00 UTC 2024", "Fri Mar  1 00:15:00 UTC 2024"]],
    ["dates of mail", "time", ["Thu, 29 Feb 2024 23:45:00 +0000", "Fri, 1 Mar 2024 00:15:00 +0000"]],
    ["date and time", "Date;Time", ["2024-02-29;23:45", "2024-03-01;00:15"]],
    ["time and date", "Time;Date", ["23:45:00;2024-02-29", "00:15:00;2024-03-01"]],
    ["date and hour", "Datum;Uhrzeit", ["29.02.2024;23:45", "01.03.2024;00:15"]],
  ])("%s", (_, head, times) => {
    expect(timesOf(head, times)).toEqual([0, HALF_HOUR]);
  });

  test.each([
    ["hours", "time_h", ["0", "0.5"]],
    ["hours alone", "hours", ["0", "0.5"]],
    ["minutes", "elapsed (min)", ["0", "30"]],
    ["ns", "time_ns", ["0", "1800000000000"]],
    ["a day of the month and hours", "date;hour", ["2024-02-29;23", "2024-03-01;0"], HALF_HOUR * 2],
  ])("%s", (_, head, times, step = HALF_HOUR) => {
    expect(timesOf(head, times)).toEqual([0, step]);
  });

  test("a unit that was given holds for any count until 2286, and for none after", () => {
    expect(timesOf("timestamp", ["2402282345", "2402282350"], { timeUnit: "s" })).toEqual([0, 5000]);
    expect(timesOf("time_us", ["1709250901", "1709252901"], { timeUnit: "us" })).toEqual([1_709_251, 1_709_253]);
    expect(() => timesOf("time", ["1709250901000000"], { timeUnit: "ms" })).toThrow("is a time in µs since 1970");
    expect(timesOf("time_s", ["1.7e9", "1.700001e9"])).toEqual([0, 1_000_000]);
  });

  test("of a unit stay as they are; those since 1970 count from the earliest", () => {
    expect(timesOf("time_s", ["5", "6"])).toEqual([5000, 6000]);
    expect(timesOf("time_ms", ["86400000"])).toEqual([86_400_000]);
    expect(timesOf("Timestamp [ms]", ["1376314846", "1376315146"], { timeUnit: "s" })).toEqual([0, 300_000]);
    expect(timesOf("Timestamp [ms]", ["1376314846", "1376315146"], { timeUnit: "ms" })).toEqual([
      1_376_314_846, 1_376_315_146,
    ]);
  });

  test.each([
    [
      "time",
      ["0"],
      'expected a date, or a unit in the name of column "time", or as timeUnit in the columns of a study',
    ],
    ["time", ["1234567"], "got 1234567"],
    ["time_s", ["1709250901000"], 'column "time_s" is in s, and 1709250901000 is a time in ms since 1970'],
    ["Timestamp [ms]", ["1376314846"], 'column "Timestamp [ms]" is in ms, and 1376314846 is a time in s since 1970'],
    ["time_ms", ["1709250901000000"], "1709250901000000 is a time in µs since 1970: expected the unit as timeUnit"],
    ["time_ns", ["1709250901000", "1709250961000"], "1709250901000 is a time in ms since 1970"],
    ["time_us", ["1709250901", "1709250961"], "1709250901 is a time in s since 1970"],
    ["time_min", ["1709250901"], 'column "time_min" is in min, and 1709250901 is a time in s since 1970'],
    ["time (h)", ["1709250901"], 'column "time (h)" is in h, and 1709250901 is a time in s since 1970'],
    [
      "time",
      ["1709250901", "1709250961", "1709251021000"],
      "line 4, field 1 (character 1): expected a time in s since 1970, of the years 2001 to 2286, as in the first row",
    ],
    ["timestamp", ["1709250901", "60"], "line 3, field 1 (character 1): expected a time in s since 1970"],
    ["time_s", ["0", "1709250901"], "line 3, field 1 (character 1): expected a time in s less than 30 years from"],
    ["time", ["24-02-28 23:45", "24-02-29 23:45"], "expected a year of four digits"],
    ["time", ["24/02/29 23:45", "24/02/29 23:50"], "expected a year of four digits"],
    [
      "timestamp",
      ["2402282345", "2402282350"],
      "expected the unit of 2402282345 as timeUnit in the columns of a study",
    ],
    ["time_s", ["2024-02-29"], "expected a time from 0 to 9007199254740991 ms"],
    ["date", ["2024-13-45"], 'line 2, field 1 (character 1): expected a date, got "2024-13-45"'],
    ["date", ["2023-02-29"], "expected a date"],
    ["date", ["2024-02-28 25:00"], "expected a date"],
    ["date", ["2024-02-28 13:00 PM"], "expected a date"],
    ["date", ["Thu Feb 29 23:45:00 CEST 2024"], "expected a date"],
    ["time", ["23:45:00"], 'expected a date beside the time of day, got "23:45:00"'],
    ["Date;Time", ["2024-02-29;24:45"], 'expected a date, got "2024-02-29" and "24:45"'],
    ["date", ["01/02/2024 00:15", "02/02/2024 00:15"], "expected dates that tell the day from the month"],
    ["date", ["2024-02-29 00:15Z", "2024-02-29 00:45"], "expected a zone, as in the rows before"],
    ["date", ["2024-02-29 00:15", "2024-02-29 00:45Z"], "expected no zone, as in the rows before"],
    ["date;timestamp", ["2024-02-29;5"], '"date" and "timestamp" could both be meant by time'],
  ])("%s %j is refused", (head, times, message) => {
    expect(() => timesOf(head, times)).toThrow(message);
  });
});
