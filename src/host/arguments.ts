/** Checks arguments. A message names the expected value with its unit, and the value that came. */
import { ArgumentRangeError, ArgumentTypeError } from "./argument-error.js";

/**
 * @param name - the argument's name.
 * @param unit - the unit it counts.
 * @returns the value.
 * @throws TypeError: it is no number. RangeError: it is not a whole number from `from` to `to`.
 */
export function wholeNumber(name: string, value: unknown, unit: string, from: number, to: number): number {
  if (typeof value !== "number") {
    throw new ArgumentTypeError(name, `${unit} as a number`, describe(value));
  }
  if (!Number.isInteger(value) || value < from || value > to) {
    throw new ArgumentRangeError(name, `${unit} from ${from} to ${to}`, String(value));
  }
  return value;
}

/**
 * Reads each option once into a new object, because a caller's getter may throw, or return another value next time.
 *
 * @param name - the name of the argument, an object of options.
 * @param keys - the names of the options.
 * @param elsewhere - names of further options, which other code reads.
 * @returns the options that are not undefined.
 * @throws TypeError: it is no object, or has an option with an unknown name. The error of a getter.
 */
export function readOptions<T extends object>(
  name: string,
  value: T,
  keys: readonly (keyof T & string)[],
  elsewhere: readonly string[] = [],
): T {
  if (typeof value !== "object" || value === null) {
    throw new ArgumentTypeError(name, "an object", describe(value));
  }
  const known: readonly string[] = [...keys, ...elsewhere];
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown !== undefined) throw new ArgumentTypeError(name, `options named ${keys.join(", ")}`, unknown);
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
 * @throws TypeError: it is no Uint32Array.
 */
export function copyPfns(name: string, pfns: Uint32Array): Uint32Array<ArrayBuffer> {
  if (pfns instanceof Uint32Array) return new Uint32Array(pfns);
  throw new ArgumentTypeError(name, "PFNs as a Uint32Array", describe(pfns));
}

/** @throws TypeError: it is neither true nor false */
export function trueOrFalse(name: string, value: unknown): boolean {
  if (typeof value !== "boolean") throw new ArgumentTypeError(name, "true or false", describe(value));
  return value;
}

/** Describes a value of the wrong type, for a message. */
export function describe(value: unknown): string {
  return typeof value === "string" ? `"${value}"` : value === null ? "null" : typeof value;
}
