/** Plans a study: its cases, which are the grid of its factors' levels or a fraction of it, and the order of timing. */
import { createHash } from "node:crypto";
import { shuffle } from "xen-balloon/core";
import type { DemandSeries } from "../demand/series.js";
import { DEFAULT_ENGINE, type Factor, type Level, type Settings, type Study } from "./study.js";

/** One combination of levels, with one seed. */
export interface Case {
  /** Depends on nothing but what is run: the same settings and seed have the same id in every study. */
  readonly id: string;
  /** The label of its level, by factor. */
  readonly levels: Readonly<Record<string, string>>;
  readonly seed: number;
  /** All settings of the base and its levels. */
  readonly settings: Settings;
  /** True of the case with every factor at its baseline, of the first seed. */
  readonly baseline: boolean;
}

/** A process to time. */
export interface TimedRun {
  readonly case: Case;
  readonly round: number;
  /** 1: the baseline run once more, for the noise floor. */
  readonly copy: 0 | 1;
}

/** A case before it has an id. */
export type Planned = Pick<Case, "levels" | "seed" | "settings">;

/** The content that the settings of a case name by file or folder. */
export interface Named {
  /** The demand that is replayed; null for a workload. */
  readonly demand: DemandSeries | null;
  /** The hash of another build. */
  readonly build: string | undefined;
  /** The script that is the workload, its names substituted. */
  readonly script: string | undefined;
  /** The command of engine native, with the hash of each file in place of its name. */
  readonly native: string | undefined;
}

/** The digits of a case's id. */
export const ID_DIGITS = 16;

/** A level of each factor. */
interface Combination<S> {
  readonly levels: readonly Level<S>[];
  /** The distance of each level from its factor's baseline in the list, which wraps around. */
  readonly steps: readonly number[];
}

/**
 * Lists the cases; the level of the first factor changes slowest. A fraction of 1 in k is a fractional factorial
 * design: it keeps the cases whose steps from the baseline add up to a multiple of k. It holds the baseline, and every
 * level equally often where the numbers of levels are multiples of k.
 *
 * @param namedBy - finds the content that a case names.
 */
export function casesOf(study: Study, namedBy: (planned: Planned) => Named): readonly Case[] {
  const kept = gridOf(study.factors).filter(
    ({ steps }) => steps.reduce((sum, step) => sum + step, 0) % study.fraction === 0,
  );
  return kept.flatMap(({ levels, steps }) =>
    study.seeds.map((seed, i): Case => {
      const settings: Settings = Object.assign({}, study.base, ...levels.map((level) => level.settings));
      const planned: Planned = {
        levels: Object.fromEntries(levels.map(({ label }, k) => [study.factors[k].name, label])),
        seed,
        settings,
      };
      return {
        ...planned,
        id: idOf(planned, namedBy(planned)),
        baseline: i === 0 && steps.every((step) => step === 0),
      };
    }),
  );
}

/** All combinations of levels; the level of the first factor changes slowest. */
export function gridOf<S>(factors: readonly Factor<S>[]): readonly Combination<S>[] {
  return factors.reduce<readonly Combination<S>[]>(
    (combinations, { levels, baseline }) => {
      const first = levels.findIndex(({ label }) => label === baseline);
      return combinations.flatMap((combination) =>
        levels.map((level, i) => ({
          levels: [...combination.levels, level],
          steps: [...combination.steps, (i - first + levels.length) % levels.length],
        })),
      );
    },
    [{ levels: [], steps: [] }],
  );
}

/** The id of a case: it covers the content of demands, builds, scripts and commands, and not their names. */
function idOf({ settings, seed }: Planned, { demand, build, script, native }: Named): string {
  const { demand: _, build: __, native: ___, engine = DEFAULT_ENGINE, ...named } = settings;
  const { workload, ...unnamed } = named;
  const others = {
    ...(script === undefined ? named : unnamed),
    ...(build !== undefined && { build: build.slice(0, ID_DIGITS) }),
    ...(native !== undefined && { native }),
  };
  const sorted = Object.fromEntries(Object.entries({ ...others, engine }).sort(([a], [b]) => (a < b ? -1 : 1)));
  const text = JSON.stringify([sorted, seed, demand?.points ?? null, ...(script === undefined ? [] : [script])]);
  return createHash("sha256").update(text).digest("hex").slice(0, ID_DIGITS);
}

/**
 * Lists the processes to time: in each round every case, the baseline twice, in a random order from `study.seed`.
 *
 * @param rounds - default: those of the study.
 */
export function timedRuns(
  study: Study,
  cases: readonly Case[],
  rounds: number = study.replications,
): readonly TimedRun[] {
  if (!study.measures.includes("time")) return [];
  const once: readonly Omit<TimedRun, "round">[] = [
    ...cases.map((one) => ({ case: one, copy: 0 as const })),
    ...cases.filter(({ baseline }) => baseline).map((one) => ({ case: one, copy: 1 as const })),
  ];
  return Array.from({ length: rounds }, (_, round) => {
    const order = Uint32Array.from(once.keys());
    shuffle(order, (study.seed + Math.imul(round + 1, 0x9e3779b1)) >>> 0);
    return [...order].map((i): TimedRun => ({ ...once[i], round }));
  }).flat();
}
