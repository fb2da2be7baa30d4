/** Why a domain that lacks memory gets no more from a balance: for the host's report, it decides nothing. */
import type { Reason } from "../../xen.js";
import type { Sums } from "./balance.js";
import { neededBytes, preferredBytes, type Target, wishedBytes } from "./domain.js";
import type { DomainState, SystemState } from "./system-state.js";

/** A share lower than this part of a preference is a share of too little: rounding alone costs less. */
const WHOLE = 0.998;

/** Tells the host the reason for each domain: `reported` for those that get what they prefer. */
export function explainBalance(
  state: SystemState,
  sums: Sums<DomainState>,
  targets: readonly Target<DomainState>[],
  significant: boolean,
  freeBytes: number,
): void {
  const planned = new Map<DomainState, number>();
  for (const { domain, bytes } of targets) planned.set(domain, bytes);
  const nothing = sums.availableBytes > 0 ? null : reasonOfNothing(state, sums, targets, significant, freeBytes);
  for (const domain of state.domains) {
    state.explain(domain, reasonOf(domain, planned.get(domain), significant, nothing));
  }
}

/** Tells the host that the donors gave too little for `taker`, and for those that come after it. */
export function explainStop(
  state: SystemState,
  targets: readonly Target<DomainState>[],
  taker: DomainState,
  stuck: boolean,
): void {
  const first = targets.findIndex(({ domain }) => domain === taker);
  for (const { domain } of targets.slice(first)) {
    const lacks = Math.max(domain.currentBytes, domain.lastTargetBytes) < preferredBytes(domain);
    if (lacks) state.explain(domain, stuck ? "stuck-donor" : "next-turn");
  }
}

/** @param nothing - the reason for those who get nothing; null where memory is not low */
function reasonOf(
  domain: DomainState,
  planned: number | undefined,
  significant: boolean,
  nothing: Reason | null,
): Reason | null {
  if (domain.usedBytes === null) return "not-reporting";
  const { actualBytes, maxBytes } = domain;
  const wished = wishedBytes(domain);
  if (wished <= actualBytes) return "reported";
  if (actualBytes >= maxBytes) return "maxmem";
  if (planned === undefined || planned <= actualBytes) return nothing;
  if (!significant) return "rest-zone";
  if (planned >= maxBytes) return wished > maxBytes ? "maxmem" : "reported";
  return planned < preferredBytes(domain) * WHOLE ? "share" : "reported";
}

/** The reason for those who get nothing where memory is low. */
function reasonOfNothing(
  state: SystemState,
  { acceptors, acceptorsPreferredBytes }: Sums<DomainState>,
  targets: readonly Target<DomainState>[],
  significant: boolean,
  freeBytes: number,
): Reason {
  if (targets.some(({ domain }) => neededBytes(domain) < 0)) return significant ? "next-turn" : "rest-zone";
  for (const domain of state.domains) {
    if (domain.noProgress && domain.usedBytes !== null && neededBytes(domain) < 0) return "stuck-donor";
  }
  let lacked = acceptorsPreferredBytes;
  for (const { actualBytes } of acceptors) lacked -= actualBytes;
  return freeBytes >= lacked ? "rest-zone" : "floor";
}
