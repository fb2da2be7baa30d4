/**
 * Before a time is taken: small guests move their pages, untimed, until the runtime has compiled well what moves them.
 * A runtime compiles code quickly first and well later, and what it compiled serves every guest of the same modules.
 */
import { completeWorldConfig, type MachineFactory } from "xen-balloon/core";
import { Stand } from "./stand.js";
import { WORKLOADS } from "./workloads.js";

/** Between them they take every path of the driver that moves pages; `scrub` needs contents, and clears by one instruction. */
const REHEARSED = ["bulk", "rand", "anywhere", "shuffled", "scattered"] as const;
const GUEST_PAGES = 2 ** 14;
const MS_A_WORKLOAD = 12;
const SEED = 1;

/** Takes 60 to 80 ms. The guests are gone afterwards: those that are timed have memory of their own. */
export function rehearse(makeMachine: MachineFactory, domain: "pv" | "hvm"): void {
  for (const name of REHEARSED) {
    const { options, make } = WORKLOADS[name];
    const config = completeWorldConfig({ domain, maxPfn: GUEST_PAGES, ...options?.(SEED) });
    const stand = new Stand(config, makeMachine, null);
    const moves = make(config.guest, SEED);
    moves.prepare?.(stand);
    for (const until = performance.now() + MS_A_WORKLOAD; performance.now() < until; ) {
      moves.out(stand);
      moves.turn?.(stand);
      moves.in(stand);
    }
  }
}
