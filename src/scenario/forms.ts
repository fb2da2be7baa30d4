/**
 * Declares the forms that a word of a script can have. A form reads one word, or rejects it.
 */

/** The form of one word of a script. */
export interface Form<T> {
  /** Completes "expected …". */
  readonly expects: string;
  /** Reads the word's value; undefined if the word does not have this form. */
  readonly read: (word: string) => T | undefined;
  /** The value of an omitted word. Without this value the word is required. */
  readonly omitted?: T;
}

const DECIMAL = /^(0|-?[1-9][0-9]*)$/;

/**
 * A decimal integer without leading zeros. Its default bounds are those of the integers that a number holds exactly.
 */
export function integer(
  name: string,
  from: number = Number.MIN_SAFE_INTEGER,
  to: number = Number.MAX_SAFE_INTEGER,
): Form<number> {
  return {
    expects: from === Number.MIN_SAFE_INTEGER ? `${name} as a decimal integer` : `${name} from ${from} to ${to}`,
    read: (word) => {
      const value = Number(word);
      return DECIMAL.test(word) && value >= from && value <= to ? value : undefined;
    },
  };
}

/** A count of things. */
export function count(name: string): Form<number> {
  return integer(name, 0);
}

/** 0 or 1. */
export function flag(name: string): Form<boolean> {
  return choice(name, { 0: false, 1: true });
}

/** One of a few words, each with its value. */
export function choice<T>(name: string, values: Readonly<Record<string, T>>): Form<T> {
  return {
    expects: `${name} ${Object.keys(values).join(" or ")}`,
    read: (word) => (Object.hasOwn(values, word) ? values[word] : undefined),
  };
}

/** Any word of at most `most` characters. */
export function label(name: string, most: number): Form<string> {
  return { expects: `${name} of up to ${most} characters`, read: (word) => (word.length <= most ? word : undefined) };
}

/** A form without one of its values. */
export function except<T>(form: Form<T>, value: T): Form<T> {
  return {
    expects: `${form.expects} but not ${value}`,
    read: (word) => {
      const read = form.read(word);
      return read === value ? undefined : read;
    },
  };
}

/** A word that may be omitted. */
export function optional<T>(form: Form<T>, omitted: T): Form<T> {
  return { ...form, omitted };
}

/** Quotes a word for a message. */
export function quote(word: string | undefined): string {
  return word === undefined ? "nothing" : DECIMAL.test(word) ? word : JSON.stringify(word);
}
