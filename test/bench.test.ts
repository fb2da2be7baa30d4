/** The benchmarks' own parts: exact counters on every workload, and the statistics. Nothing here looks at a time. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
// @ts-expect-error: plain JavaScript
import { exponent, interval, median } from "../bench/statistics.mjs";
// @ts-expect-error: plain JavaScript
import { workloads } from "../bench/workloads.mjs";

const PAGES = 8192;
const bench = fileURLToPath(new URL("../bench/", import.meta.url));

describe.each(Object.keys(workloads))("%s", (name) => {
  test.each(["wasm", "reference"])("%s moves what it says, and counts it", (engine) => {
    const said = execFileSync(process.execPath, [`${bench}case.mjs`, engine, name, String(PAGES), "0.01"], {
      encoding: "utf8",
    });
    const { first, warm, pages, calls } = JSON.parse(said);
    expect(pages).toBeGreaterThan(0);
    expect(calls).toBeGreaterThan(1);
    for (const figure of [first.out, first.in, first.both, warm.out, warm.in, warm.both]) {
      expect(figure).toBeGreaterThan(0);
    }
  });
});

test("the driver alone, and with the shim, are measured", () => {
  for (const engine of ["driver", "driver+shim"]) {
    const said = execFileSync(process.execPath, [`${bench}case.mjs`, engine, "bulk", String(PAGES), "0.01"], {
      encoding: "utf8",
    });
    expect(JSON.parse(said).warm.both).toBeGreaterThan(0);
  }
});

test("what the engine promises besides speed is measured", () => {
  const said = execFileSync(process.execPath, [`${bench}limits.mjs`, "start-up"], { encoding: "utf8" });
  expect(JSON.parse(said).warm).toBeGreaterThan(0);
});

test("median", () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});

test("the interval of the median holds it, and is the same each time", () => {
  const values = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  const [low, high] = interval(values);
  expect(low).toBeLessThan(5.5);
  expect(high).toBeGreaterThan(5.5);
  expect(low).toBeGreaterThanOrEqual(1);
  expect(high).toBeLessThanOrEqual(10);
  expect(interval(values)).toEqual([low, high]);
  expect(interval([7])).toEqual([7, 7]);
});

test("the exponent of a power law is found", () => {
  expect(exponent([1, 2, 4, 8].map((n) => [n, 3 * n ** 1.5]))).toBeCloseTo(1.5, 10);
});
