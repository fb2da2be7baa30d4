/** The errors for a wrong argument or option. They carry what is wrong as data, beside the message for people. */

/** Tells what is wrong with a value. */
export interface WrongValue {
  /** The argument or option: `maxPfn`, `populate.rc`. */
  readonly key: string;
  /** The expected value in words, with the unit. */
  readonly expected: string;
  /** The value that came, as text. */
  readonly got: string;
}

/** The message of a wrong value without its key. */
export function problemOf({ expected, got }: WrongValue): string {
  return `expected ${expected}, got ${got}`;
}

/**
 * An argument or option of the wrong type, or with an unknown name.
 *
 * @example
 * await machine.boot({ maxPfn: 4096 }).catch((error) => {
 *   if (error instanceof ArgumentTypeError) console.log(error.key, error.expected, error.got);
 * });
 */
export class ArgumentTypeError extends TypeError implements WrongValue {
  readonly key: string;
  readonly expected: string;
  readonly got: string;

  constructor(key: string, expected: string, got: string, options?: ErrorOptions) {
    super(`${key}: expected ${expected}, got ${got}`, options);
    this.key = key;
    this.expected = expected;
    this.got = got;
  }
}

/**
 * An argument or option that is out of range, or that no guest or machine can have.
 *
 * @example
 * await machine.boot({ maxPfn: 4096, cpus: 1 }).catch((error) => {
 *   if (error instanceof ArgumentRangeError) console.log(error.key, error.expected, error.got);
 * });
 */
export class ArgumentRangeError extends RangeError implements WrongValue {
  readonly key: string;
  readonly expected: string;
  readonly got: string;

  constructor(key: string, expected: string, got: string, options?: ErrorOptions) {
    super(`${key}: expected ${expected}, got ${got}`, options);
    this.key = key;
    this.expected = expected;
    this.got = got;
  }
}
