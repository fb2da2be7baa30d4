/** The benchmarks' own parts: exact counters on every workload. Nothing here looks at a time. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { WORKLOADS } from "../apps/study/workloads.js";

const PAGES = 8192;
const bench = fileURLToPath(new URL("../bench/", import.meta.url));

const names = Object.keys(WORKLOADS).filter((name) => !WORKLOADS[name].studiesOnly);

describe.each(names)("%s", (name) => {
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
  const said = execFileSync(process.execPath, [`${bench}limit.mjs`, "start-up"], { encoding: "utf8" });
  expect(JSON.parse(said).warm).toBeGreaterThan(0);
});
