/** Demand from tables. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readCsv } from "../../apps/demand/csv.js";
import { DemandError } from "../../apps/demand/demand-error.js";
import { runs } from "../support/seed.js";

const at = (timeMs: number, usedPages: number, provisionedPages: number | null = null) => ({
  timeMs,
  usedPages,
  provisionedPages,
});

describe("readCsv", () => {
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
    expect(readCsv(text)).toEqual([{ vm: "", points }]);
  });

  test.each([
    ["", "line 1: expected a row of time and memory in use, got none"],
    ["# none\ntime_ms,demand_kib\n", "line 2: expected a row of time and memory in use, got none"],
    ["0,4\n1\n", "line 2, field 1 (character 1): expected 2 fields, commas between, got 1"],
    ["0;4\n1,8", "line 2, field 1 (character 1): expected 2 fields, semicolons between, got 1"],
    ["0\t4\n1,8", "tabs between, got 1"],
    ["0,4,5", "line 1, field 3 (character 5): expected 2 fields, commas between, got 3"],
    ["0,4\n  x, 8", 'line 2, field 1 (character 3): expected a time from 0 to 9007199254740991 ms, got "x"'],
    ["0,4\n10,  eight", 'line 2, field 2 (character 6): expected memory from 0 to 4294967295 pages, got "eight"'],
    ["0,", "expected memory from 0 to 4294967295 pages, got nothing"],
    ["0,-4", "got -4"],
    ["-1,4", "got -1"],
    ["0,NaN", 'got "NaN"'],
    ["0,Infinity", 'got "Infinity"'],
    ["0,1e400", "got 1e400"],
    ["0,0x10", 'got "0x10"'],
    ["0,1_000", 'got "1_000"'],
    ['0,"4', "expected memory"],
    ["date,used_kib\n2013-13-45,4", 'line 2, field 1 (character 1): expected a date, got "2013-13-45"'],
    ["date,used_kib\n2013-02-30,4", 'expected a date, got "2013-02-30"'],
    ["date,used_kib\n2013-02-28 25:00,4", 'expected a date, got "2013-02-28 25:00"'],
    ["time_s,used_kib\n2013-02-28,4", 'expected a time from 0 to 9007199254740991 ms, got "2013-02-28"'],
    ["time_constructor,used_constructor\n0,4", "expected a column of time"],
    ["time_s,vm,used_kib\n0,,4", 'line 2, field 2 (character 3): expected a guest in column "vm", got nothing'],
    [`0,${2 ** 32 * 4}`, "got 17179869184"],
    ["time_s,demand_kib\n9007199254741,4", "expected a time from 0"],
    ["5,4\n# x\n\n4,8", "line 4, field 1 (character 1): expected a time no earlier than the row before, got 4"],
    ["time,demand_kib\n0,4", 'expected a date, or a unit in the name of column "time": ms, s, min or h'],
    [
      "when,used_kib\n0,4",
      'line 1: expected a column of time, such as time_s; there are "when", "used_kib": one can be',
    ],
    ["time_s,load\n0,4", 'line 1: expected a column of memory in use, such as used_kib; there are "time_s", "load"'],
    ["time_s,used_kib,rss_kib\n0,4,4", '"used_kib" and "rss_kib" could both be meant by used: one must be named'],
    ["0,4\ntime_ms,demand_kib", "line 2, field 1"],
    [`0,${"x".repeat(50)}`, `got "${"x".repeat(40)}…"`],
  ])("%j is refused", (text, message) => {
    let error: unknown;
    try {
      readCsv(text);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(DemandError);
    expect((error as DemandError).message).toContain(message);
  });

  test.each([
    ["Timestamp [s]", "Memory usage [KB]", 1000, 0.25],
    ["time (min)", "memory_used_mb", 60_000, 256],
    ["t_h", "rss_GiB", 3_600_000, 262_144],
    ["timestamp_ms", "mem_bytes", 1, 1 / 4096],
    ["TIME_S", "Used (MiB)", 1000, 256],
    ["time_s", "pages", 1000, 1],
  ])("columns %s and %s", (time, used, unitMs, unitPages) => {
    const expected = [at(unitMs, Math.floor(8192 * unitPages))];
    expect(readCsv(`${time};${used}\n1;8192\n`)).toEqual([{ vm: "", points: expected }]);
  });

  test("the Rnd traces of the Grid Workloads Archive as they are: what they call ms is seconds", () => {
    const head =
      "Timestamp [ms];\tCPU cores;\tCPU capacity provisioned [MHZ];\tCPU usage [MHZ];\tCPU usage [%];\t" +
      "Memory capacity provisioned [KB];\tMemory usage [KB];\tDisk read throughput [KB/s];\tDisk write throughput [KB/s];\t" +
      "Network received throughput [KB/s];\tNetwork transmitted throughput [KB/s]";
    const rows = [
      "1376314846;\t4;\t11703.99;\t10912.02;\t93.23;\t67108864.0;\t6129274.4;\t0.13;\t20.33;\t0.0;\t1.6",
      "1376315146;\t4;\t11703.99;\t10890.57;\t93.05;\t67108864.0;\t6755624.0;\t0.33;\t18.4;\t0.0;\t1.8",
    ];
    const text = [head, ...rows].join("\n");
    const points = [at(0, 1_532_318, 2 ** 24), at(300_000, 1_688_906, 2 ** 24)];
    expect(readCsv(text)).toEqual([{ vm: "", points }]);
    expect(readCsv(text, { timeUnit: "s" })).toEqual([{ vm: "", points }]);
    const named = [
      { ...points[0], timeMs: 1_376_314_846 },
      { ...points[1], timeMs: 1_376_315_146 },
    ];
    expect(readCsv(text, { timeUnit: "ms" })).toEqual([{ vm: "", points: named }]);
    expect(readCsv("Timestamp [ms];Memory usage [KB]\n86400000;4\n")[0].points).toEqual([at(86_400_000, 1)]);
  });

  test("many guests in one table, each ascending by itself; dates count from the earliest", () => {
    const text =
      "date,vm,used_mib\n2026-01-01T00:00:05Z,b,2\n2026-01-01,a,1\n2026-01-01 00:01,a,3\n2026-01-01T00:01Z,b,1\n";
    expect(readCsv(text)).toEqual([
      { vm: "b", points: [at(5000, 512), at(60_000, 256)] },
      { vm: "a", points: [at(0, 256), at(60_000, 768)] },
    ]);
  });

  test("times since 1970 count from the earliest as dates do", () => {
    expect(readCsv("time_s,vm,used_kib\n1376314846,a,4\n1376314840.5,b,8\n")).toEqual([
      { vm: "a", points: [at(5500, 1)] },
      { vm: "b", points: [at(0, 2)] },
    ]);
  });

  test("a separator within quotes is text, two quotes are one, and one that is not closed is itself", () => {
    const head = '"vm","time_s","note; of whom","used_kib"\n';
    expect(readCsv(`${head}"web, ""old""",1,"a,b",4\nweb "new",2,"5,8\n`)).toEqual([
      { vm: 'web, "old"', points: [at(1000, 1)] },
      { vm: 'web "new"', points: [at(2000, 2)] },
    ]);
    expect(() => readCsv(`${head}a,1,"b,c",x\n`)).toThrow("line 2, field 4 (character 11): expected memory");
  });

  test("a first column without a name, as an index is written", () => {
    expect(readCsv(",time_s,used_kib\n0,5,4\n1,6,8\n")[0].points).toEqual([at(5000, 1), at(6000, 2)]);
  });

  test("columns are named where their names do not give them away", () => {
    const named = { time: "when", timeUnit: "s", used: "rss_kib", vm: "box", provisioned: "max_kib" };
    expect(readCsv("box,when,used_kib,rss_kib,max_kib\nx,1,4,8,400\n", named)).toEqual([
      { vm: "x", points: [at(1000, 2, 100)] },
    ]);
    expect(() => readCsv("time_s,mem\n1,2", { used: "mem" })).toThrow(
      'line 1: expected a unit in the name of column "mem", or a usedUnit: b, bytes, kb, kib',
    );
    expect(() => readCsv("time_s,used_kib,sold\n1,2,3", { provisioned: "sold" })).toThrow(
      'expected a unit in the name of column "sold": b, bytes',
    );
    expect(() => readCsv("a,b\n1,2", { time: "c", used: "b" })).toThrow('expected a column "c"; there are "a", "b"');
    expect(() => readCsv("a,b\n1,2", { time: "a", used: "b", timeUnit: "weeks" })).toThrow("expected a unit among ms");
  });

  test("takes a million rows and no more", () => {
    const rows = (count: number) => Array.from({ length: count }, (_, i) => `${i},${i % 1000}\n`).join("");
    expect(readCsv(`time_ms,demand_kib\n${rows(1_000_000)}`)[0].points).toHaveLength(1_000_000);
    expect(() => readCsv(rows(1_000_001))).toThrow(
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
          return at(timeMs, pages);
        });
        const lines = points.map(
          ({ timeMs, usedPages }) => `${quote}${timeMs}${quote}${separator}${quote}${4 * usedPages}${quote}${end}`,
        );
        const head = header === "" ? "" : `${header}${separator}demand_kib${end}`;
        expect(readCsv(head + lines.join(between === "" ? "" : between + end))).toEqual([{ vm: "", points }]);
      }),
      runs(200),
    );
  });
});
