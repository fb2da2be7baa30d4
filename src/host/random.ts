/**
 * Makes random numbers that depend on the seed alone, on every machine: xorshift32 (Marsaglia, "Xorshift RNGs", 2003).
 */

/**
 * Draws a random whole number from 0 to below `limit`.
 *
 * @param limit - 1 to 2^32.
 */
export type Random = (limit: number) => number;

/**
 * Makes a generator whose numbers are remainders. The definitions of script operations and workloads use it.
 *
 * @param seed - an integer; its low 32 bits count, and 0 counts as 1, since xorshift never leaves 0.
 */
export function randomByRemainder(seed: number): Random {
  const next = xorshift32(seed);
  return (limit) => next() % limit;
}

/**
 * Makes a generator whose numbers are scaled from the whole range. Resampling uses it, because it depends on the high
 * bits, which are the better ones of a xorshift generator.
 *
 * @param seed - an integer; its low 32 bits count, and 0 counts as 1, since xorshift never leaves 0.
 */
export function randomByScaling(seed: number): Random {
  const next = xorshift32(seed);
  return (limit) => Math.floor(next() * 2 ** -32 * limit);
}

/** Makes the generator with the shifts 13, 17 and 5. Each call returns its next number, 1 to 2^32 - 1. */
function xorshift32(seed: number): () => number {
  let x = seed >>> 0 || 1;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return x >>> 0;
  };
}
