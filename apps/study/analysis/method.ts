/** Describes the method of a study: its design, intervals, noise and environment. */
import { type Block, type Cell, textColumns } from "../report/document.js";
import type { Environment } from "../results.js";
import { DEFAULT_WORKLOAD } from "../study.js";
import { WORKLOADS } from "../workloads.js";
import type { Analysis } from "./analysis.js";
import { listText, percentText } from "./figures.js";
import { FLOOR_UNMEASURED, LEAST_ROUNDS } from "./noise.js";
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
  const base = Object.entries(study.base).map(([name, value]) => `${name}=${String(value)}`);
  if (base.length > 0) design.push(`All cases have ${listText(base)}.`);
  design.push(...workloadTexts(analysis), ...analysis.demands.map((demand) => `Demand ${demand}.`));
  const exact = "Counts and virtual times are exact: the same case gives the same ones on every machine.";
  return study.measures.includes("time") ? [...design, exact, ...timeTexts(analysis)] : [...design, exact];
}

/** Describes the workloads of the cases. */
function workloadTexts({ cases }: Analysis): readonly string[] {
  const names = new Set(
    cases.flatMap(({ settings }) => (settings.demand === undefined ? (settings.workload ?? DEFAULT_WORKLOAD) : [])),
  );
  return [...names].map((name) => `Workload ${name}: ${WORKLOADS[name]?.says ?? "not known here"}.`);
}

function timeTexts({ study, noiseFloors, runs }: Analysis): readonly string[] {
  const floors = PASSES.flatMap((pass) => {
    const floor = noiseFloors[pass];
    return floor === null ? [] : [`${percentText(floor - 1)} (${pass})`];
  });
  const texts = [
    `Times: ${study.replications} rounds${runs.timed < runs.timedPlanned ? ", not all of which were run" : ""}; in each, every case runs once, in a fresh process, in random order (seed ${study.seed}). Before it is timed, small guests have moved pages until the code was compiled well. The first pass meets memory that nobody has touched; warm is the median of passes whose times have settled. Figures are medians over processes; intervals are of 95 %, from 10,000 resamples of the rounds (seed ${study.seed}). About one interval in twenty does not hold the true value. Ratios are made within each round.`,
    floors.length > 0
      ? `The baseline case runs twice a round. How far the ratio of the two may lie from 1 is the noise floor: ${floors.join(", ")}. A difference is called real when its interval leaves 1 out and it lies beyond the floor.`
      : `The noise floor was not measured, and is taken as ${percentText(FLOOR_UNMEASURED - 1)}. A difference is called real when its interval leaves 1 out and it lies beyond that.`,
  ];
  if (study.replications < LEAST_ROUNDS) {
    texts.push(`With fewer than ${LEAST_ROUNDS} processes a case no difference of time is called real.`);
  }
  return texts;
}

/** A table with a row for each value, and a column for the start and for each resumption. */
export function environmentBlocks({ environments }: Analysis): readonly Block[] {
  const columns = environments.map((environment) => new Map(flatten(environment, "")));
  const keys = [...new Set(columns.flatMap((column) => [...column.keys()]))];
  const again = environments.length - 1;
  const blocks: Block[] = [
    {
      kind: "table",
      caption: "What was measured on.",
      columns: textColumns(["", "at the begin", ...environments.slice(1).map((_, i) => `resumed, ${i + 1}`)]),
      rows: keys.map((key) => [{ text: key }, ...columns.map((column): Cell => ({ text: column.get(key) ?? "" }))]),
    },
  ];
  if (again > 0) {
    const times = again === 1 ? "once" : `${again} times`;
    blocks.push({ kind: "paragraph", text: `The study was interrupted and resumed ${times}.` });
  }
  return blocks;
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
