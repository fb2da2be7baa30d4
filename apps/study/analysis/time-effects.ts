/** The effects of levels on time. */
import type { Case } from "../plan.js";
import { bootstrapRatio, type Rounds } from "../statistics.js";
import type { Contrast } from "./contrasts.js";
import { judge, type NoiseFloors, type TimeRatio } from "./noise.js";
import { nsPerPage, PASSES, type Pass, type Runs } from "./runs.js";

/** The ratio of a level's time to its baseline's, in one pass, out and in together. */
export interface TimeEffect {
  readonly factor: string;
  readonly level: string;
  readonly pass: Pass;
  /** The main effect: the geometric mean over all pairs, or over all cases in a fraction of the grid. */
  readonly main: TimeRatio;
  /** The simple effects: ids of two cases that differ in this factor alone, and their ratio. */
  readonly pairs: readonly { readonly case: string; readonly baseline: string; readonly ratio: TimeRatio }[];
}

/** @param matched - false for a fraction of the grid. */
export function timeEffects(
  contrasts: readonly Contrast[],
  runs: Runs,
  matched: boolean,
  floors: NoiseFloors,
  seed: number,
): readonly TimeEffect[] {
  const effects: TimeEffect[] = [];
  for (const pass of PASSES) {
    const rounds = new Map([...runs.timed].map(([id, lines]) => [id, nsPerPage(lines, pass, "both")]));
    const of = (cases: readonly Case[]): Rounds[] =>
      cases.map(({ id }) => rounds.get(id) ?? new Map()).filter(({ size }) => size > 0);
    for (const { factor, level, pairs, these, those } of contrasts) {
      const ratios = pairs.flatMap(([one, baseline]) => {
        const ratio = bootstrapRatio(of([one]), of([baseline]), seed);
        return ratio === null ? [] : [{ one, baseline, ratio: judge(ratio, floors[pass]) }];
      });
      const main = matched
        ? bootstrapRatio(of(ratios.map(({ one }) => one)), of(ratios.map(({ baseline }) => baseline)), seed)
        : bootstrapRatio(of(these), of(those), seed);
      if (main === null) continue;
      effects.push({
        factor,
        level,
        pass,
        main: judge(main, floors[pass]),
        pairs: ratios.map(({ one, baseline, ratio }) => ({ case: one.id, baseline: baseline.id, ratio })),
      });
    }
  }
  return effects;
}
