/** Shares memory among domains in proportion to their dynamic ranges. */
import { type BalloonHost, dynamicRange, minFreeable, type TestSwitches } from "./ballooning.js";

/** A domain's target, in KiB. */
export interface Target {
  readonly domid: number;
  readonly targetKib: number;
}

/**
 * Computes the target of each domain of the host, in their order: dynamic-min and the same part, gamma, of each range.
 *
 * @param hostTargetKib - memory that is to stay free
 */
export function computeTargetAdjustments(host: BalloonHost, hostTargetKib: number, switches: TestSwitches): Target[] {
  let freeableKib = host.freeKib;
  let rangeKib = 0;
  for (const domain of host.domains) {
    freeableKib += minFreeable(domain, switches);
    rangeKib += dynamicRange(domain);
  }
  const gamma = gammaOf(Math.max(0, freeableKib - hostTargetKib), rangeKib);
  return host.domains.map((domain) => ({
    domid: domain.domid,
    targetKib: domain.dynamicMinKib + Math.trunc(gamma * dynamicRange(domain)),
  }));
}

/** The part of the ranges that the surplus is enough for. Without any range it is infinite, which counts as 1. */
function gammaOf(surplusKib: number, rangeKib: number): number {
  const gamma = surplusKib / rangeKib;
  return Number.isNaN(gamma) ? 0 : Math.min(1, gamma);
}
