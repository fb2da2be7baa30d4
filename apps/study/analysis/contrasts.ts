/** Finds the cases that are compared to estimate the effect of a level. */
import type { Case } from "../plan.js";
import type { ExactMeasures } from "../results.js";
import type { Factor, Study } from "../study.js";

/** The contrast of a level with its factor's baseline. */
export interface Contrast {
  readonly factor: string;
  readonly level: string;
  /** Cases with the level, each with the case that differs from it in this factor alone. */
  readonly pairs: readonly (readonly [Case, Case])[];
  /** All cases with the level, and all with the baseline, for a fraction of the grid, which has too few pairs. */
  readonly these: readonly Case[];
  readonly those: readonly Case[];
}

/** Returns true where a factor lists guests of a demand, which are not compared with each other. */
export function listsGuests(factor: Factor): boolean {
  return factor.levels.every(({ settings }) => settings.vm !== undefined);
}

/**
 * Returns false where a target of the workload was not reached: the waits and counts of such a case are those of the
 * limit at which it was ended, and its times are of other work.
 */
export function hasReached(measures: ExactMeasures | null | undefined): boolean {
  return measures == null || (measures.outMissedPages === 0 && measures.inMissedPages === 0);
}

/**
 * The contrasts of all levels but the baselines, in the order of the study; none where it compares no levels.
 *
 * @param exact - the measures by case; cases that did not reach a target are left out.
 */
export function contrastsOf(
  study: Study,
  cases: readonly Case[],
  exact: ReadonlyMap<string, ExactMeasures>,
): readonly Contrast[] {
  if (study.comparesLevels === false) return [];
  const reached = cases.filter(({ id }) => hasReached(exact.get(id)));
  return study.factors
    .filter((factor) => !listsGuests(factor))
    .flatMap((factor) => {
      const those = reached.filter((one) => one.levels[factor.name] === factor.baseline);
      const baselines = new Map(those.map((one) => [restOf(study, one, factor.name), one]));
      return factor.levels
        .filter(({ label }) => label !== factor.baseline)
        .map(({ label }) => {
          const these = reached.filter((one) => one.levels[factor.name] === label);
          const pairs = these.flatMap((one) => {
            const baseline = baselines.get(restOf(study, one, factor.name));
            return baseline === undefined ? [] : [[one, baseline] as const];
          });
          return { factor: factor.name, level: label, pairs, these, those };
        });
    });
}

/** A key that is the same for cases that differ in nothing but the factor. */
export function restOf(study: Study, one: Case, factor: string): string {
  const others = study.factors.filter(({ name }) => name !== factor).map(({ name }) => one.levels[name]);
  return JSON.stringify([one.seed, ...others]);
}
