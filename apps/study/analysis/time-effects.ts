/** The effects of levels on time, tested as one family. */

import { LEVEL, maxT } from "../max-t.js";
import type { Case } from "../plan.js";
import { bootstrapRatio, logRatios, median, type Rounds, type SampleEstimate } from "../statistics.js";
import type { Contrast } from "./contrasts.js";
import { type Noise, noiseOf, processesFor } from "./noise.js";
import { nsPerPage, PASSES, type Pass, pagesOf, type Runs } from "./runs.js";

/** A ratio of times: above 1 is slower. */
export interface TimeRatio extends SampleEstimate {
  /** The p-value of a test that there is no difference, adjusted for all ratios of the study. */
  readonly p: number;
  /** True where p is below LEVEL and the interval leaves 1 out. */
  readonly real: boolean;
}

/** The ratio of a level's time to its baseline's, in one pass, out and in together, a page that was moved. */
export interface TimeEffect {
  readonly factor: string;
  readonly level: string;
  readonly pass: Pass;
  /** The main effect: the geometric mean over all pairs, or over all cases in a fraction of the grid. */
  readonly main: TimeRatio;
  /** The simple effects: ids of two cases that differ in this factor alone, and their ratio. */
  readonly pairs: readonly { readonly case: string; readonly baseline: string; readonly ratio: TimeRatio }[];
  /** Pages moved in a pass with the baseline and with the level, on average; null where the same. */
  readonly pages: { readonly from: number; readonly to: number } | null;
  /** How many processes a case would show a difference as large as this one; null where it is real, or is none. */
  readonly needed: number | null;
}

/** The effects on time, and the noise in each pass; null where nothing tells it. */
export interface TimeAnalysis {
  readonly effects: readonly TimeEffect[];
  readonly noise: Readonly<Record<Pass, Noise | null>>;
}

interface Compared {
  readonly ratio: SampleEstimate;
  readonly logs: Rounds;
}

interface Effect extends Omit<TimeEffect, "main" | "pairs" | "needed"> {
  readonly main: Compared;
  readonly pairs: readonly { readonly case: string; readonly baseline: string; readonly compared: Compared }[];
}

/**
 * @param matched - false for a fraction of the grid.
 * @param baseline - the id of the case that runs twice a round.
 */
export function timeEffects(
  contrasts: readonly Contrast[],
  runs: Runs,
  matched: boolean,
  baseline: string | undefined,
  seed: number,
): TimeAnalysis {
  const all = PASSES.flatMap((pass) => effectsIn(pass, contrasts, runs, matched, seed));
  // an effect of one pair is that pair: it is one comparison
  const family = [...new Set(all.flatMap(({ main, pairs }) => [main, ...pairs.map(({ compared }) => compared)]))];
  const { p, critical } = maxT(
    family.map(({ logs }) => logs),
    seed,
  );
  const judged = new Map(
    family.map((compared, i) => {
      const { ratio } = compared;
      return [compared, { ...ratio, p: p[i], real: p[i] < LEVEL && (ratio.low > 1 || ratio.high < 1) }] as const;
    }),
  );
  const [first, warm] = PASSES.map((pass) => {
    const once = nsPerPage(runs.timed.get(baseline ?? "") ?? [], pass, "both");
    const again = nsPerPage(runs.copies, pass, "both");
    const mains = all.filter((effect) => effect.pass === pass).map(({ main }) => main.logs);
    return noiseOf([...mains, logRatios([again], [once])], critical, seed);
  });
  const noise = { first, warm };
  const effects = all.map(({ main, pairs, ...effect }): TimeEffect => {
    const ratio = judged.get(main) as TimeRatio;
    const difference = Math.expm1(Math.abs(Math.log(ratio.value)));
    const scatter = noise[effect.pass]?.scatter ?? 0;
    return {
      ...effect,
      main: ratio,
      pairs: pairs.map(({ compared, ...pair }) => ({ ...pair, ratio: judged.get(compared) as TimeRatio })),
      // as many as there are did not show it
      needed:
        ratio.real || difference === 0 ? null : Math.max(ratio.n + 1, processesFor(difference, scatter, family.length)),
    };
  });
  return { effects, noise };
}

function effectsIn(
  pass: Pass,
  contrasts: readonly Contrast[],
  runs: Runs,
  matched: boolean,
  seed: number,
): readonly Effect[] {
  const rounds = new Map([...runs.timed].map(([id, lines]) => [id, nsPerPage(lines, pass, "both")]));
  const of = (cases: readonly Case[]): Rounds[] =>
    cases.map(({ id }) => rounds.get(id) ?? new Map()).filter(({ size }) => size > 0);
  const compare = (treated: readonly Case[], controls: readonly Case[]): Compared | null => {
    const ratio = bootstrapRatio(of(treated), of(controls), seed);
    return ratio === null ? null : { ratio, logs: logRatios(of(treated), of(controls)) };
  };
  const moved = (cases: readonly Case[]): number => {
    const each = cases.flatMap(({ id }) => {
      const pages = (runs.timed.get(id) ?? []).flatMap((line) => (line[pass] ? [pagesOf(line[pass], "both")] : []));
      return pages.length === 0 ? [] : [median(pages)];
    });
    return each.reduce((sum, pages) => sum + pages, 0) / Math.max(1, each.length);
  };
  return contrasts.flatMap(({ factor, level, pairs, these, those }) => {
    const compared = pairs.flatMap(([one, other]) => {
      const pair = compare([one], [other]);
      return pair === null ? [] : [{ one, other, pair }];
    });
    const [treated, controls] = matched
      ? [compared.map(({ one }) => one), compared.map(({ other }) => other)]
      : [these, those];
    const main = matched && compared.length === 1 ? compared[0].pair : compare(treated, controls);
    if (main === null) return [];
    const [from, to] = [moved(controls), moved(treated)];
    return [
      {
        factor,
        level,
        pass,
        main,
        pairs: compared.map(({ one, other, pair }) => ({ case: one.id, baseline: other.id, compared: pair })),
        pages: from === to ? null : { from, to },
      },
    ];
  });
}
