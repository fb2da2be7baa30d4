/** Unsigned 64-bit comparisons of numbers that are kept as signed: a negative number is above all others. */

/** True if a < b. */
export function unsignedLess(a: number, b: number): boolean {
  return a < 0 === b < 0 ? a < b : b < 0;
}

/** Returns the lesser of the two. */
export function unsignedMin(a: number, b: number): number {
  return unsignedLess(a, b) ? a : b;
}
