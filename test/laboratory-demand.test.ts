/** Demand series from CSV text. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DemandError, parseDemand } from "../src/laboratory/demand.js";
import { runs } from "./seed.js";

const at = (timeMs: number, pages: number) => ({ timeMs, pages });

describe("parseDemand", () => {
  test.each([
    ["ms without a header", "0,4096\n1000,8192\n", [at(0, 1024), at(1000, 2048)]],
    ["ms with one", "time_ms,demand_kib\n5,4096", [at(5, 1024)]],
    ["seconds", "time_s,demand_kib\n0.5,4096\n1,8192", [at(500, 1024), at(1000, 2048)]],
    ["a header in capitals, quoted", '"TIME_S";"Demand_KiB"\n2;8', [at(2000, 2)]],
    ["CRLF", "time_ms,demand_kib\r\n1,4\r\n2,8\r\n", [at(1, 1), at(2, 2)]],
    ["semicolons and spaces", " 1 ; 4 \n 2 ; 8 ", [at(1, 1), at(2, 2)]],
    ["tabs", "1\t4\n2\t8\n", [at(1, 1), at(2, 2)]],
    ["quoted numbers", '"1","12"\n2,"16"', [at(1, 3), at(2, 4)]],
    ["comments and blank lines", "# recorded\n\n1,4\n  # later\n \n2,8\n", [at(1, 1), at(2, 2)]],
    ["numbers as programs write them", "1e3,4.0e3\n+2000.,.4e4", [at(1000, 1000), at(2000, 1000)]],
    ["whole pages and ms", "0.4,4095\n1.6,4099", [at(0, 1023), at(2, 1024)]],
    ["the last of a ms", "time_s,demand_kib\n0.0001,4\n0.0002,8\n0.0016,12", [at(0, 2), at(2, 3)]],
    ["as much as a target can be", `0,${(2 ** 32 - 1) * 4}`, [at(0, 2 ** 32 - 1)]],
  ])("%s", (_, text, points) => {
    expect(parseDemand(text)).toEqual(points);
  });

  test.each([
    ["", 1, 1, "line 1, field 1 (character 1): expected a row of time and KiB, got none"],
    ["# none\ntime_ms,demand_kib\n", 2, 1, "expected a row of time and KiB, got none"],
    ["0,4\n1\n", 2, 2, "line 2, field 2 (character 2): expected time and KiB, a comma between, got one field"],
    ["0;4\n1,8", 2, 2, "a semicolon between, got one field"],
    ["0\t4\n1,8", 2, 2, "a tab between, got one field"],
    ["0,4,5", 1, 3, "line 1, field 3 (character 5): expected two fields, got 3"],
    ["0,4\n1,2,5", 2, 3, "expected two fields, got 3"],
    ["0,4\n  x, 8", 2, 1, 'line 2, field 1 (character 3): expected a time from 0 to 9007199254740991, got "x"'],
    ["0,4\n10,  eight", 2, 2, 'line 2, field 2 (character 6): expected KiB from 0 to 17179869180, got "eight"'],
    ["0,", 1, 2, "expected KiB from 0 to 17179869180, got nothing"],
    ["0,-4", 1, 2, "got -4"],
    ["-1,4", 1, 1, "got -1"],
    ["0,NaN", 1, 2, 'got "NaN"'],
    ["0,Infinity", 1, 2, 'got "Infinity"'],
    ["0,1e400", 1, 2, "got 1e400"],
    ["0,0x10", 1, 2, 'got "0x10"'],
    ["0,1_000", 1, 2, 'got "1_000"'],
    ['0,"4', 1, 2, "expected KiB"],
    [`0,${(2 ** 32 - 1) * 4 + 1}`, 1, 2, "got 17179869181"],
    ["time_s,demand_kib\n9007199254741,4", 2, 1, "expected a time from 0 to 9007199254740,"],
    ["5,4\n5,8", 2, 1, "line 2, field 1 (character 1): expected a time after 5, got 5"],
    ["5,4\n# x\n\n4,8", 4, 1, "expected a time after 5, got 4"],
    ["time,demand_kib\n0,4", 1, 1, 'expected time_ms, time_s or a number, got "time"'],
    ["time_ms,pages\n0,4", 1, 2, 'expected demand_kib, got "pages"'],
    ["0,4\ntime_ms,demand_kib", 2, 1, "expected a time from 0"],
    [`0,${"x".repeat(50)}`, 1, 2, `got "${"x".repeat(40)}…"`],
  ])("%j is refused", (text, line, column, message) => {
    let error: unknown;
    try {
      parseDemand(text);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(DemandError);
    expect(error).toMatchObject({ line, column });
    expect((error as DemandError).message).toContain(message);
  });

  test("takes a million rows and no more", () => {
    const rows = (count: number) => Array.from({ length: count }, (_, i) => `${i},${i % 1000}\n`).join("");
    expect(parseDemand(`time_ms,demand_kib\n${rows(1_000_000)}`)).toHaveLength(1_000_000);
    expect(() => parseDemand(rows(1_000_001))).toThrow(
      "line 1000001, field 1 (character 1): expected at most 1000000 rows",
    );
  });

  test("reads back what was written, however it was", () => {
    const row = fc.tuple(fc.integer({ min: 1, max: 1e9 }), fc.nat(2 ** 31 - 1));
    const style = fc.record({
      separator: fc.constantFrom(",", ";", "\t"),
      end: fc.constantFrom("\n", "\r\n"),
      quote: fc.constantFrom("", '"'),
      header: fc.constantFrom("", "time_ms"),
      between: fc.constantFrom("", "# a comment", " "),
    });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1 }), style, (drawn, { separator, end, quote, header, between }) => {
        let timeMs = -1;
        const points = drawn.map(([later, pages]) => {
          timeMs += later;
          return { timeMs, pages };
        });
        const lines = points.map(
          ({ timeMs, pages }) => `${quote}${timeMs}${quote}${separator}${quote}${4 * pages}${quote}${end}`,
        );
        const head = header === "" ? "" : `${header}${separator}demand_kib${end}`;
        expect(parseDemand(head + lines.join(between === "" ? "" : between + end))).toEqual(points);
      }),
      runs(200),
    );
  });
});
