/** The noise floor, and the criterion by which a difference of time is real. */
import { bootstrapRatio, noiseFloor, type SampleEstimate } from "../statistics.js";
import { nsPerPage, PASSES, type Pass, type Runs } from "./runs.js";

/** With fewer rounds the interval of a median covers the true one far less often than 95 times in 100. */
export const LEAST_ROUNDS = 5;

/** The noise floor where none was measured, as a factor. */
export const FLOOR_UNMEASURED = 1.05;

/** The noise floor by pass, as a factor, 1 or more; null where the baseline's copy was not run. */
export type NoiseFloors = Readonly<Record<Pass, number | null>>;

/** A ratio of times: above 1 is slower. */
export interface TimeRatio extends SampleEstimate {
  /** False where it shows no difference. */
  readonly real: boolean;
}

/** @param baseline - the id of the case that was run twice a round; undefined where none was. */
export function noiseFloors(runs: Runs, baseline: string | undefined, seed: number): NoiseFloors {
  const once = runs.timed.get(baseline ?? "") ?? [];
  const [first, warm] = PASSES.map((pass) => {
    const same = bootstrapRatio([nsPerPage(runs.copies, pass, "both")], [nsPerPage(once, pass, "both")], seed);
    return same === null ? null : noiseFloor(same);
  });
  return { first, warm };
}

/** Judges a ratio: it is real where its interval excludes 1 and it lies beyond the noise floor. */
export function judge(ratio: SampleEstimate, floor: number | null): TimeRatio {
  const leavesOneOut = ratio.low > 1 || ratio.high < 1;
  const beyond = Math.max(ratio.value, 1 / ratio.value) > (floor ?? FLOOR_UNMEASURED);
  return { ...ratio, real: ratio.n >= LEAST_ROUNDS && leavesOneOut && beyond };
}
