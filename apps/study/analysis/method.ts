/** Describes the method of a study: its design, intervals, noise and environment. */

import { LEAST_ROUNDS, LEVEL } from "../max-t.js";
import { type Block, type Cell, textColumns } from "../report/document.js";
import type { Environment } from "../results.js";
import { isScript, nameOfScript } from "../script.js";
import { DEFAULT_WORKLOAD, NATIVE } from "../study.js";
import { WORKLOADS } from "../workloads.js";
import type { Analysis } from "./analysis.js";
import { listText, settingText, significant } from "./figures.js";
import { IN_PASS } from "./findings.js";
import { limitsText } from "./missed.js";
import { PASSES } from "./runs.js";

/** The conclusions that no study supports. */
export const DOES_NOT_SHOW: readonly string[] = [
  "There is no real hypervisor, no TLB shoot-down and no contention; a hypercall costs a call between two Wasm modules. The driver's own work, the copies of its lists and the machine's tables are real.",
];

/** The paragraphs on the design and on the statistics. */
export function methodTexts(analysis: Analysis): readonly string[] {
  const { study, cases } = analysis;
  const grid = study.factors.map(({ name, levels }) => `${levels.length} of ${name}`);
  const seeds = study.seeds.length > 1 ? [`${study.seeds.length} seeds`] : [];
  const all = [...grid, ...seeds].join(" × ");
  const count = `${cases.length} case${cases.length === 1 ? "" : "s"}`;
  const design =
    study.fraction === 1
      ? [`${all === "" ? "" : `The full grid, ${all}: `}${count}.`]
      : [
          `One in ${study.fraction} of the grid, ${all}: ${count}. What one factor does is mixed with what factors do together.`,
        ];
  const base = Object.entries(study.base).map(([name, value]) => `${name} ${settingText(name, value)}`);
  if (base.length > 0) design.push(`All cases have ${listText(base)}.`);
  design.push(...workloadTexts(analysis), ...analysis.demands.map((demand) => `Demand ${demand}.`));
  const exact = "Counts and virtual times are exact: the same case gives the same ones on every machine.";
  return study.measures.includes("time") ? [...design, exact, ...timeTexts(analysis)] : [...design, exact];
}

/** Describes the workloads of the cases. */
function workloadTexts({ cases }: Analysis): readonly string[] {
  const moved = cases.filter(({ settings }) => settings.demand === undefined);
  const names = new Set(
    cases.flatMap(({ settings }) => (settings.demand === undefined ? (settings.workload ?? DEFAULT_WORKLOAD) : [])),
  );
  // a script says itself how long each of its operations waits
  const limit = [...names].every(isScript) ? [] : [`A guest has ${limitsText(moved)} to reach each target.`];
  const native = cases.some(({ settings }) => settings.engine === NATIVE)
    ? [
        "Engine native is a command. It made the memory_op calls of wasm, operation by operation; its other counts are taken from wasm.",
      ]
    : [];
  return [
    ...native,
    ...[...names].map(
      (name) =>
        `Workload ${nameOfScript(name)}: ${isScript(name) ? "a script of the study's own" : (WORKLOADS[name]?.says ?? "not known here")}.`,
    ),
    ...limit,
  ];
}

function timeTexts({ study, noise, runs }: Analysis): readonly string[] {
  const floors = PASSES.flatMap((pass) => {
    const floor = noise[pass]?.floor;
    if (floor === undefined) return [];
    const [value, low, high] = [floor.value, floor.low, floor.high].map((factor) => significant((factor - 1) * 100));
    return [`${value} % [${low}, ${high}] ${IN_PASS[pass]}`];
  });
  const missing = runs.timed < runs.timedPlanned ? ", not all of which were run" : "";
  const rounds = (runs.timedPlanned / Math.max(1, runs.timedPerRound)).toFixed(0);
  return [
    `Times: ${rounds} rounds${missing}; in each, every case runs once and the baseline case twice, in a fresh process each, in random order (seed ${study.seed}). Before it is timed, small guests have moved pages until the code was compiled well. The first pass meets memory that nobody has touched; warm is the median of passes whose times have settled. A time is divided by the pages that were counted as they moved in that very process.`,
    `Figures are medians over processes; brackets hold intervals of 95 %, from 10,000 resamples of the rounds (seed ${study.seed}), each by itself. Ratios are made within each round.`,
    `A difference of time is called shown where its interval leaves 1 out and p is below ${LEVEL}. p is adjusted for all ratios of the study together, by the step-down max-T procedure of Westfall and Young (1993) with the signs of rounds flipped: were nothing different, at most one study in ${Math.round(1 / LEVEL)} would claim anything. It takes ${LEAST_ROUNDS} processes a case at least.`,
    floors.length > 0
      ? `Noise: of equal cases, 95 in 100 ratios lie within ${listText(floors)} of 1, estimated from how the rounds of all comparisons scatter.`
      : "The noise is not known: no case was timed twice.",
  ];
}

/** A table of the environment at the start, and one of what was different at each resumption. */
export function environmentBlocks({ environments }: Analysis): readonly Block[] {
  const [begin, ...resumed] = environments.map((environment) => new Map(flatten(environment, "")));
  const blocks: Block[] = [
    {
      kind: "table",
      caption: "The machine, the runtime and the build.",
      columns: textColumns(["", ""]),
      rows: [...begin].map(([key, text]) => [{ text: key }, { text }]),
    },
  ];
  if (resumed.length === 0) return blocks;
  const rows = resumed.flatMap((environment, i) =>
    [...environment].flatMap(([key, text]): (readonly Cell[])[] =>
      begin.get(key) === text ? [] : [[{ text: String(i + 1) }, { text: key }, { text }]],
    ),
  );
  const times = resumed.length === 1 ? "once" : `${resumed.length} times`;
  return [
    ...blocks,
    { kind: "paragraph", text: `The study was interrupted and resumed ${times}.` },
    {
      kind: "table",
      caption: "What was different when the study was resumed.",
      columns: textColumns(["resumption", "", "then"]),
      rows,
    },
  ];
}

function flatten(value: Environment, prefix: string): (readonly [string, string])[] {
  return Object.entries(value).flatMap(([key, inner]) => {
    if (Array.isArray(inner)) return [[prefix + key, inner.map(plainText).join(" ")] as const];
    if (inner !== null && typeof inner === "object") return flatten(inner as Environment, `${prefix}${key}, `);
    return [[prefix + key, plainText(inner)] as const];
  });
}

function plainText(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
