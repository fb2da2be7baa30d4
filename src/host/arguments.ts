/** Checks of arguments: what was expected, what came, in which unit. */

/**
 * @param name - the argument.
 * @param unit - what it counts.
 * @returns the value.
 * @throws TypeError when it is no number; RangeError when it is not a whole number from `from` to `to`.
 */
export function wholeNumber(name: string, value: unknown, unit: string, from: number, to: number): number {
  if (typeof value !== "number") {
    throw new TypeError(`${name}: expected ${unit} as a number, got ${describe(value)}`);
  }
  if (!Number.isInteger(value) || value < from || value > to) {
    throw new RangeError(`${name}: expected ${unit} from ${from} to ${to}, got ${value}`);
  }
  return value;
}

/**
 * @param name - the argument, an object of options.
 * @param keys - the options there are.
 * @throws TypeError when it is no object, or has an option of another name.
 */
export function knownOptions(name: string, value: unknown, keys: readonly string[]): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(`${name}: expected an object, got ${describe(value)}`);
  }
  const unknown = Object.keys(value).find((key) => !keys.includes(key));
  if (unknown !== undefined) throw new TypeError(`${name}: no option ${unknown}; there are ${keys.join(", ")}`);
}

/** @throws TypeError when it is neither true nor false */
export function trueOrFalse(name: string, value: unknown): boolean {
  if (typeof value !== "boolean") throw new TypeError(`${name}: expected true or false, got ${describe(value)}`);
  return value;
}

/** A value of the wrong type, for a message. */
export function describe(value: unknown): string {
  return typeof value === "string" ? `"${value}"` : value === null ? "null" : typeof value;
}
