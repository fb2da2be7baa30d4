/** Which cases a study runs: the grid of its factors' levels, or a fraction of it; and in which order they are timed. */
import { createHash } from "node:crypto";
import { shuffle } from "xen-balloon/core";
import type { DemandSeries } from "../demand/series.js";
import { DEFAULT_ENGINE } from "./settings.js";
import type { Factor, Level, Settings, Study } from "./study.js";

/** One combination of levels, with one seed. */
export interface Case {
  /** Says what is run and nothing else: the same settings and seed have the same id in every study. */
  readonly id: string;
  /** Its level's label, by factor. */
  readonly levels: Readonly<Record<string, string>>;
  readonly seed: number;
  /** All that is set. */
  readonly settings: Settings;
  /** True of the case with every factor at its baseline, of the first seed. */
  readonly baseline: boolean;
}

/** One process to time. */
export interface TimedRun {
  readonly case: Case;
  readonly round: number;
  /** 1: the baseline once more, for the noise floor. */
  readonly copy: 0 | 1;
}

interface Combination {
  readonly levels: readonly Level[];
  /** Of each level how far from its factor's baseline it stands in the list, around its end. */
  readonly steps: readonly number[];
}

/**
 * All cases, the first factor's level changing slowest. Of a fraction of 1 in k those are run whose steps from the
 * baseline add up to a multiple of k: the baseline itself, and every level as often as any other where the numbers of
 * levels are multiples of k.
 *
 * @param demandOf - what a case replays; null for a workload.
 */
export function casesOf(study: Study, demandOf: (settings: Settings) => DemandSeries | null): readonly Case[] {
  const kept = grid(study.factors).filter(
    ({ steps }) => steps.reduce((sum, step) => sum + step, 0) % study.fraction === 0,
  );
  return kept.flatMap(({ levels, steps }) =>
    study.seeds.map((seed, i): Case => {
      const settings: Settings = Object.assign({}, study.base, ...levels.map((level) => level.settings));
      return {
        id: idOf(settings, seed, demandOf(settings)),
        levels: Object.fromEntries(levels.map(({ label }, k) => [study.factors[k].name, label])),
        seed,
        settings,
        baseline: i === 0 && steps.every((step) => step === 0),
      };
    }),
  );
}

function grid(factors: readonly Factor[]): readonly Combination[] {
  return factors.reduce<readonly Combination[]>(
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

/** What a demand file is called makes no difference, what it says does. */
function idOf({ demand: _, ...settings }: Settings, seed: number, demand: DemandSeries | null): string {
  const { engine = DEFAULT_ENGINE, ...others } = settings;
  const sorted = Object.fromEntries(Object.entries({ ...others, engine }).sort(([a], [b]) => (a < b ? -1 : 1)));
  const text = JSON.stringify([sorted, seed, demand?.points ?? null]);
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

/** Rounds, each with every case once, and the baseline twice, in an order that `study.seed` makes. */
export function timedRuns(study: Study, cases: readonly Case[]): readonly TimedRun[] {
  if (!study.measures.includes("time")) return [];
  const once: readonly Omit<TimedRun, "round">[] = [
    ...cases.map((one) => ({ case: one, copy: 0 as const })),
    ...cases.filter(({ baseline }) => baseline).map((one) => ({ case: one, copy: 1 as const })),
  ];
  return Array.from({ length: study.replications }, (_, round) => {
    const order = Uint32Array.from(once.keys());
    shuffle(order, (study.seed + Math.imul(round + 1, 0x9e3779b1)) >>> 0);
    return [...order].map((i): TimedRun => ({ ...once[i], round }));
  }).flat();
}
