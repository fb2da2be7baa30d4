/** Borrows memory from those who have more than they prefer (qubes/qmemman/algo.py, balloon). Sizes are in bytes. */
import { type BalancedDomain, neededBytes, type Target, takesPart } from "./domain.js";

/** A little more is asked, so that a domain that rounds down does not hold up the request. */
const SAFETY_FACTOR = 1.05;

/** Returns targets that free `bytes`, none if the surplus of all does not suffice. */
export function balloon<D extends BalancedDomain>(bytes: number, domains: Iterable<D>): readonly Target<D>[] {
  const donors: Target<D>[] = [];
  let available = 0;
  for (const domain of domains) {
    if (!takesPart(domain)) continue;
    const surplus = -neededBytes(domain);
    if (surplus <= 0) continue;
    donors.push({ domain, bytes: surplus });
    available += surplus;
  }
  if (available < bytes) return [];
  const scale = bytes / available;
  return donors.map(({ domain, bytes: surplus }) => ({
    domain,
    bytes: Math.trunc(domain.actualBytes - surplus * scale * SAFETY_FACTOR),
  }));
}
