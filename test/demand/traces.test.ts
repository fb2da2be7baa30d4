/** Demand from JSON traces, and from files of either format. */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { DemandError } from "../../apps/demand/demand-error.js";
import { readDemand } from "../../apps/demand/read.js";
import { readTraces } from "../../apps/demand/traces.js";

const vms = {
  a: { cores: 1, prov_kib: 4000, used_kib: [0, 401, 4004] },
  b: { prov_kib: [4000, 8000, 8003], used_kib: [1, 2, 3] },
  c: { used_kib: [40] },
};
const trace = (change: object = {}): string =>
  JSON.stringify({ t0_unix: 1, step_s: 300, n: 3, unit: "KiB", vms, ...change });
const point = (timeMs: number, usedPages: number, provisionedPages: number | null) => ({
  timeMs,
  usedPages,
  provisionedPages,
});

test("one number a step, in whole pages; what is sold may change, or not be known", () => {
  expect(readTraces(trace())).toEqual([
    { vm: "a", points: [point(0, 0, 1000), point(300_000, 100, 1000), point(600_000, 1001, 1000)] },
    { vm: "b", points: [point(0, 0, 1000), point(300_000, 0, 2000), point(600_000, 0, 2000)] },
    { vm: "c", points: [point(0, 10, null)] },
  ]);
});

test("times are whole ms", () => {
  const times = readTraces(trace({ step_s: 16.1 })).map(({ points }) => points.map(({ timeMs }) => timeMs));
  expect(times[0]).toEqual([0, 16_100, 32_200]);
  expect(readTraces(trace({ step_s: 0.0014 }))[0].points[2].timeMs).toBe(3);
});

test.each([
  ["{", /^JSON: /],
  [JSON.stringify([]), /^the document: expected an object, got/],
  [trace({ unit: "KB" }), /^unit: expected "KiB", got "KB"$/],
  [trace({ step_s: 0 }), /^step_s: expected 0\.001 seconds or more, got 0$/],
  [trace({ step_s: 0.0005 }), /^step_s: expected 0\.001 seconds or more, got 0\.0005$/],
  [trace({ step_s: 1e300 }), /^step_s: expected times of at most 9007199254740991 ms, got 1e\+300$/],
  [trace({ step_s: "5" }), /^step_s: expected a number, 0 or more, got/],
  [trace({ vms: [] }), /^vms: expected an object, got/],
  [trace({ vms: {} }), /^vms: expected a guest, got none$/],
  [trace({ vms: { x: 3 } }), /^vms\.x: expected an object, got 3$/],
  [trace({ vms: { x: { used_kib: [] } } }), /^vms\.x\.used_kib: expected a number, got none$/],
  [trace({ vms: { x: { used_kib: 4 } } }), /^vms\.x\.used_kib: expected a list of numbers, got 4$/],
  [trace({ vms: { x: { used_kib: [1, -1] } } }), /^vms\.x\.used_kib\[1\]: expected a number, 0 or more, got -1$/],
  [trace({ vms: { x: { used_kib: [1, null] } } }), /^vms\.x\.used_kib\[1\]: expected a number, 0 or more, got null$/],
  [
    trace({ vms: { x: { prov_kib: [1], used_kib: [1, 2] } } }),
    /^vms\.x\.prov_kib: expected 2 numbers, one for each of used_kib, got 1$/,
  ],
  [trace({ step_s: 1 }).replace('"step_s":1', '"step_s":1e999'), /^step_s: expected a number, 0 or more, got null$/],
  [
    trace({ vms: { x: { used_kib: [2 ** 34] } } }),
    /^vms\.x\.used_kib\[0\]: expected memory of 4294967295 pages or less, got 17179869184$/,
  ],
  [trace({ vms: { x: { prov_kib: "much", used_kib: [1] } } }), /^vms\.x\.prov_kib: expected a number/],
])("%s is refused", (text, message) => {
  expect(() => readTraces(text)).toThrow(DemandError);
  expect(() => readTraces(text)).toThrow(message);
});

test("a file is JSON when it begins with a brace, whatever spaces and marks stand before it", () => {
  const guests = readTraces(trace());
  const reading = "JSON; KiB; 3 guests: a, b, c; 7 of 7 rows used; 10 min in all, a step of 5 min";
  expect(readDemand(trace())).toEqual({ guests, reading, contradictions: [] });
  expect(readDemand(`\n ${trace()}`)).toEqual({ guests, reading, contradictions: [] });
  expect(readDemand(`\ufeff${trace()}`)).toEqual({ guests, reading, contradictions: [] });
});

test.each([
  ["[[1709250901, 8192]]", "the document: expected an object, got [[1709250901,8192]]"],
  ['{"sysstat":{"hosts":[]}}', "the document: sadf -j is not read: sadf -d -- -r writes a table that is"],
  ['{"status":"success","data":{}}', "the document: JSON of the Prometheus API is not read: jq -r"],
])("JSON of others is refused: %s", (text, message) => {
  expect(() => readDemand(text)).toThrow(message);
});

const week = new URL("../../../shared/data/bitbrains-week1.json", import.meta.url);
describe.skipIf(!existsSync(week))("a week of real guests", () => {
  test("is read whole", () => {
    const { guests } = readDemand(readFileSync(week, "utf8"));
    expect(guests).toHaveLength(40);
    for (const { points } of guests) {
      expect(points).toHaveLength(2016);
      expect(points[2015].timeMs).toBe(2015 * 300_000);
    }
  });
});
