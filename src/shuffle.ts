/** The world's one source of disorder. */

/**
 * Shuffles in place: Fisher-Yates from the end, with xorshift32 (13, 17, 5) from `seed`; 0 counts as 1.
 *
 * @param seed - an integer; its low 32 bits count.
 */
export function shuffle(list: Uint32Array, seed: number): void {
  let x = seed >>> 0 || 1;
  for (let i = list.length; i > 1; i--) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    const j = (x >>> 0) % i;
    const last = list[i - 1];
    list[i - 1] = list[j];
    list[j] = last;
  }
}
