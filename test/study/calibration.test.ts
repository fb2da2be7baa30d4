/** A study of cases that are all alike claims a difference as seldom as it says, with real times of equal processes. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { analyze } from "../../apps/study/analysis/analysis.js";
import { noiseOf, processesFor } from "../../apps/study/analysis/noise.js";
import { LEVEL, maxT } from "../../apps/study/max-t.js";
import type { ResultLine, Results } from "../../apps/study/results.js";
import { bootstrapRatio, logRatios, median, type Rounds } from "../../apps/study/statistics.js";
import { type Random, randomByScaling } from "../../src/host/random.js";
import { factor, resultsOf, studyOf } from "../support/study-results.js";

type Times = readonly [first: number, warm: number];

const { rounds: measured }: { readonly rounds: readonly (readonly Times[])[] } = JSON.parse(
  readFileSync(new URL("../fixtures/equal-processes.json", import.meta.url), "utf8"),
);

const ROUNDS = 10;
const CASES = 8;

/** The times of CASES equal cases, and of the first one once more, in ROUNDS rounds: by round, then by case. */
function drawn(random: Random): readonly (readonly Times[])[] {
  return Array.from({ length: ROUNDS }, () => {
    const round = [...measured[random(measured.length)]];
    return Array.from({ length: CASES + 1 }, () => round.splice(random(round.length), 1)[0]);
  });
}

const byRound = (times: readonly (readonly Times[])[], one: number, pass: 0 | 1, slower = 1): Rounds =>
  new Map(times.map((round, i) => [i, round[one][pass] * slower]));

/** Returns the differences that a study of one factor with these cases claims, as time-effects.ts judges them. */
function claims(times: readonly (readonly Times[])[], slower: number, seed: number): readonly boolean[] {
  const pairs = ([0, 1] as const).flatMap((pass) =>
    Array.from({ length: CASES - 1 }, (_, i) => {
      const [one, baseline] = [byRound(times, i + 1, pass, i === 0 ? slower : 1), byRound(times, 0, pass)];
      return { one, baseline, logs: logRatios([one], [baseline]) };
    }),
  );
  const { p } = maxT(
    pairs.map(({ logs }) => logs),
    seed,
  );
  return pairs.map(({ one, baseline }, i) => {
    if (p[i] >= LEVEL) return false;
    const ratio = bootstrapRatio([one], [baseline], seed);
    return ratio !== null && (ratio.low > 1 || ratio.high < 1);
  });
}

test("of 1,000 studies of 8 equal cases at most 5 % claim anything", () => {
  const random = randomByScaling(20_130_415);
  let claiming = 0;
  for (let study = 1; study <= 1000; study++) {
    if (claims(drawn(random), 1, study).includes(true)) claiming++;
  }
  expect(claiming).toBeLessThanOrEqual(50);
});

test("of 100 studies in which one case takes twice as long most say so", () => {
  const random = randomByScaling(1);
  let found = 0;
  for (let study = 1; study <= 100; study++) {
    if (claims(drawn(random), 2, study)[CASES - 1]) found++;
  }
  expect(found).toBeGreaterThan(80);
});

test("a whole analysis judges as the test above does", () => {
  const study = studyOf({ factors: [factor("pages", "maxPfn", [1, 2, 3, 4, 5, 6, 7, 8])], measures: ["time"] });
  const times = drawn(randomByScaling(5));
  const made = resultsOf(study);
  const cases = made.header.cases.map(({ id }) => id);
  const passOf = (ns: number) => ({ outNs: ns, inNs: ns, outPages: 1, inPages: 1 });
  const lines = made.lines.map((line): ResultLine => {
    if (line.kind !== "timed") return line;
    const one = cases.indexOf(line.case);
    const [first, warm] = times[line.round][line.copy === 1 ? CASES : one];
    const slower = one === 1 ? 2 : 1;
    return { ...line, first: passOf(first * slower), warm: passOf(warm * slower) };
  });
  const results: Results = { ...made, lines };
  const judged = analyze(results).timeEffects.map(({ main }) => main.real);
  expect(judged).toEqual(claims(times, 2, study.seed));
});

test("the noise floor is that of very many studies, and its interval holds it most of the time", () => {
  const random = randomByScaling(3);
  const ratios: number[] = [];
  const noises = Array.from({ length: 200 }, () => {
    const times = drawn(random);
    const logs = Array.from({ length: CASES }, (_, i) => logRatios([byRound(times, i + 1, 1)], [byRound(times, 0, 1)]));
    for (const one of logs) ratios.push(Math.exp(Math.abs(median([...one.values()]))));
    return noiseOf(logs, 3, 1);
  });
  ratios.sort((a, b) => a - b);
  // 95 of 100 ratios of equal cases lie within it
  const floor = ratios[Math.floor(0.95 * ratios.length)];
  const held = noises.filter((noise) => noise !== null && noise.floor.low <= floor && floor <= noise.floor.high);
  expect(held.length / noises.length).toBeGreaterThan(0.85);
  const usual = median(noises.map((noise) => noise?.floor.value ?? 0));
  expect(usual / floor).toBeGreaterThan(0.9);
  expect(usual / floor).toBeLessThan(1.1);
});

test("more processes are needed for less, for more comparisons, and never fewer than six", () => {
  expect(processesFor(10, 0.05, 1)).toBe(6);
  const [ten, five, many] = [processesFor(0.1, 0.1, 1), processesFor(0.05, 0.1, 1), processesFor(0.05, 0.1, 100)];
  // (1.96 + 0.84)² × (0.1 / log 1.1)² + 1.96² / 2
  expect(ten).toBe(Math.ceil(7.849 * (0.1 / Math.log(1.1)) ** 2 + 1.921));
  expect(five).toBeGreaterThan(3 * ten);
  expect(many).toBeGreaterThan(1.5 * five);
});
