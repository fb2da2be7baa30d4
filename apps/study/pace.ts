/** Measures how fast the machine is at the moment, by a fixed piece of work that does not use the engine. */
import { median } from "./statistics.js";

/** The work is arithmetic and memory beyond the smaller caches; each takes as long as the engine's shortest passes. */
const STEPS = 2 ** 20;
const WORDS = 2 ** 19;
/** The first rounds are left out: the code is still being compiled. */
const ROUNDS = 9;
const SETTLED_AFTER = 4;

/** @returns ns that the work takes, the median of some rounds; compares with another one of the same machine. */
export function measurePaceNs(): number {
  const words = new Uint32Array(WORDS);
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const begun = performance.now();
    words[0] = chain(words[0], STEPS);
    walk(words);
    times.push((performance.now() - begun) * 1e6);
  }
  return median(times.slice(SETTLED_AFTER));
}

/** Chains multiplications, each of which depends on the one before. */
function chain(seed: number, steps: number): number {
  let x = seed;
  for (let i = 0; i < steps; i++) x = (Math.imul(x, 1_664_525) + 1_013_904_223) | 0;
  return x;
}

/** Reads and writes every word, so that the compiler cannot leave any out. */
function walk(words: Uint32Array): void {
  let sum = 0;
  for (let i = 0; i < words.length; i++) {
    sum = (sum + words[i]) | 0;
    words[i] = sum;
  }
}
