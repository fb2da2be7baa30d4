/** One balance: what follows each report and each change of the list of domains (systemstate.py, do_balance). */
import { sleep, type Task } from "../../policy.js";
import { balance, sumUp } from "./balance.js";
import { KEPT_FREE_BYTES, LOOK_MS, MIB } from "./constants.js";
import { preferredBytes, type Target } from "./domain.js";
import { explainBalance, explainStop } from "./reasons.js";
import type { DomainState, SystemState } from "./system-state.js";

/** Less is not moved, all in all (MIN_TOTAL_MEMORY_TRANSFER). */
const LEAST_MOVED_BYTES = 150 * MIB;

/** A domain below its preference gets more than this whatever all together is (MIN_MEM_CHANGE_WHEN_UNDER_PREF). */
const LEAST_CHANGE_BYTES = 15 * MIB;

/** Free memory that must stay before a domain is told to take: the rest is a margin for rounding. */
const STAYS_FREE_BYTES = 0.9 * KEPT_FREE_BYTES;

/** Looks for memory that donors give back, before a domain gets less than planned. */
const LOOKS = 5;

/** A donor nearer to its target has reacted. */
const REACTED_BYTES = KEPT_FREE_BYTES / 4;

/** Balances the memory of all domains. */
export function* rebalance(state: SystemState): Task {
  state.refresh();
  state.clearOutdatedMarks();
  const freeBytes = state.freeBytes();
  const sums = sumUp(freeBytes - KEPT_FREE_BYTES, state.domains);
  const targets = balance(freeBytes - KEPT_FREE_BYTES, state.domains, sums);
  const significant = isSignificant(state, targets, freeBytes);
  explainBalance(state, sums, targets, significant, freeBytes);
  if (!significant) return;

  if (state.xen.logs) logStats(state, freeBytes, targets);
  /** The memory of each domain before the first wait. */
  let before: ReadonlyMap<DomainState, number> | undefined;
  for (const { domain, bytes } of targets) {
    let looks = 0;
    while (state.freeBytes() - (bytes - domain.actualBytes) < STAYS_FREE_BYTES) {
      before ??= actualOfAll(state);
      yield* sleep(LOOK_MS);
      state.refresh();
      looks++;
      // after the last wait nothing is tested again, though the memory may have come
      if (looks < LOOKS) continue;
      const stuck = markDonors(state, targets, domain, before);
      state.memSet(domain, state.freeBytes() + domain.actualBytes - KEPT_FREE_BYTES);
      explainStop(state, targets, domain, stuck);
      return;
    }
    state.memSet(domain, bytes);
  }
}

/** Tells whether the targets are worth writing: small adjustments are left alone. */
function isSignificant(state: SystemState, targets: readonly Target<DomainState>[], freeBytes: number): boolean {
  if (KEPT_FREE_BYTES - freeBytes > LEAST_CHANGE_BYTES) return true;
  let moved = Math.abs(freeBytes - KEPT_FREE_BYTES);
  for (const { domain, bytes } of targets) {
    const { lastTargetBytes } = domain;
    const change = bytes - lastTargetBytes;
    moved += Math.abs(change);
    if (change > LEAST_CHANGE_BYTES && lastTargetBytes > 0 && lastTargetBytes < preferredBytes(domain)) {
      state.xen.log(`dom ${domain.domid} is below pref, allowing balance`);
      return true;
    }
  }
  return moved > LEAST_MOVED_BYTES;
}

function actualOfAll(state: SystemState): ReadonlyMap<DomainState, number> {
  const actual = new Map<DomainState, number>();
  for (const domain of state.domains) actual.set(domain, domain.actualBytes);
  return actual;
}

/** Marks those who were told to give before `taker`, and have not. Returns true if it marked any. */
function markDonors(
  state: SystemState,
  targets: readonly Target<DomainState>[],
  taker: DomainState,
  before: ReadonlyMap<DomainState, number>,
): boolean {
  let marked = false;
  for (const { domain, bytes } of targets) {
    if (domain === taker) break;
    const { domid, actualBytes } = domain;
    if (actualBytes <= domain.lastTargetBytes + REACTED_BYTES) continue;
    marked = true;
    if (before.get(domain) === actualBytes) {
      domain.noProgress = true;
      state.xen.log(
        `dom '${domid}' did not react to memory request (holds ${actualBytes}, requested balloon down to ${bytes})`,
      );
    } else {
      domain.slow = true;
      state.xen.log(`dom '${domid}' still holds more memory than assigned (${actualBytes} > ${bytes})`);
    }
  }
  return marked;
}

/** Writes the figures of a balance to the log (print_stats). */
function logStats(state: SystemState, freeBytes: number, targets: readonly Target<DomainState>[]): void {
  for (const domain of state.domains) {
    if (domain.usedBytes === null) continue;
    const marks = `${domain.noProgress ? " no_progress" : ""}${domain.slow ? " slow_memset_react" : ""}`;
    state.xen.log(
      `stat: dom '${domain.domid}' act=${domain.actualBytes} pref=${preferredBytes(domain)} ` +
        `last_target=${domain.lastTargetBytes}${marks}`,
    );
  }
  state.xen.log(`stat: xenfree=${freeBytes} memset_reqs=${listOf(targets)}`);
}

/** Writes targets as Python does. */
export function listOf(targets: readonly Target<DomainState>[]): string {
  return `[${targets.map(({ domain, bytes }) => `('${domain.domid}', ${bytes})`).join(", ")}]`;
}
