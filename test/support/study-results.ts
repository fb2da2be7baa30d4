/** Results of studies that were never run: times and counts as a test wants them. */

import type { Case } from "../../apps/study/plan.js";
import type { ExactMeasures, ReplayMeasures, ResultLine, Results } from "../../apps/study/results.js";
import { type Factor, MEASURES, type Settings, type Study } from "../../apps/study/study.js";
import { randomByScaling } from "../../src/host/random.js";

/** Levels whose labels are what they set. */
export function factor(name: string, setting: keyof Settings, values: readonly (string | number | boolean)[]): Factor {
  const levels = values.map((value) => ({ label: String(value), settings: { [setting]: value } as Settings }));
  return { name, levels, baseline: levels[0].label };
}

export function studyOf(change: Partial<Study> = {}): Study {
  return {
    name: "sample",
    title: "A sample",
    question: "What does scrubbing cost?",
    doesNotShow: ["That it is worth it."],
    base: {},
    columns: {},
    factors: [factor("scrub", "scrub", [false, true])],
    fraction: 1,
    measures: MEASURES,
    replications: 10,
    seeds: [1],
    seed: 7,
    ...change,
  };
}

/** The full grid, or of a fraction every so manieth case. */
function casesOf(study: Study): readonly Case[] {
  let grid: { levels: Record<string, string>; settings: Settings; baseline: boolean }[] = [
    { levels: {}, settings: study.base, baseline: true },
  ];
  for (const { name, levels, baseline } of study.factors) {
    grid = grid.flatMap((one) =>
      levels.map(({ label, settings }) => ({
        levels: { ...one.levels, [name]: label },
        settings: { ...one.settings, ...settings },
        baseline: one.baseline && label === baseline,
      })),
    );
  }
  return grid
    .flatMap((one) =>
      study.seeds.map((seed, i) => ({
        id: `${JSON.stringify(one.settings)} seed ${seed}`,
        ...one,
        seed,
        baseline: one.baseline && i === 0,
      })),
    )
    .filter((_, i) => i % study.fraction === 0);
}

function measuresOf(change: Partial<ExactMeasures> = {}): ExactMeasures {
  return {
    pagesOut: 1024,
    pagesIn: 1024,
    memoryOps: 4,
    extentsPerCall: [[512, 4]],
    vaMappings: 0,
    tlbFlushes: 0,
    kmapFlushes: 0,
    scrubbedPages: 0,
    retries: 0,
    waitedSeconds: 0,
    outMissedPages: 0,
    inMissedPages: 0,
    longestStepPages: 512,
    memoryBytes: 1_048_576,
    currentPages: 2048,
    creditPages: 0,
    replay: null,
    ...change,
  };
}

export function replayOf(change: Partial<ReplayMeasures> = {}): ReplayMeasures {
  return {
    sizePages: 262_144,
    targets: 3,
    shortPages: 0,
    shortRows: 0,
    missedRows: 0,
    soldPages: 262_144,
    givenBackPages: 65_536,
    mostPages: 262_144,
    leastPages: 131_072,
    series: { timeMs: [0, 10], usedPages: [1, 2], targetPages: [3, 4], currentPages: [5, 6] },
    ...change,
  };
}

export interface Making {
  /** ns a page of warm passes; the first takes three times as long. Default: 10. */
  readonly ns?: (one: Case) => number;
  readonly exact?: (one: Case) => Partial<ExactMeasures>;
  /** How far times go up and down, as a part of 1. Default: 0.02. */
  readonly noise?: number;
  /** The seed of the noise. */
  readonly seed?: number;
  /** How much slower a round is: nothing, unless said. */
  readonly slow?: (round: number) => number;
  /** How long the machine takes for the same work. Default: 5 ms. */
  readonly paceNs?: number;
  /** Whether a line is there. */
  readonly keep?: (line: ResultLine) => boolean;
}

const PAGES = 2048;

export function resultsOf(study: Study, making: Making = {}): Results {
  const { ns = () => 10, exact = () => ({}), noise = 0.02, slow = () => 1, keep = () => true, paceNs = 5e6 } = making;
  const random = randomByScaling(making.seed ?? 1);
  const cases = casesOf(study);
  const lines: ResultLine[] = cases.map((one) => ({ kind: "exact", case: one.id, measures: measuresOf(exact(one)) }));
  const passOf = (nsPerPage: number, round: number) => {
    const by = () => slow(round) * (1 + noise * ((2 * random(2 ** 32)) / 2 ** 32 - 1));
    const [outNs, inNs] = [(nsPerPage * PAGES * by()) / 2, (nsPerPage * PAGES * by()) / 2];
    return { outNs, inNs, outPages: PAGES / 2, inPages: PAGES / 2 };
  };
  for (let round = 0; round < study.replications; round++) {
    for (const one of cases) {
      for (const copy of one.baseline ? ([0, 1] as const) : ([0] as const)) {
        const [first, warm] = [passOf(3 * ns(one), round), passOf(ns(one), round)];
        lines.push({ kind: "timed", case: one.id, round, copy, first, warm, paceNs });
      }
    }
  }
  const environment = {
    cpu: "a processor",
    runtime: "Node 20.20.2",
    wasm: { "balloon.wasm": "beef" },
    loadAverage: [1, 2],
  };
  return {
    header: {
      kind: "study",
      format: "xen-balloon results",
      schema: 3,
      study,
      cases,
      command: "study sample",
      environment,
    },
    lines: lines.filter(keep),
  };
}
