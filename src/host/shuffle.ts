/** The world's one source of disorder. */

/**
 * Draws whole numbers below a limit, each time another: xorshift32 (13, 17, 5) from `seed`; 0 counts as 1.
 *
 * @param seed - an integer; its low 32 bits count.
 */
export function drawer(seed: number): (below: number) => number {
  let x = seed >>> 0 || 1;
  return (below) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) % below;
  };
}

/** Shuffles in place: Fisher-Yates from the end, with what `seed` draws. */
export function shuffle(list: Uint32Array, seed: number): void {
  const draw = drawer(seed);
  for (let i = list.length; i > 1; i--) {
    const j = draw(i);
    const last = list[i - 1];
    list[i - 1] = list[j];
    list[j] = last;
  }
}
