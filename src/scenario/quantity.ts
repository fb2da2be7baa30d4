/**
 * Formats quantities for people.
 */

import { PAGE_BYTES } from "../host/backend.js";
import type { Pages } from "../host/units.js";

const KIB = 1024;

/** Formats a count of pages: `0 pages`, `1 page (4 KiB)`, `2,596 pages (10.14 MiB)`. */
export function formatPages(pages: Pages): string {
  return pages === 0 ? "0 pages" : `${plural(pages, "page")} (${formatSize(pages)})`;
}

/** Formats the size of `pages` pages in KiB, MiB or GiB. */
export function formatSize(pages: Pages): string {
  const kib = (pages * PAGE_BYTES) / KIB;
  if (Math.abs(kib) < KIB) return `${kib} KiB`;
  const mib = kib / KIB;
  return Math.abs(mib) < KIB ? `${mib.toFixed(2)} MiB` : `${(mib / KIB).toFixed(2)} GiB`;
}

/** Formats virtual time, given in ms, in seconds. */
export function formatTime(ms: number): string {
  return `${(ms / 1000).toFixed(3)} s`;
}

/** Formats a count with its noun: `1 page`, `2 pages`. */
export function plural(count: number, one: string): string {
  return `${grouped(count)} ${one}${count === 1 ? "" : "s"}`;
}

/** `12,345`, whatever the reader's language. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=([0-9]{3})+$)/g, ",");
}
