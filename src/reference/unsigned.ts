/** Unsigned 64-bit comparisons of numbers kept as signed: a negative one is above all others. */

/** a < b. */
export function unsignedLess(a: number, b: number): boolean {
  return a < 0 === b < 0 ? a < b : b < 0;
}

/** The lesser of the two. */
export function unsignedMin(a: number, b: number): number {
  return unsignedLess(a, b) ? a : b;
}
