/** The statistics of studies, against values worked out by hand and by simulation from seeds. */
import { describe, expect, test } from "vitest";
import { holm, minimumP, permutationTest } from "../../apps/study/permutation.js";
import {
  bootstrapExponent,
  bootstrapMedian,
  bootstrapRatio,
  geometricMean,
  logLogSlope,
  median,
} from "../../apps/study/statistics.js";
import { type Random, randomByScaling } from "../../src/host/random.js";

const PERMUTATIONS = 10_000;

const rounds = (...values: number[]) => new Map(values.entries());

/** Around 100 and askew, as times are. */
function times(random: Random, count: number): number[] {
  const uniform = () => (random(2 ** 32) + 0.5) / 2 ** 32;
  return Array.from(
    { length: count },
    () => 100 * Math.exp(0.1 * Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())),
  );
}

describe("randomByScaling", () => {
  test("draws each number as often, from 0 to below n", () => {
    const random = randomByScaling(1);
    const counts = new Array<number>(6).fill(0);
    for (let i = 0; i < 60_000; i++) counts[random(6)]++;
    expect(counts).toHaveLength(6);
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  });

  test("0 is a seed as well", () => {
    expect(randomByScaling(0)(1000)).toBe(randomByScaling(1)(1000));
    expect(randomByScaling(7)(2 ** 32)).not.toBe(randomByScaling(8)(2 ** 32));
  });
});

test("median", () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([100, 9])).toBe(54.5);
  expect(median([7])).toBe(7);
  expect(() => median([])).toThrow(new RangeError("expected values, got none"));
});

test("geometric mean", () => {
  expect(geometricMean([2, 8])).toBeCloseTo(4, 12);
  expect(geometricMean([1, 10, 100])).toBeCloseTo(10, 12);
});

describe("bootstrapMedian", () => {
  test("of five values the ends are the least and the greatest", () => {
    // the median of a resample is the least value when it is drawn three times of five or more: 5.8 %, above 2.5 %
    expect(bootstrapMedian([5, 1, 9, 2, 7], 1)).toEqual({ value: 5, low: 1, high: 9, n: 5 });
  });

  test("of eleven values the ends are the third and the ninth", () => {
    // at most the second: P(Bin(11, 2/11) >= 6) = 1.0 %; at most the third: P(Bin(11, 3/11) >= 6) = 5.8 %
    const values = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
    for (const seed of [1, 2, 3]) expect(bootstrapMedian(values, seed)).toEqual({ value: 6, low: 3, high: 9, n: 11 });
  });

  test("is the same each time, and whatever the order", () => {
    const values = times(randomByScaling(5), 10);
    expect(bootstrapMedian(values, 3)).toEqual(bootstrapMedian([...values].reverse(), 3));
    expect(bootstrapMedian([7], 3)).toEqual({ value: 7, low: 7, high: 7, n: 1 });
  });

  test.each([10, 15, 20])("with %d processes the interval holds the true median about 95 times in 100", (count) => {
    const random = randomByScaling(20_260_101 + count);
    let held = 0;
    for (let i = 0; i < 500; i++) {
      const { low, high } = bootstrapMedian(times(random, count), i + 1);
      if (low <= 100 && 100 <= high) held++;
    }
    expect(held / 500).toBeGreaterThanOrEqual(0.9);
    expect(held / 500).toBeLessThanOrEqual(0.99);
  });
});

describe("bootstrapRatio", () => {
  test("is the median of the ratios of each round", () => {
    // 2, 4, 3: of the medians it would be 20 / 10
    const estimate = bootstrapRatio([rounds(20, 400, 15)], [rounds(10, 100, 5)], 1);
    expect(estimate).toMatchObject({ value: expect.closeTo(3, 12), n: 3 });
    expect(estimate?.low).toBeCloseTo(2, 12);
    expect(estimate?.high).toBeCloseTo(4, 12);
  });

  test("what slows a whole round down does not count", () => {
    const slow = [1, 2.5, 1, 4, 1, 1.3, 1, 2];
    const estimate = bootstrapRatio([rounds(...slow.map((by) => 30 * by))], [rounds(...slow.map((by) => 20 * by))], 1);
    for (const figure of [estimate?.value, estimate?.low, estimate?.high]) expect(figure).toBeCloseTo(1.5, 12);
  });

  test("of several is that of their geometric means", () => {
    const estimate = bootstrapRatio([rounds(4), rounds(9)], [rounds(1), rounds(1)], 1);
    expect(estimate?.value).toBeCloseTo(6, 12);
    expect(bootstrapRatio([rounds(8)], [rounds(2), rounds(8)], 1)?.value).toBeCloseTo(2, 12);
  });

  test("leaves out rounds that not all were run in", () => {
    const some = new Map([
      [0, 10],
      [2, 30],
    ]);
    expect(bootstrapRatio([some], [rounds(5, 5, 5)], 1)).toMatchObject({ low: expect.closeTo(2, 12), n: 2 });
    expect(bootstrapRatio([some], [new Map([[1, 5]])], 1)).toBeNull();
    expect(bootstrapRatio([], [some], 1)).toBeNull();
  });
});

