/** Frees memory for a domain that is to start (systemstate.py, do_balloon). Sizes are in bytes. */
import { sleep, type Task } from "../../policy.js";
import type { Reason } from "../../xen.js";
import { balloon } from "./balloon.js";
import { KEPT_FREE_BYTES, LEAST_BYTES_PER_S, LEAST_FREE_BYTES, LOOK_MS, PATIENCE_LOOKS } from "./constants.js";
import { neededBytes, type Target } from "./domain.js";
import { listOf } from "./rebalance.js";
import type { DomainState, SystemState } from "./system-state.js";

const LEAST_GAIN_BYTES = (LEAST_BYTES_PER_S * PATIENCE_LOOKS * LOOK_MS) / 1000;

/** Asks the domains for `bytes` of free memory. Returns null once it is there, or the reason why it will not be. */
export function* requestMemory(state: SystemState, bytes: number): Task<Reason | null> {
  state.xen.log(`do_balloon(memsize=${bytes})`);
  for (const domain of state.domains) domain.noProgress = false;
  /** Free memory at each look of the last 3 s. */
  const seenFree: number[] = [];
  let asked: readonly Target<DomainState>[] = [];
  for (let look = 0; ; look++) {
    state.refresh();
    const freeBytes = state.freeBytes();
    state.xen.log(`xenfree=${freeBytes}`);
    if (freeBytes >= bytes + LEAST_FREE_BYTES) return null;
    const slot = look % PATIENCE_LOOKS;
    if (look >= PATIENCE_LOOKS && freeBytes < (seenFree[slot] as number) + LEAST_GAIN_BYTES) return "stuck-donor";
    seenFree[slot] = freeBytes;
    markStuck(state, asked);
    const targets = balloon(bytes + KEPT_FREE_BYTES - freeBytes, state.domains);
    state.xen.log(`memset_reqs=${listOf(targets)}`);
    if (targets.length === 0) return holdsBack(state) ? "stuck-donor" : "floor";
    asked = targets.map(({ domain }) => ({ domain, bytes: domain.actualBytes }));
    for (const target of targets) state.memSet(target.domain, target.bytes);
    yield* sleep(LOOK_MS);
  }
}

/** Marks those who still have what they had when they were asked. */
function markStuck(state: SystemState, asked: readonly Target<DomainState>[]): void {
  for (const { domain, bytes } of asked) {
    if (domain.actualBytes !== bytes) continue;
    domain.noProgress = true;
    state.xen.log(`domain ${domain.domid} stuck at ${bytes}`);
  }
}

/** Tells whether a domain that is marked has a surplus. */
function holdsBack(state: SystemState): boolean {
  for (const domain of state.domains) {
    if (domain.noProgress && domain.usedBytes !== null && neededBytes(domain) < 0) return true;
  }
  return false;
}
