/** The calls of squeezed: they change the domains' targets until so much memory is free, or it is clear that it cannot be. */
import { sleep, type Task } from "../../policy.js";
import { AS_SHIPPED, type BalloonDomain, type BalloonHost, hostOf, isOnTarget } from "./ballooning.js";
import { explain } from "./explain.js";
import { type Decision, type Goal, isHostMemoryUnbalanced, oneIteration } from "./iteration.js";
import { Stuckness } from "./stuckness.js";
import { computeTargetAdjustments } from "./targets.js";
import type { XenLayer } from "./xen-layer.js";

/** Memory that squeezed leaves free on a host: 64 MiB and 8 MiB, in KiB. */
const RESERVE_KIB = 73_728;

/** A balance is done if less than this is free above the reserve, in KiB. Nothing depends on it but a line of the log. */
const BALANCE_TOLERANCE_KIB = 512;

const ITERATION_MS = 1000;

const ALLOCATION_INACCURACY_KIB = 4;

/** The answer of a call, in KiB. */
export type Answer =
  /** So much is free for the caller. */
  | { readonly kind: "freed"; readonly kib: number }
  /** Everybody is at rest, and it is not enough (Cannot_free_this_much_memory). */
  | { readonly kind: "cannot-free"; readonly requiredKib: number; readonly freeKib: number }
  /**
   * These domains did not reach their targets (Domains_refused_to_cooperate); highest domid first. `wouldDo`: with every
   * domain at its dynamic-min, enough would have been free.
   */
  | { readonly kind: "refused"; readonly domids: readonly number[]; readonly wouldDo: boolean };

const BALANCE: Goal = {
  hostTargetKib: RESERVE_KIB,
  isEnough: (freeKib) => freeKib - RESERVE_KIB < BALANCE_TOLERANCE_KIB,
};

/** Frees `kib` beside the reserve (reserve_memory). Who wants to keep it reserves it in the layer. */
export function* freeMemory(layer: XenLayer, kib: number): Task<Answer> {
  const requiredKib = kib + RESERVE_KIB;
  const goal = { hostTargetKib: requiredKib, isEnough: (freeKib: number) => freeKib >= requiredKib };
  return (yield* changeHostFreeMemory(layer, goal)) ?? { kind: "freed", kib };
}

/**
 * Frees between `minKib` and `maxKib` beside the reserve (reserve_memory_range): the share that a domain with this dynamic
 * range would have among all domains, those without driver too.
 */
export function* freeMemoryRange(layer: XenLayer, minKib: number, maxKib: number): Task<Answer> {
  const { freeKib, domains } = yield* layer.look();
  const newcomer: BalloonDomain = {
    domid: -1,
    canBalloon: true,
    dynamicMinKib: minKib,
    targetKib: minKib,
    dynamicMaxKib: maxKib,
    actualKib: 0,
    inaccuracyKib: ALLOCATION_INACCURACY_KIB,
  };
  const [share] = computeTargetAdjustments(hostOf(freeKib, [newcomer, ...domains]), RESERVE_KIB, AS_SHIPPED);
  const goal = {
    hostTargetKib: (share?.targetKib ?? minKib) + RESERVE_KIB,
    isEnough: (kib: number) => kib >= minKib + RESERVE_KIB,
  };
  const failure = yield* changeHostFreeMemory(layer, goal);
  if (failure !== null) return failure;
  const host = yield* layer.look();
  return { kind: "freed", kib: Math.max(minKib, Math.min(host.freeKib - RESERVE_KIB, maxKib)) };
}

/** Shares all memory but the reserve (balance_memory). */
export function* balanceMemory(layer: XenLayer): Task {
  const failure = yield* changeHostFreeMemory(layer, BALANCE);
  if (failure !== null) layer.xen.log("balance memory did not succeed");
}