describe("the exponent of a power law", () => {
  test("is found", () => {
    expect(logLogSlope([1, 2, 4, 8].map((n) => [n, 3 * n ** 1.5]))).toBeCloseTo(1.5, 10);
    expect(logLogSlope([1, 2, 4].map((n) => [n, 7]))).toBeCloseTo(0, 10);
  });

  test("is that of least squares", () => {
    // logs to base e: (0, 0), (1, 2), (2, 1): slope 0.5
    expect(
      logLogSlope([
        [1, 1],
        [Math.E, Math.E ** 2],
        [Math.E ** 2, Math.E],
      ]),
    ).toBeCloseTo(0.5, 12);
  });

  test("of rounds has an interval that holds the true one", () => {
    const random = randomByScaling(9);
    let held = 0;
    for (let i = 0; i < 300; i++) {
      const points = [10, 100, 1000, 10_000].map(
        (x) => [x, rounds(...times(random, 12).map((noise) => noise * x ** 1.1))] as const,
      );
      const estimate = bootstrapExponent(points, i + 1);
      if (estimate === null) throw new Error("no exponent");
      expect(estimate.value).toBeCloseTo(1.1, 1);
      if (estimate.low <= 1.1 && 1.1 <= estimate.high) held++;
    }
    expect(held / 300).toBeGreaterThanOrEqual(0.9);
    expect(held / 300).toBeLessThanOrEqual(0.99);
  });
});

describe("permutationTest", () => {
  test.each([
    // of 20 ways to deal three of six two lie farthest apart; {1 2 4} has the same medians, but nearer means
    ["apart", [1, 2, 3], [4, 5, 6], 2 / 20],
    // with the same medians as {1 3 5} but nearer means are {1 3 6}, {1 4 5}, {1 4 6} and their mirrors
    ["in turns", [1, 3, 5], [2, 4, 6], 14 / 20],
    ["one and one", [1], [2], 1],
    // distances of one of five to the median of the others: 2.5, 1.5, 0, 1.5, 2.5 (1 to 3.5, 2 to 3.5, 3 to 3, …)
    ["one and four", [1], [2, 3, 4, 5], 2 / 5],
    ["the same", [2, 2, 2], [2, 2, 2], 1],
    ["two and two", [1, 2], [3, 4], 2 / 6],
  ])("is exact for few values: %s", (_, a, b, p) => {
    expect(permutationTest(a, b, 1, PERMUTATIONS)).toBeCloseTo(p, 12);
    expect(permutationTest(b, a, 1, PERMUTATIONS)).toBeCloseTo(p, 12);
  });

  test("a random estimate comes near to the exact value", () => {
    const random = randomByScaling(3);
    for (let i = 0; i < 5; i++) {
      const [a, b] = [times(random, 9), times(random, 8).map((ns) => ns * 1.05)];
      const exact = permutationTest(a, b, 1, 24_310);
      expect(exact * 24_310).toBeCloseTo(Math.round(exact * 24_310), 6);
      expect(Math.abs(permutationTest(a, b, 1, 24_309) - exact)).toBeLessThan(0.015);
    }
  });

  test("is never 0", () => {
    const low = Array.from({ length: 30 }, (_, i) => i);
    const high = low.map((value) => value + 1000);
    expect(permutationTest(low, high, 1, PERMUTATIONS)).toBe(1 / (PERMUTATIONS + 1));
  });

  test("finds no difference between samples of the same, but once in 100", () => {
    const random = randomByScaling(11);
    let found = 0;
    for (let i = 0; i < 500; i++) {
      if (permutationTest(times(random, 12), times(random, 12), i + 1, PERMUTATIONS) < 0.01) found++;
    }
    expect(found / 500).toBeLessThanOrEqual(0.02);
  });

  test("finds a difference of three times the spread", () => {
    const random = randomByScaling(12);
    for (let i = 0; i < 50; i++) {
      const slower = times(random, 12).map((ns) => ns * 1.35);
      expect(permutationTest(times(random, 12), slower, i + 1, PERMUTATIONS)).toBeLessThan(0.01);
    }
  });
});

test.each([
  [1, 1, 1],
  [3, 3, 2 / 20],
  [5, 5, 2 / 252],
  [8, 8, 2 / 12_870],
  [10, 10, 2 / 184_756],
  [4, 6, 1 / 210],
])("the least p of %d and %d values", (countA, countB, p) => {
  expect(minimumP(countA, countB)).toBeCloseTo(p, 12);
  const a = Array.from({ length: countA }, (_, i) => i / 100);
  const b = Array.from({ length: countB }, (_, i) => 10 + i / 100);
  if (countA + countB < 14) expect(permutationTest(a, b, 1, PERMUTATIONS)).toBeGreaterThanOrEqual(p - 1e-12);
});

test("Holm's correction", () => {
  // worked out by hand: 0.005 x 4, 0.01 x 3, max(0.03, 0.03 x 2), max(0.06, 0.04)
  expect(holm([0.01, 0.04, 0.03, 0.005]).map((p) => Number(p.toFixed(9)))).toEqual([0.03, 0.06, 0.06, 0.02]);
  expect(holm([0.4, 0.9])).toEqual([0.8, 0.9]);
  expect(holm([0.7, 0.6])).toEqual([1, 1]);
  expect(holm([])).toEqual([]);
});
