/** Single calls of squeezed's algorithm. */
import {
  AS_SHIPPED,
  type BalloonDomain,
  computeTargetAdjustments,
  hasHitTarget,
  hostOf,
  isHostMemoryUnbalanced,
  minFreeable,
  oneIteration,
  Stuckness,
  type TestSwitches,
} from "xen-balloon/core";
import { listAt, numberAt, objectAt, type Plain, ShapeError, textAt } from "../../../shape.js";
import { type Difference, differences, type VectorKind } from "../kind.js";

/** Checks a case of one function. */
type Check = (entry: Plain) => readonly Difference[];

const CHECKS: Readonly<Record<string, Check>> = {
  one_iteration: checkIteration,
  compute_target_adjustments: (entry) => {
    const host = hostOf(kibAt(entry, "free"), domainsOf(entry));
    const targets = computeTargetAdjustments(host, kibAt(entry, "host_target"), switchesOf(entry));
    return differences("targets", entry.targets, pairsOf(targets));
  },
  has_hit_target: (entry) => {
    const hit = hasHitTarget(kibAt(entry, "inaccuracy"), kibAt(entry, "actual"), kibAt(entry, "target"));
    return differences("result", entry.result, hit);
  },
  min_freeable: (entry) => {
    const switches = { ...AS_SHIPPED, disableInaccuracyCompensation: entry.disable_inaccuracy === true };
    return differences("result", entry.result, minFreeable(domainAt("domain", entry.domain), switches));
  },
  stuckness: checkStuckness,
  is_host_memory_unbalanced: (entry) => {
    const hostTargetKib = kibAt(entry, "target_host_free");
    const toleranceKib = kibAt(entry, "tolerance");
    const goal = { hostTargetKib, isEnough: (freeKib: number) => freeKib - hostTargetKib < toleranceKib };
    const host = hostOf(kibAt(entry, "free"), domainsOf(entry));
    return differences("result", entry.result, isHostMemoryUnbalanced(host, goal, 0));
  },
};

export const squeezedCalls: VectorKind = {
  policy: "squeezed",
  knows: ({ fn }) => typeof fn === "string" && Object.hasOwn(CHECKS, fn),
  run: (entry) => CHECKS[textAt("fn", entry.fn)]?.(entry) ?? [],
};

function checkIteration(entry: Plain): readonly Difference[] {
  if (entry.success !== "free>=host_target") throw new ShapeError("success", "free>=host_target", entry.success);
  const hostTargetKib = kibAt(entry, "host_target");
  const goal = { hostTargetKib, isEnough: (freeKib: number) => freeKib >= hostTargetKib };
  const host = hostOf(kibAt(entry, "free"), domainsOf(entry));
  const decision = oneIteration(host, goal, new Stuckness(), 0, switchesOf(entry));
  switch (decision.kind) {
    case "success":
      return differences("result", entry.result, "Success");
    case "failed":
      return differences("result", entry.result, { Failed: decision.domids });
    case "adjust": {
      const order = decision.targets.map(({ domid }) => domid);
      return [
        ...differences("result", entry.result, { AdjustTargets: pairsOf(decision.targets) }),
        ...(entry.order === undefined ? [] : differences("order", entry.order, order)),
      ];
    }
  }
}

function checkStuckness(entry: Plain): readonly Difference[] {
  const stuckness = new Stuckness();
  const common = { targetKib: kibAt(entry, "target"), inaccuracyKib: kibAt(entry, "inaccuracy") };
  return listAt("series", entry.series_now_actual_active, "looks").flatMap((look, index) => {
    const path = `series[${index}]`;
    const [seconds, actual, active] = listAt(path, look, "time, actual and active");
    const actualKib = numberAt(path, actual);
    const domain = { domid: 1, canBalloon: true, dynamicMinKib: 0, dynamicMaxKib: 0, actualKib, ...common };
    stuckness.update([domain], 1000 * numberAt(path, seconds));
    return differences(path, active, !stuckness.isStuck(1));
  });
}

function kibAt(entry: Plain, field: string): number {
  return numberAt(field, entry[field]);
}

function domainsOf(entry: Plain): readonly BalloonDomain[] {
  return listAt("domains", entry.domains, "domains").map((domain, index) => domainAt(`domains[${index}]`, domain));
}

function domainAt(path: string, value: unknown): BalloonDomain {
  const domain = objectAt(path, value);
  const at = (field: string): number => numberAt(`${path}.${field}`, domain[field]);
  return {
    domid: at("domid"),
    canBalloon: domain.can_balloon === true,
    dynamicMinKib: at("dynamic_min"),
    targetKib: at("target"),
    dynamicMaxKib: at("dynamic_max"),
    actualKib: at("actual"),
    inaccuracyKib: at("inaccuracy"),
  };
}

/** Pairs of domid and target in ascending domid, as the files have them. */
function pairsOf(targets: readonly { readonly domid: number; readonly targetKib: number }[]): unknown {
  return targets.map(({ domid, targetKib }) => [domid, targetKib]).toSorted(([a = 0], [b = 0]) => a - b);
}

function switchesOf(entry: Plain): TestSwitches {
  const names = entry.fist === undefined ? [] : listAt("fist", entry.fist, "test switches");
  for (const name of names) {
    if (name === "DisableInaccuracyCompensation" || name === "DisableTwoPhaseTargetSets") continue;
    throw new ShapeError("fist", "DisableInaccuracyCompensation or DisableTwoPhaseTargetSets", name);
  }
  return {
    disableInaccuracyCompensation: names.includes("DisableInaccuracyCompensation"),
    disableTwoPhaseTargetSets: names.includes("DisableTwoPhaseTargetSets"),
  };
}
