/** Makes the policies that a plan names. */
import { fits, keep, type Policy, qmemman, squeezed, xl } from "xen-balloon/toolstack";
import type { PolicyName } from "./plan.js";

const POLICIES: Readonly<Record<PolicyName, () => Policy>> = {
  qmemman,
  squeezed,
  xl,
  keep,
  fits,
};

/** A policy remembers what it has seen: each host has one of its own. */
export function makePolicy(name: PolicyName): Policy {
  return POLICIES[name]();
}
