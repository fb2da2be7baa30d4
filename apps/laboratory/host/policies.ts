/** Makes the policies that a plan names. */
import { Fits, Keep, type Policy, qmemman, Squeezed, Xl } from "xen-balloon/toolstack";
import type { PolicyName } from "./plan.js";

const POLICIES: Readonly<Record<PolicyName, () => Policy>> = {
  qmemman,
  squeezed: () => new Squeezed(),
  xl: () => new Xl(),
  keep: () => new Keep(),
  fits: () => new Fits(),
};

/** A policy remembers what it has seen: each host has one of its own. */
export function makePolicy(name: PolicyName): Policy {
  return POLICIES[name]();
}
