/** Checks of arguments: what was expected, what came, in which unit. */

/**
 * @param name - the argument.
 * @param unit - what it counts.
 * @returns the value.
 * @throws TypeError when it is no number; RangeError when it is not a whole number from `from` to `to`.
 */
export function wholeNumber(name: string, value: unknown, unit: string, from: number, to: number): number {
  if (typeof value !== "number") {
    throw new TypeError(`${name}: expected ${unit} as a number, got ${value === null ? "null" : typeof value}`);
  }
  if (!Number.isInteger(value) || value < from || value > to) {
    throw new RangeError(`${name}: expected ${unit} from ${from} to ${to}, got ${value}`);
  }
  return value;
}
