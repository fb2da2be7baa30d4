/** The cases of a study that replayed a demand, by the settings that their guests share. */
import type { ExactMeasures, ReplayMeasures } from "../results.js";
import type { Analysis, CaseAnalysis } from "./analysis.js";
import { listsGuests } from "./contrasts.js";
import { levelsText } from "./figures.js";

/** A case that replayed a demand. */
export interface Replayed {
  readonly one: CaseAnalysis;
  readonly exact: ExactMeasures;
  readonly replay: ReplayMeasures;
}

/** The guests of one demand that were run with the same settings. */
export interface ReplayGroup {
  /** The levels that they share; `""` where there is one group. */
  readonly label: string;
  readonly guests: readonly Replayed[];
}

/** Groups the cases that replayed a demand, in the order of the plan. */
export function replayGroups({ study, cases }: Analysis): readonly ReplayGroup[] {
  const factors = study.factors.filter((factor) => !listsGuests(factor));
  const groups = new Map<string, Replayed[]>();
  for (const one of cases) {
    const { exact } = one;
    if (exact === null || exact.replay === null) continue;
    const seed = study.seeds.length > 1 ? [`seed ${one.seed}`] : [];
    const label = [levelsText(factors, one), ...seed].filter((text) => text !== "").join(", ");
    const guests = groups.get(label) ?? [];
    groups.set(label, guests);
    guests.push({ one, exact, replay: exact.replay });
  }
  return [...groups].map(([label, guests]) => ({ label, guests }));
}
