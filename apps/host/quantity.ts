/** Reads sizes, times and percentages as a person writes them: `64 GiB`, `10 s`, `25%`. */
import { formatBytes } from "../study/report/number-text.js";

const QUANTITY = /^(\d+(?:\.\d+)?) ?([A-Za-z]+)$/;
/** A page in KiB: sizes are whole pages. */
export const PAGE_KIB = 4;

/** KiB by unit. */
const SIZES: Readonly<Record<string, number>> = { KiB: 1, MiB: 2 ** 10, GiB: 2 ** 20, TiB: 2 ** 30 };
/** Units that are a power of 10 to some and of 2 to others, in lower case. */
const UNCLEAR = new Set(["kb", "mb", "gb", "tb", "k", "m", "g", "t"]);

/** Ms by unit. */
const TIMES: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  min: 60_000,
  h: 3_600_000,
  day: 86_400_000,
  days: 86_400_000,
  d: 86_400_000,
};

/** Whether a text begins as a size does: a number, and at most a short word after it. */
export function isSize(text: string): boolean {
  return /^[\d.,]+ ?[A-Za-z]{0,3}$/.test(text);
}

/**
 * Reads a size.
 *
 * @returns KiB, whole pages.
 * @throws Error: it is none, or no whole number of pages
 */
export function kibOf(text: string): number {
  const [, number, unit = ""] = QUANTITY.exec(text) ?? [];
  if (UNCLEAR.has(unit.toLowerCase())) {
    const problem = `${unit} is a power of 10 to some and of 2 to others`;
    throw new Error(`expected a size in KiB, MiB, GiB or TiB, got ${JSON.stringify(text)}: ${problem}`);
  }
  if (!Object.hasOwn(SIZES, unit)) {
    throw new Error(`expected a size such as 512 MiB or 64 GiB, got ${JSON.stringify(text)}`);
  }
  const kib = Number(number) * SIZES[unit];
  if (!Number.isSafeInteger(kib) || kib % PAGE_KIB !== 0) {
    throw new Error(`expected a size in whole pages of ${PAGE_KIB} KiB, got ${text}, which is ${kib} KiB`);
  }
  return kib;
}

/**
 * Reads a time.
 *
 * @returns whole ms.
 * @throws Error: it is none
 */
export function msOf(text: string): number {
  const [, number, unit = ""] = QUANTITY.exec(text) ?? [];
  const ms = Object.hasOwn(TIMES, unit) ? Number(number) * TIMES[unit] : Number.NaN;
  if (Number.isSafeInteger(ms)) return ms;
  throw new Error(`expected a time such as 10 s, 30 min, 6 h or 1 day, got ${JSON.stringify(text)}`);
}

/** The part of 1 that a percentage is; null where the text is none. */
export function partOf(text: string): number | null {
  const [, number] = /^(\d+(?:\.\d+)?) ?%$/.exec(text) ?? [];
  return number === undefined ? null : Number(number) / 100;
}

/**
 * Reads a size, or a percentage of one, which is rounded down to whole pages.
 *
 * @param of - KiB that are 100 %.
 * @param what - names them.
 * @throws Error: it is neither
 */
export function kibOrPart(text: string, of: number, what: string): number {
  const part = partOf(text);
  if (part !== null) return wholePages(part * of);
  try {
    return kibOf(text);
  } catch (error) {
    throw new Error(`${(error as Error).message}; a percentage such as 25% is of ${what}`);
  }
}

/** Rounds KiB down to whole pages. */
export function wholePages(kib: number): number {
  return Math.floor(kib / PAGE_KIB) * PAGE_KIB;
}

/** `1.5 GiB`. */
export function sizeOf(kib: number): string {
  return formatBytes(kib * 1024);
}
