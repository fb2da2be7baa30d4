/** The reasons for which domains get no more memory from squeezed. */
import type { Reason } from "../../xen.js";
import { type BalloonDomain, type BalloonHost, isOnTarget } from "./ballooning.js";
import type { Stuckness } from "./stuckness.js";
import type { XenLayer } from "./xen-layer.js";

/**
 * Tells each domain's reason.
 *
 * @param stuckness - of the call that ends; null if a single look changed nothing: who is off target then has no news to
 * wait for
 */
export function explain(layer: XenLayer, host: BalloonHost, stuckness: Stuckness | null): void {
  const isStuck = (domain: BalloonDomain): boolean =>
    domain.canBalloon && (stuckness === null ? !isOnTarget(domain) : stuckness.isStuck(domain.domid));
  const stuckDonors = host.domains.filter((domain) => domain.actualKib > domain.targetKib && isStuck(domain));
  for (const domain of host.domains) {
    const isClipped = stuckness !== null && domain.actualKib < domain.targetKib && isStuck(domain);
    // a domain that is itself to give waits for nobody
    const waitsForDonor = stuckDonors.length > 0 && !stuckDonors.includes(domain);
    layer.explain(domain.domid, reasonOf(domain, isClipped, waitsForDonor));
  }
}

/**
 * @param isClipped - true for a stuck domain that should grow: its maxmem is down to what it has
 * @param waitsForDonor - true where another domain did not give what it was told to
 */
function reasonOf(domain: BalloonDomain, isClipped: boolean, waitsForDonor: boolean): Reason {
  if (!domain.canBalloon) return "not-reporting";
  if (isClipped || domain.targetKib >= domain.dynamicMaxKib) return "maxmem";
  if (waitsForDonor) return "stuck-donor";
  // where the part of the ranges is 0, every domain is at its minimum
  if (domain.targetKib <= domain.dynamicMinKib) return "floor";
  return "demand-unseen";
}
