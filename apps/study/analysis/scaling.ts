/** Fits the growth of the time of a pass with a factor that is a number. */
import type { Case } from "../plan.js";
import { bootstrapExponent, bootstrapMedian, type SampleEstimate } from "../statistics.js";
import type { Factor, Study } from "../study.js";
import { restOf } from "./contrasts.js";
import { levelsText } from "./figures.js";
import { nsPerPass, PASSES, type Pass, type Runs } from "./runs.js";

const LEAST_POINTS = 3;
const MOST_LINES = 8;
/** The greatest number over the least: over less no growth can be told from noise. */
const LEAST_SPAN = 2;

/** A line of a chart, along which the other factors do not change. */
export interface Scaling {
  readonly factor: string;
  /** The setting that the factor varies, such as `maxPfn`. */
  readonly setting: string;
  readonly pass: Pass;
  /** The levels of the other factors; `""` where there are none. */
  readonly label: string;
  /** Ascending in x, three or more: the number set, and ns a pass. */
  readonly points: readonly { readonly x: number; readonly y: SampleEstimate }[];
  /** Null where no round has all points. */
  readonly exponent: SampleEstimate | null;
}

/**
 * Makes a line for each factor that is a number and each combination of the others; of more than MOST_LINES it keeps
 * the line with the others at their baselines.
 */
export function scalings(study: Study, cases: readonly Case[], runs: Runs): readonly Scaling[] {
  const ofFirstSeed = cases.filter(({ seed }) => seed === study.seeds[0]);
  return study.factors.flatMap((factor) => {
    const numbers = numbersOf(factor);
    if (numbers === null) return [];
    const others = study.factors.filter((other) => other !== factor);
    const rests = new Set(ofFirstSeed.map((one) => restOf(study, one, factor.name)));
    const lines = [...rests]
      .map((rest) => ofFirstSeed.filter((one) => restOf(study, one, factor.name) === rest))
      .filter(
        ([one]) => rests.size <= MOST_LINES || others.every(({ name, baseline }) => one.levels[name] === baseline),
      );
    return PASSES.flatMap((pass) =>
      lines.flatMap((line) => {
        const points = line
          .map(
            (one) =>
              [numbers.get(one.levels[factor.name]) ?? 0, nsPerPass(runs.timed.get(one.id) ?? [], pass)] as const,
          )
          .filter(([, rounds]) => rounds.size > 0)
          .sort(([a], [b]) => a - b);
        if (points.length < LEAST_POINTS) return [];
        return {
          factor: factor.name,
          setting: Object.keys(factor.levels[0].settings)[0],
          pass,
          label: levelsText(others, line[0]),
          points: points.map(([x, rounds]) => ({ x, y: bootstrapMedian([...rounds.values()], study.seed) })),
          exponent: bootstrapExponent(points, study.seed),
        };
      }),
    );
  });
}

/** The number that each level sets, by label; null where levels set something else or are too few. */
export function numbersOf(factor: Factor): ReadonlyMap<string, number> | null {
  const keys = JSON.stringify(Object.keys(factor.levels[0]?.settings ?? {}));
  const numbers = new Map<string, number>();
  for (const { label, settings } of factor.levels) {
    const [value, ...others] = new Set<unknown>(Object.values(settings));
    if (JSON.stringify(Object.keys(settings)) !== keys || others.length > 0) return null;
    if (typeof value !== "number" || value <= 0) return null;
    numbers.set(label, value);
  }
  const values = [...numbers.values()];
  if (new Set(values).size < LEAST_POINTS || Math.max(...values) < LEAST_SPAN * Math.min(...values)) return null;
  return numbers;
}
