/** A plan that the laboratory shows: one case of a plan of `xen-balloon host`, with all that it needs inside it. */
import { everyGuest } from "xen-balloon/core";
import type { HostOptions } from "xen-balloon/toolstack";

/** The policies by the names that a plan gives them. */
export const POLICY_NAMES = ["qmemman", "squeezed", "xl", "keep", "fits"] as const;
export type PolicyName = (typeof POLICY_NAMES)[number];

export interface ShownPlan {
  readonly title: string;
  /** The question that it answers. */
  readonly question: string;
  readonly policy: PolicyName;
  /** All but the policy, which cannot be sent to a worker. */
  readonly host: Required<Omit<HostOptions, "policy" | "dom0">> & Pick<HostOptions, "dom0">;
}

/** The guests of a plan in the order of a host's samples. */
export function guestsOf({ host }: ShownPlan): ShownPlan["host"]["guests"] {
  return everyGuest(host);
}
