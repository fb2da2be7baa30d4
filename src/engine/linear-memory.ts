/** Linear memory ends at 4 GiB: what fits, and what is said where something does not. */

/** What is laid out must end below 4 GiB, which is no address any more. */
const LIMIT_BYTES = 2n ** 32n - 1n;

/**
 * @param name - the argument that asks for memory.
 * @param unit - what it counts.
 * @param bytesFor - bytes for so many of them; grows with its argument.
 * @throws RangeError when `count` of them do not fit in 4 GiB; it says how many would.
 */
export function requireMemory(name: string, unit: string, count: number, bytesFor: (count: number) => bigint): void {
  if (bytesFor(count) <= LIMIT_BYTES) return;
  let fits = 0;
  for (let step = 2 ** 30; step >= 1; step /= 2) {
    if (fits + step < count && bytesFor(fits + step) <= LIMIT_BYTES) fits += step;
  }
  throw new RangeError(`${name}: ${count} ${unit} do not fit in 4 GiB of linear memory; ${fits} would`);
}
