/**
 * Moves the pages of small guests before anything is timed, until the runtime has compiled the code well. A runtime
 * compiles code quickly first and optimizes it later, and the code serves every guest of the same modules.
 */
import { completeWorldConfig, type GuestConfig, type GuestObserver, type MachineFactory } from "xen-balloon/core";
import { Stand } from "./stand.js";
import { WORKLOADS } from "./workloads.js";

/** Together they take every path of the driver that moves pages, but for `scrub`, which clears by one instruction. */
const REHEARSED = ["bulk", "rand", "anywhere", "shuffled", "scattered"] as const;
const GUEST_PAGES = 2 ** 14;
/** V8 is done after 12, JavaScriptCore after 40. */
const MS_A_WORKLOAD = 40;
const SEED = 1;

/** The options of the guest that is timed, which choose the paths to compile. */
type Rehearsed = Pick<GuestConfig, "driver" | "domain" | "batches">;

/**
 * The guests are gone afterwards: those that are timed have memory of their own.
 *
 * @param observers - the observers beside which the guest is timed.
 */
export function rehearse(
  makeMachine: MachineFactory,
  { driver, domain, batches }: Rehearsed,
  observers: readonly GuestObserver[] = [],
): void {
  for (const name of REHEARSED) {
    const { options, make } = WORKLOADS[name];
    const config = completeWorldConfig({ driver, domain, batches, maxPfn: GUEST_PAGES, ...options?.(SEED) });
    const stand = new Stand(config, makeMachine, observers);
    const moves = make(config.guest, SEED);
    moves.prepare?.(stand);
    for (const until = performance.now() + MS_A_WORKLOAD; performance.now() < until; ) {
      moves.out(stand);
      moves.turn?.(stand);
      moves.in(stand);
    }
  }
}
