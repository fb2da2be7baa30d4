/** The laboratory's comparison: its cases, what is counted in them, and what samples give. */
import { describe, expect, test } from "vitest";
import {
  type ComparisonCase,
  type ComparisonResult,
  comparisonCases,
  expectedOf,
  figuresOf,
  guestsFor,
  rowOf,
} from "../../apps/laboratory/comparison/comparison.js";
import { Herd } from "../../apps/laboratory/comparison/comparison-herd.js";
import { timerGrainNs } from "../../apps/study/timer-grain.js";
import { engines } from "../support/engines.js";

const small: ComparisonCase = {
  domain: "pv",
  guestPages: 8192,
  direction: "inflate",
  touch: "warm",
  engines: ["engine", "reference"],
};

function result(engine: "engine" | "reference", samplesNs: readonly number[]): ComparisonResult {
  return { case: small, engine, guests: 2, pagesPerSample: 100, callsPerSample: 16, samplesNs };
}

test("every case is there once: two sizes, both domains, both directions, first touch and warm", () => {
  const cases = comparisonCases();
  const names = cases.map(({ engines: _, ...one }) => JSON.stringify(one));
  expect(new Set(names).size).toBe(16);
  expect(names).toHaveLength(16);
  expect(new Set(cases.map(({ guestPages }) => guestPages))).toEqual(new Set([2 ** 16, 2 ** 20]));
  for (const { engines } of cases) expect(engines[0]).toBe("engine");
  for (const { engines, guestPages } of cases) if (guestPages === 2 ** 16) expect(engines).toContain("reference");
});

test("a move is half of the guest, in batches of 512", () => {
  expect(expectedOf({ ...small, guestPages: 2 ** 16 })).toEqual({ pages: 32_768, calls: 64 });
  expect(expectedOf({ ...small, guestPages: 2 ** 20 })).toEqual({ pages: 524_288, calls: 1024 });
  expect(expectedOf({ ...small, guestPages: 1026 })).toEqual({ pages: 513, calls: 2 });
});

describe("figures", () => {
  test("are medians a page, which a slow sample leaves alone", () => {
    expect(figuresOf(result("engine", [100, 200, 300, 400, 90_000]))).toMatchObject({ value: 3, low: 1, n: 5 });
  });

  test("of both engines make a row with a ratio", () => {
    const row = rowOf([result("reference", [6000]), result("engine", [200])]);
    expect(row).toMatchObject({
      engine: { value: 2 },
      reference: { value: 60 },
      ratio: { value: expect.closeTo(30, 9), n: 1 },
    });
  });

  test("the ratio is that of the rounds, so that a slow round slows both", () => {
    const ours = [...Array(8).fill(100), ...Array(4).fill(1000)];
    const { ratio } = rowOf([
      result("engine", ours),
      result(
        "reference",
        ours.map((ns) => 3 * ns),
      ),
    ]);
    expect(ratio).toMatchObject({
      value: expect.closeTo(3, 9),
      low: expect.closeTo(3, 9),
      high: expect.closeTo(3, 9),
      n: 3,
    });
  });

  test("of the engine alone make one without", () => {
    expect(rowOf([result("engine", [200])])).toMatchObject({ reference: null, ratio: null });
    expect(() => rowOf([result("reference", [200])])).toThrow("expected the engine's result, got none");
  });
});

test("a sample has as many guests as make it long enough", () => {
  expect(guestsFor(0.5, 2, 40)).toBe(4);
  expect(guestsFor(0.6, 2, 40)).toBe(4);
  expect(guestsFor(5, 2, 40)).toBe(1);
  expect(guestsFor(0.01, 2, 40)).toBe(40);
  // a move that takes less than the timer's grain
  expect(guestsFor(0, 2, 40)).toBe(40);
});

test("the timer's grain is a step of the clock", () => {
  expect(timerGrainNs(200)).toBeGreaterThan(0);
  expect(timerGrainNs(200)).toBeLessThan(1e6);
});

describe.each(engines)("guests of %s", (_, makeMachine) => {
  test.each(["pv", "hvm"] as const)("%s: move exactly what a case says, in either direction", (domain) => {
    const herd = new Herd(makeMachine, { ...small, domain }, 3);
    for (const direction of ["inflate", "deflate", "inflate", "deflate"] as const) {
      herd.prepare(direction);
      herd.move(direction);
      herd.check(direction);
    }
  });

  test("are brought to where a move begins", () => {
    const herd = new Herd(makeMachine, small, 2);
    herd.prepare("deflate");
    herd.move("deflate");
    herd.check("deflate");
    herd.prepare("deflate");
    herd.move("deflate");
    herd.check("deflate");
  });

  test("that did something else are an error", () => {
    const moves = (counted: "inflate" | "deflate", ...done: ("inflate" | "deflate")[]) => {
      const herd = new Herd(makeMachine, small, 2);
      for (const direction of done) herd.move(direction);
      herd.check(counted);
    };
    expect(() => moves("inflate")).toThrow("memory_op calls: expected 8, got 0");
    expect(() => moves("deflate", "inflate")).toThrow("pages moved: expected 4096, got -4096");
    expect(() => moves("inflate", "inflate", "deflate")).toThrow("memory_op calls: expected 8, got 16");
    expect(() => moves("inflate", "inflate", "inflate")).not.toThrow();
  });
});
