/** Numbers in text as Linux reads them: unsigned, of 64 bits, which wrap. */
import type { Generation } from "../../host/generation.js";

/** A number at the start of a text. */
interface Leading {
  /** 0 where no digit is. */
  readonly value: bigint;
  /** The text that follows it. */
  readonly rest: string;
}

/** Suffixes of memparse: each is 1024 times the one before. T, P and E came after 2013. */
const SUFFIXES: Readonly<Record<Generation, string>> = { "2013": "KMG", modern: "KMGTPE" };

/** Cuts a number to 64 bits. */
export const wrapped = (value: bigint): bigint => BigInt.asUintN(64, value);

/** Reads what simple_strtoull reads with base 0: the prefix tells the base; no sign and no space comes before. */
export function leadingNumber(text: string): Leading {
  const hex = /^0x[0-9a-f]+/i.exec(text)?.[0];
  if (hex !== undefined) return { value: wrapped(BigInt(hex)), rest: text.slice(hex.length) };
  const octal = /^0[0-7]*/.exec(text)?.[0];
  if (octal !== undefined) return { value: wrapped(BigInt(`0o${octal}`)), rest: text.slice(octal.length) };
  const decimal = /^[0-9]*/.exec(text)?.[0] ?? "";
  return { value: wrapped(BigInt(decimal)), rest: text.slice(decimal.length) };
}

/** Reads a number and one suffix (lib/cmdline.c, memparse). What follows is ignored. */
export function memparse(text: string, generation: Generation): bigint {
  const { value, rest } = leadingNumber(text);
  const power = rest === "" ? 0 : SUFFIXES[generation].indexOf(rest.charAt(0).toUpperCase()) + 1;
  return wrapped(value << BigInt(10 * power));
}

const DIGIT_0 = 0x30;
const SPACES = " \t\n\v\f\r";

/**
 * Reads what scanf reads with %llu: decimal digits, after spaces. What follows is ignored.
 *
 * @returns the number, from 2^53 on the nearest double; undefined where no digit is.
 */
export function scanUnsigned(text: string): number | undefined {
  let start = 0;
  while (start < text.length && SPACES.includes(text.charAt(start))) start++;
  let value = 0;
  let end = start;
  for (; end < text.length; end++) {
    const digit = text.charCodeAt(end) - DIGIT_0;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  if (end === start) return undefined;
  return value <= Number.MAX_SAFE_INTEGER ? value : Number(wrapped(BigInt(text.slice(start, end))));
}
