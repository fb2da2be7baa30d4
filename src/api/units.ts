/** Conversions between the units people use and pages. */
import { wholeNumber } from "../host/arguments.js";
import { PAGE_BYTES } from "../host/backend.js";

/**
 * @param bytes - 0 to 2^53 - 1.
 * @returns the whole pages in these bytes, rounded down as in the driver's sysfs.
 * @throws TypeError, RangeError
 *
 * @example
 * pagesFromBytes(1024 ** 3); // 262144
 */
export function pagesFromBytes(bytes: number): number {
  return Math.floor(wholeNumber("bytes", bytes, "bytes", 0, Number.MAX_SAFE_INTEGER) / PAGE_BYTES);
}

/**
 * @param pages - pages of 4096 bytes.
 * @returns bytes.
 *
 * @example
 * bytesFromPages(262144); // 1073741824
 */
export function bytesFromPages(pages: number): number {
  return pages * PAGE_BYTES;
}
