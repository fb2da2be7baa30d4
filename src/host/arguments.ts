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
 * Reads each option once, into an object of our own: a getter of the caller may throw, or answer otherwise the next time.
 *
 * @param name - the argument, an object of options.
 * @param keys - the options there are.
 * @param elsewhere - more of them, which somebody else reads.
 * @returns those that are not undefined.
 * @throws TypeError when it is no object, or has an option of another name; what a getter throws.
 */
export function readOptions<T extends object>(
  name: string,
  value: T,
  keys: readonly (keyof T & string)[],
  elsewhere: readonly string[] = [],
): T {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(`${name}: expected an object, got ${describe(value)}`);
  }
  const known: readonly string[] = [...keys, ...elsewhere];
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown !== undefined) throw new TypeError(`${name}: no option ${unknown}; there are ${keys.join(", ")}`);
  const options: Partial<T> = {};
  for (const key of keys) {
    const option = value[key];
    if (option !== undefined) options[key] = option;
  }
  return options as T;
}

/**
 * Copies PFNs, which a caller may change while a call waits.
 *
 * @throws TypeError when it is no Uint32Array.
 */
export function copyPfns(name: string, pfns: Uint32Array): Uint32Array<ArrayBuffer> {
  if (pfns instanceof Uint32Array) return new Uint32Array(pfns);
  throw new TypeError(`${name}: expected PFNs as a Uint32Array, got ${describe(pfns)}`);
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