/** Looks once, and tells whether a balance would change a target. */
export function* isUnbalanced(layer: XenLayer): Task<boolean> {
  const host = yield* layer.look();
  if (isHostMemoryUnbalanced(host, BALANCE, layer.xen.nowMs)) return true;
  explain(layer, host, null);
  return false;
}

/** Looks and decides, once a second, until all is at rest. Answers null if enough is free then. */
function* changeHostFreeMemory(layer: XenLayer, goal: Goal): Task<Answer | null> {
  if (goal.hostTargetKib !== RESERVE_KIB) {
    const { freeKib, domains } = yield* layer.look();
    const atRest = domains.every((domain) => !domain.canBalloon || isOnTarget(domain));
    if (goal.hostTargetKib <= freeKib && atRest) return null;
  } else yield* layer.look();
  const stuckness = new Stuckness();
  let inactive: ReadonlySet<number> = new Set();
  for (;;) {
    // the time is taken before the look, which may wait for Xen to scrub
    const { nowMs } = layer.xen;
    const host = yield* layer.look();
    const decision = oneIteration(host, goal, stuckness, nowMs);
    inactive = write(layer, host, decision, stuckness, inactive);
    if (decision.kind === "adjust") {
      yield* sleep(ITERATION_MS);
      continue;
    }
    explain(layer, host, stuckness);
    return answerOf(layer, host, goal, decision);
  }
}

/**
 * Writes the target and maxmem of every domain, whatever was decided. A domain that has just become inactive is kept from
 * taking: it may have been asleep below a target whose memory somebody else will have.
 *
 * @param before - the domains that were inactive at the last look
 * @returns those that are inactive now.
 */
function write(
  layer: XenLayer,
  host: BalloonHost,
  decision: Decision,
  stuckness: Stuckness,
  before: ReadonlySet<number>,
): ReadonlySet<number> {
  const targets = decision.kind === "adjust" ? decision.targets : [];
  const newTargets = new Map(targets.map(({ domid, targetKib }) => [domid, targetKib]));
  const inactive = new Set<number>();
  for (const domain of host.domains) {
    const { domid } = domain;
    const isInactive = !domain.canBalloon || stuckness.isStuck(domid);
    if (isInactive) inactive.add(domid);
    if (isInactive && !before.has(domid)) {
      layer.xen.log(`domid ${domid} has been declared inactive`);
      layer.setTarget(domid, clipped(domain));
    } else layer.setTarget(domid, newTargets.get(domid) ?? domain.targetKib);
  }
  return inactive;
}

/** The target of a domain that is not to grow, within its dynamic range. */
function clipped({ targetKib, actualKib, dynamicMinKib, dynamicMaxKib }: BalloonDomain): number {
  return Math.min(dynamicMaxKib, Math.max(dynamicMinKib, Math.min(targetKib, actualKib)));
}

function answerOf(
  { xen }: XenLayer,
  { freeKib, domains }: BalloonHost,
  { hostTargetKib: requiredKib, isEnough }: Goal,
  decision: Exclude<Decision, { kind: "adjust" }>,
): Answer | null {
  if (decision.kind === "success") {
    xen.log(`Success: Host free memory = ${freeKib} KiB (aiming for ${requiredKib} KiB)`);
    return null;
  }
  const { domids } = decision;
  if (domids.length > 0) {
    const names = domids.join(", ");
    xen.log(`Failed to free ${requiredKib} KiB: the following domains have failed to meet their targets: [ ${names} ]`);
    const freeable = domains.filter(({ canBalloon }) => canBalloon);
    const mostKib = freeable.reduce(
      (kib, domain) => kib + Math.max(0, domain.actualKib - domain.dynamicMinKib),
      freeKib,
    );
    return { kind: "refused", domids, wouldDo: isEnough(mostKib) };
  }
  xen.log(`Failed to free ${requiredKib} KiB: impossible within the dynamic_min of the domains (${freeKib} KiB free)`);
  return { kind: "cannot-free", requiredKib, freeKib };
}
