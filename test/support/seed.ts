/**
 * Property tests are the same on every run. FC_SEED=N draws other cases, FC_RUNS=F draws F times as many; what fails
 * prints its seed and path.
 */
import fc from "fast-check";

const runsFactor = Number(process.env.FC_RUNS ?? 1);

fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? 20130415) });

/** How many cases of a property: `count`, times FC_RUNS. */
export function runs(count: number): { numRuns: number } {
  return { numRuns: Math.ceil(count * runsFactor) };
}
