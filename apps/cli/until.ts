/**
 * Goes on with a study in rounds until its processes show differences as small as asked. What decides is how the times
 * scatter, and not what they show: to stop when a difference appears would find one where there is none.
 */
import { analyze } from "../study/analysis/analysis.js";
import { processesFor } from "../study/analysis/noise.js";
import { PASSES } from "../study/analysis/runs.js";
import type { LoadedStudy } from "../study/load.js";
import { type Remaining, remainingOf } from "../study/run.js";
import { openResults } from "./results-folder.js";

/**
 * Makes the function that tells what to run more: some rounds, as many as are thought to do and half as many again as
 * there are at most; null where a difference of `part` is shown, or when the time is over.
 *
 * @param file - the results so far.
 * @param part - the difference to be shown in 4 of 5 such studies, as a part of 1.
 * @param limitMs - how long it goes on.
 */
export function untilShown(file: string, loaded: LoadedStudy, part: number, limitMs: number): () => Remaining | null {
  const end = performance.now() + limitMs;
  return () => {
    const { lines, ...results } = openResults(file);
    const { noise, timeEffects, runs } = analyze({ ...results, lines });
    const noises = PASSES.flatMap((pass) => noise[pass] ?? []);
    if (noises.length === 0 || noises.every(({ shows }) => shows !== null && shows <= part)) return null;
    if (performance.now() >= end) {
      process.stderr.write("xen-balloon: the time is over before so small a difference could be shown\n");
      return null;
    }
    const rounds = Math.round(runs.timedPlanned / runs.timedPerRound);
    const needed = Math.max(...noises.map(({ scatter }) => processesFor(part, scatter, timeEffects.length)));
    const next = Math.max(rounds + 1, Math.min(needed, rounds + Math.ceil(rounds / 2)));
    return remainingOf(loaded, lines, next);
  };
}
