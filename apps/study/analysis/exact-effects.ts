/** The effects of levels on exact measures. */
import type { Case } from "../plan.js";
import type { ExactMeasures } from "../results.js";
import { geometricMean } from "../statistics.js";
import type { Contrast } from "./contrasts.js";
import { type ExactColumn, exactText } from "./exact-columns.js";

/** The effect of a level on a measure. */
export interface ExactEffect {
  readonly factor: string;
  readonly level: string;
  /** The column's name (exact-columns.ts). */
  readonly measure: string;
  /** True where the measure is the same in all cases that were compared. */
  readonly same: boolean;
  /** The geometric mean of the ratios; null where a measure is 0. */
  readonly ratio: number | null;
  /** The least and the greatest ratio of a pair; null for a fraction of the grid, too, which has no pairs. */
  readonly range: readonly [number, number] | null;
  /** The geometric means over the baseline's cases and over the level's; averages where a measure is 0. */
  readonly from: number;
  readonly to: number;
  /** How many cases with the level were compared. */
  readonly cases: number;
}

/** @param matched - false for a fraction of the grid. */
export function exactEffects(
  contrasts: readonly Contrast[],
  exact: ReadonlyMap<string, ExactMeasures>,
  matched: boolean,
  columns: readonly ExactColumn[],
): readonly ExactEffect[] {
  return contrasts.flatMap((contrast) => columns.flatMap((column) => effectOn(column, contrast, exact, matched) ?? []));
}

function effectOn(
  column: ExactColumn,
  { factor, level, pairs, these, those }: Contrast,
  exact: ReadonlyMap<string, ExactMeasures>,
  matched: boolean,
): ExactEffect | null {
  const measured = (one: Case) => {
    const measures = exact.get(one.id);
    const value = measures === undefined ? null : column.value(measures);
    return measures === undefined || value === null ? null : { value, text: exactText(column, measures) };
  };
  const known = <T>(list: readonly (T | null)[]): T[] => list.filter((one) => one !== null);
  const couples = known(
    pairs.map(([one, baseline]) => {
      const [to, from] = [measured(one), measured(baseline)];
      return to === null || from === null ? null : { to, from };
    }),
  );
  const tos = matched ? couples.map(({ to }) => to) : known(these.map(measured));
  const froms = matched ? couples.map(({ from }) => from) : known(those.map(measured));
  if (tos.length === 0 || froms.length === 0) return null;
  const same = matched
    ? couples.every(({ to, from }) => to.text === from.text)
    : new Set([...tos, ...froms].map(({ text }) => text)).size === 1;
  const values = (list: readonly { value: number }[]) => list.map(({ value }) => value);
  const average = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;
  const positive = values([...tos, ...froms]).every((value) => value > 0);
  // of the same kind as the ratio, which would contradict averages of cases of other sizes
  const mean = positive && !same ? geometricMean : average;
  const ratios = couples.map(({ to, from }) => to.value / from.value);
  return {
    factor,
    level,
    measure: column.name,
    same,
    ratio: positive ? (same ? 1 : geometricMean(values(tos)) / geometricMean(values(froms))) : null,
    range: positive && matched ? [Math.min(...ratios), Math.max(...ratios)] : null,
    from: mean(values(froms)),
    to: mean(values(tos)),
    cases: tos.length,
  };
}

/** Returns true where cases that differ in the engine alone agree in all but its memory; null where there are none. */
export function decidedAlike(
  contrasts: readonly Contrast[],
  exact: ReadonlyMap<string, ExactMeasures>,
): boolean | null {
  const couples = contrasts
    .filter(({ factor }) => factor === "engine")
    .flatMap(({ pairs }) => pairs.map((pair) => pair.map(({ id }) => exact.get(id))))
    .filter((couple) => couple.every((measures) => measures !== undefined));
  if (couples.length === 0) return null;
  return couples.every(
    ([a, b]) => JSON.stringify({ ...a, memoryBytes: 0 }) === JSON.stringify({ ...b, memoryBytes: 0 }),
  );
}
