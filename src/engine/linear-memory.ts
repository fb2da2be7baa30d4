/** Linear memory ends at 4 GiB. This file checks what fits in it, and words the error if something does not. */

/** The end of all tables must be below 4 GiB, since it must be an address. */
const LIMIT_BYTES = 2n ** 32n - 1n;

/**
 * Checks that the tables for `count` pages or frames fit in linear memory.
 *
 * @param name - the argument whose value `count` is, for the error.
 * @param unit - the unit of `count`, for the error.
 * @param bytesFor - returns the bytes that such tables take for a count; it must grow with the count.
 * @throws RangeError when the tables do not fit in 4 GiB; it says how many pages or frames would.
 */
export function requireMemory(name: string, unit: string, count: number, bytesFor: (count: number) => bigint): void {
  if (bytesFor(count) <= LIMIT_BYTES) return;
  let fits = 0;
  for (let step = 2 ** 30; step >= 1; step /= 2) {
    if (fits + step < count && bytesFor(fits + step) <= LIMIT_BYTES) fits += step;
  }
  throw new RangeError(`${name}: ${count} ${unit} do not fit in 4 GiB of linear memory; ${fits} would`);
}
