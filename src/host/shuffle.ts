/** Shuffles lists. */
import { randomByRemainder } from "./random.js";

/** Shuffles a list in place by Fisher-Yates from the end, with random numbers from `seed`. */
export function shuffle(list: Uint32Array, seed: number): void {
  const random = randomByRemainder(seed);
  for (let i = list.length; i > 1; i--) {
    const j = random(i);
    const last = list[i - 1];
    list[i - 1] = list[j];
    list[j] = last;
  }
}
