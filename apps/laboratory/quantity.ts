/** Amounts of memory as a reader writes them: a number with its unit. */
import { grouped, PAGE_BYTES, quote } from "xen-balloon/core";

const UNITS: Readonly<Record<string, number>> = {
  page: 1,
  pages: 1,
  kib: 2 ** 10 / PAGE_BYTES,
  mib: 2 ** 20 / PAGE_BYTES,
  gib: 2 ** 30 / PAGE_BYTES,
  tib: 2 ** 40 / PAGE_BYTES,
};
const QUANTITY = /^([0-9][0-9,]*(?:\.[0-9]+)?)[ \t]*([a-z]+)$/i;

/** Binary units, the largest first. */
const BINARY = ["TiB", "GiB", "MiB", "KiB"] as const;

/**
 * Reads an amount of memory in pages.
 *
 * @throws RangeError: no number with a unit, or no whole number of pages
 */
export function readPages(text: string): number {
  const [, number, unit] = QUANTITY.exec(text.trim()) ?? [];
  const each = UNITS[unit?.toLowerCase() ?? ""];
  if (number === undefined || each === undefined) {
    throw new RangeError(
      `expected a size with its unit, for example 512 MiB or 131,072 pages, got ${quote(text.trim())}`,
    );
  }
  const pages = Number(number.replaceAll(",", "")) * each;
  if (!Number.isSafeInteger(pages)) throw new RangeError(`expected whole pages of 4 KiB, got ${quote(text.trim())}`);
  return pages;
}

/** Writes pages so that readPages reads the same number: `16 GiB`, `1.5 GiB`, `151,663 pages`. */
export function writePages(pages: number): string {
  for (const unit of BINARY) {
    const amount = pages / UNITS[unit.toLowerCase()];
    // with more decimals nobody reads it
    const fits = amount >= 1 && (unit !== "KiB" || amount < 1024);
    if (fits && Number.isInteger(amount * 100)) return `${amount < 1000 ? amount : grouped(amount)} ${unit}`;
  }
  return `${grouped(pages)} pages`;
}

/** `0:00:25`, `0:00:25.5`, `168:00:00`: hours, minutes and seconds of a time in ms. */
export function formatClock(ms: number, decimals = 3): string {
  const whole = Math.round(ms * 10 ** (decimals - 3)) / 10 ** (decimals - 3);
  const seconds = Math.floor(whole / 1000);
  const two = (part: number): string => String(part).padStart(2, "0");
  const rest =
    decimals === 0
      ? ""
      : `.${String(Math.floor(whole % 1000))
          .padStart(3, "0")
          .slice(0, decimals)}`;
  return `${grouped(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}${rest}`;
}
