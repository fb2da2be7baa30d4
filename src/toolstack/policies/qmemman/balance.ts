/** Shares the memory of a host among its domains (qubes/qmemman/algo.py, balance). Sizes are in bytes. */
import { MIB } from "./constants.js";
import { type BalancedDomain, neededBytes, preferredBytes, type Target, takesPart } from "./domain.js";

/** A donor with less to give is left alone: most probably it was told before. */
const LEAST_SURPLUS_BYTES = 10 * MIB;

/** Targets come a little lower than computed, so that rounding cannot share more than there is. */
const ROUNDING_FACTOR = 0.999;

/** The domains that take part in a balance, and their sums. */
export interface Sums<D> {
  /** Free memory less what all lack; 0 or below: it does not suffice for all preferences. */
  readonly availableBytes: number;
  readonly preferredBytes: number;
  readonly acceptorsPreferredBytes: number;
  /** The domains with a surplus, and those at their maximum. */
  readonly donors: readonly D[];
  readonly acceptors: readonly D[];
}

/**
 * Adds up what the domains have and prefer.
 *
 * @param freeBytes - free memory, less what is kept for Xen; may be below 0
 * @param domains - in the order in which qmemman met them
 */
export function sumUp<D extends BalancedDomain>(freeBytes: number, domains: Iterable<D>): Sums<D> {
  const donors: D[] = [];
  const acceptors: D[] = [];
  let needed = 0;
  let preferred = 0;
  let acceptorsPreferred = 0;
  for (const domain of domains) {
    if (!takesPart(domain)) continue;
    const pref = preferredBytes(domain);
    const need = pref - domain.actualBytes;
    if (need < 0 || domain.actualBytes >= domain.maxBytes) donors.push(domain);
    else {
      acceptors.push(domain);
      acceptorsPreferred += pref;
    }
    needed += need;
    preferred += pref;
  }
  return {
    availableBytes: freeBytes - needed,
    preferredBytes: preferred,
    acceptorsPreferredBytes: acceptorsPreferred,
    donors,
    acceptors,
  };
}

/**
 * Computes the targets of a balance.
 *
 * @param freeBytes - free memory, less what is kept for Xen; may be below 0
 * @param domains - in the order in which qmemman met them
 * @param sums - of the same
 * @returns targets in the order in which they are to be written.
 */
export function balance<D extends BalancedDomain>(
  freeBytes: number,
  domains: Iterable<D>,
  sums: Sums<D>,
): readonly Target<D>[] {
  if (sums.availableBytes > 0) return balanceEnough(domains, sums.preferredBytes, sums.availableBytes);
  return balanceLow(freeBytes, sums);
}

/**
 * Shares what all preferences leave, in proportion to these. Those who get less than they have come first, so that they
 * give before others take.
 */
export function balanceEnough<D extends BalancedDomain>(
  domains: Iterable<D>,
  allPreferredBytes: number,
  availableBytes: number,
): readonly Target<D>[] {
  const shares: Share<D>[] = [];
  let excess = 0;
  let takers = 0;
  for (const domain of domains) {
    if (!takesPart(domain)) continue;
    const preferred = preferredBytes(domain);
    const target = Math.trunc(ROUNDING_FACTOR * (preferred + (preferred / allPreferredBytes) * availableBytes));
    if (target > domain.maxBytes) excess += target - domain.maxBytes;
    else takers++;
    shares.push({ domain, bytes: Math.min(target, domain.maxBytes) });
  }
  shareExcess(shares, excess, takers);

  const targets: Target<D>[] = [];
  for (const share of shares) if (share.bytes < share.domain.actualBytes) targets.push(share);
  for (const share of shares) if (share.bytes >= share.domain.actualBytes) targets.push(share);
  return targets;
}

/** A target that may still grow. */
interface Share<D> extends Target<D> {
  bytes: number;
}

/** Shares what is above the maximum of some among the others, until nobody can take more. */
function shareExcess(shares: readonly Share<BalancedDomain>[], firstExcess: number, firstTakers: number): void {
  let excess = firstExcess;
  let takers = firstTakers;
  while (excess > 0 && takers > 0) {
    const bonus = Math.trunc(ROUNDING_FACTOR * (excess / takers));
    excess = 0;
    for (const share of shares) {
      const { maxBytes } = share.domain;
      if (share.bytes >= maxBytes) continue;
      share.bytes += bonus;
      if (share.bytes < maxBytes) continue;
      excess += share.bytes - maxBytes;
      share.bytes = maxBytes;
      takers--;
    }
  }
}

/**
 * Tells all who have a surplus to give it, and shares what is left among those who lack memory. What the donors are to
 * give is taken off what is shared, as the daemon does: after one donor with a surplus, mostly the donors alone are told.
 */
function balanceLow<D extends BalancedDomain>(freeBytes: number, sums: Sums<D>): readonly Target<D>[] {
  const targets: Target<D>[] = [];
  let left = freeBytes;
  for (const domain of sums.donors) {
    const surplus = -neededBytes(domain);
    if (surplus < LEAST_SURPLUS_BYTES) continue;
    left -= surplus;
    targets.push({ domain, bytes: preferredBytes(domain) });
  }
  if (left < 0) return targets;
  for (const domain of sums.acceptors) {
    const share = (preferredBytes(domain) / sums.acceptorsPreferredBytes) * left;
    const target = Math.trunc(ROUNDING_FACTOR * (domain.actualBytes + share));
    targets.push({ domain, bytes: Math.min(target, domain.maxBytes) });
  }
  return targets;
}
