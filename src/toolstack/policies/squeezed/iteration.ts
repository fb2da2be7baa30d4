/** One decision of squeezed on one look at the host. */
import {
  AS_SHIPPED,
  type BalloonDomain,
  type BalloonHost,
  hasHitTarget,
  isOnTarget,
  type TestSwitches,
} from "./ballooning.js";
import { Stuckness } from "./stuckness.js";
import { computeTargetAdjustments, type Target } from "./targets.js";

/** A decision. */
export type Decision =
  /** Domains are on their way, or get new targets: look again. Highest domid first. */
  | { readonly kind: "adjust"; readonly targets: readonly Target[] }
  /** All is at rest and enough memory is free. */
  | { readonly kind: "success" }
  /** All is at rest and too little is free. The stuck domains are to blame, if there are any; highest domid first. */
  | { readonly kind: "failed"; readonly domids: readonly number[] };

/** The memory that a call wants free. */
export interface Goal {
  /** Memory that the targets are to leave free, in KiB. */
  readonly hostTargetKib: number;
  /** Tells whether so much free memory is enough. */
  readonly isEnough: (freeKib: number) => boolean;
}

/**
 * Decides once.
 *
 * @param stuckness - of the call that this iteration belongs to; it takes in the look
 * @param nowMs - of the look
 */
export function oneIteration(
  host: BalloonHost,
  goal: Goal,
  stuckness: Stuckness,
  nowMs: number,
  switches: TestSwitches = AS_SHIPPED,
): Decision {
  stuckness.update(host.domains, nowMs);
  const active = host.domains.filter(({ domid, canBalloon }) => canBalloon && !stuckness.isStuck(domid));
  const all = computeTargetAdjustments({ freeKib: host.freeKib, domains: active }, goal.hostTargetKib, switches);
  const told = switches.disableTwoPhaseTargetSets ? allOf(active) : whoseTurn(active, all);
  let atRest = active.every(isOnTarget);
  const targets: Target[] = [];
  for (let i = active.length - 1; i >= 0; i--) {
    const target = all[i];
    if (target === undefined || !told[i]) continue;
    targets.push(target);
    // one KiB is a change, though the domain may count as on target
    if (target.targetKib !== active[i]?.targetKib) atRest = false;
  }
  if (!atRest) return { kind: "adjust", targets };
  if (goal.isEnough(host.freeKib)) return { kind: "success" };
  const blamed = host.domains.filter(({ domid, canBalloon }) => canBalloon && stuckness.isStuck(domid));
  return { kind: "failed", domids: blamed.map(({ domid }) => domid).reverse() };
}

/** Tells whether a decision on fresh eyes would give a domain another target than it has. */
export function isHostMemoryUnbalanced(host: BalloonHost, goal: Goal, nowMs: number): boolean {
  const decision = oneIteration(host, goal, new Stuckness(), nowMs);
  if (decision.kind !== "adjust") return false;
  const present = new Map(host.domains.map(({ domid, targetKib }) => [domid, targetKib]));
  return decision.targets.some(({ domid, targetKib }) => present.get(domid) !== targetKib);
}

/**
 * Chooses those who are told: while anybody has to give, only those; else the others. So nobody takes what another has not
 * given yet.
 */
function whoseTurn(active: readonly BalloonDomain[], targets: readonly Target[]): readonly boolean[] {
  const gives = active.map(({ inaccuracyKib, actualKib }, i) => {
    const targetKib = targets[i]?.targetKib ?? 0;
    return targetKib < actualKib && !hasHitTarget(inaccuracyKib, actualKib, targetKib);
  });
  return gives.includes(true) ? gives : allOf(active);
}

function allOf(active: readonly BalloonDomain[]): readonly boolean[] {
  return active.map(() => true);
}
