/** A host as squeezed sees it, and the few facts about one domain that its rules are made of. Sizes are in KiB. */

/** A domain in squeezed's eyes. What its processes use is no part of it. */
export interface BalloonDomain {
  /** -1 for the domain that does not exist yet, for which a range of memory is asked. */
  readonly domid: number;
  /** True if the domain wrote control/feature-balloon. */
  readonly canBalloon: boolean;
  readonly dynamicMinKib: number;
  readonly targetKib: number;
  readonly dynamicMaxKib: number;
  /** Memory that it has, in the count of its targets: Xen's count less memory/memory-offset. */
  readonly actualKib: number;
  /** So far from the target it counts as there. */
  readonly inaccuracyKib: number;
}

/** A host at one look. */
export interface BalloonHost {
  /** Free memory less what is reserved. */
  readonly freeKib: number;
  /** In ascending domid: the order of every decision. */
  readonly domains: readonly BalloonDomain[];
}

/** The switches of squeezed's own test suite. */
export interface TestSwitches {
  /** Counts on every KiB above dynamic-min, though a driver may stop short of its target. */
  readonly disableInaccuracyCompensation: boolean;
  /** Tells those who give and those who take at once. */
  readonly disableTwoPhaseTargetSets: boolean;
}

/** The switches as the daemon runs. */
export const AS_SHIPPED: TestSwitches = { disableInaccuracyCompensation: false, disableTwoPhaseTargetSets: false };

/** Makes a host of domains in any order. */
export function hostOf(freeKib: number, domains: readonly BalloonDomain[]): BalloonHost {
  return { freeKib, domains: inDomidOrder(domains) };
}

/** Tells whether memory is at a target, within the inaccuracy. */
export function hasHitTarget(inaccuracyKib: number, actualKib: number, targetKib: number): boolean {
  return Math.abs(actualKib - targetKib) <= inaccuracyKib;
}

/** Tells whether a domain is at its target. */
export function isOnTarget(domain: BalloonDomain): boolean {
  return hasHitTarget(domain.inaccuracyKib, domain.actualKib, domain.targetKib);
}

/** Counts what the domain gives at least if its target becomes dynamic-min: it may stop short by the inaccuracy, twice. */
export function minFreeable(domain: BalloonDomain, switches: TestSwitches): number {
  const slackKib = switches.disableInaccuracyCompensation ? 0 : 2 * domain.inaccuracyKib;
  return Math.max(0, domain.actualKib - domain.dynamicMinKib - slackKib);
}

/** Counts how far the target may move. */
export function dynamicRange(domain: BalloonDomain): number {
  return Math.max(0, domain.dynamicMaxKib - domain.dynamicMinKib);
}

/** Sorts domains by domid; a list in order is given back as it is. */
function inDomidOrder(domains: readonly BalloonDomain[]): readonly BalloonDomain[] {
  const isSorted = domains.every((domain, i) => i === 0 || (domains[i - 1]?.domid ?? 0) < domain.domid);
  return isSorted ? domains : domains.toSorted((a, b) => a.domid - b.domid);
}
