/** Shrinks domains to sizes that somebody asks for (systemstate.py, do_balloon_dom). Sizes are in bytes. */
import { sleep, type Task } from "../../policy.js";
import { LEAST_BYTES_PER_S, LOOK_MS, PATIENCE_LOOKS } from "./constants.js";
import { preferredBytes } from "./domain.js";
import type { DomainState, SystemState } from "./system-state.js";

/** A size that is wished for a domain; 0: the memory that it prefers to have. */
export interface Wish {
  readonly domid: number;
  readonly bytes: number;
}

/** A wish on its way. */
interface Pending {
  readonly domain: DomainState;
  readonly toPreference: boolean;
  bytes: number;
  done: boolean;
  /** The memory of the domain at each look. */
  readonly seen: number[];
}

/** Near enough: the daemon rounds the ratio to 2 digits and accepts 1.1. */
const DONE_RATIO = 1.105;

/** A preference is computed anew after so many looks. */
const PREFERENCE_LOOKS = 10;

/** Looks back for the speed of the last second. */
const LAST_SECOND_LOOKS = 9;

/**
 * Shrinks domains. A wish to grow is met at once, unwritten. Returns true once all wishes are met, false for no wish, or
 * when a domain gives too slowly.
 *
 * @throws RangeError - a domain is not known
 */
export function* setMemory(state: SystemState, wishes: readonly Wish[]): Task<boolean> {
  if (wishes.length === 0) return false;
  const asked = wishes.map((wish) => begin(state, wish));
  for (let look = 0; ; look++) {
    state.refresh();
    for (const pending of asked) {
      if (pending.done) continue;
      const { domain } = pending;
      if (pending.toPreference && look > 0 && look % PREFERENCE_LOOKS === 0) pending.bytes = preferredBytes(domain);
      pending.done = domain.actualBytes / pending.bytes <= DONE_RATIO;
      pending.seen.push(domain.actualBytes);
    }
    const open = asked.filter(({ done }) => !done);
    if (open.length === 0) return true;
    if (look >= PATIENCE_LOOKS && open.some(({ seen }) => isSlow(state, seen, look))) return false;
    for (const { domain, bytes } of open) state.memSet(domain, bytes);
    yield* sleep(LOOK_MS);
  }
}

function begin(state: SystemState, { domid, bytes }: Wish): Pending {
  const domain = state.find(domid);
  if (domain === undefined) throw new RangeError(`domid: expected a domain of the host, got ${domid}`);
  domain.noProgress = false;
  const toPreference = bytes === 0;
  // the preference of a domain that never reported is not known: it keeps what it has
  const done = toPreference && domain.usedBytes === null;
  return { domain, toPreference, bytes: toPreference && !done ? preferredBytes(domain) : bytes, done, seen: [] };
}

/** Tells whether a domain gave too little in the last second. */
function isSlow(state: SystemState, seen: readonly number[], look: number): boolean {
  const gained = (seen[look - LAST_SECOND_LOOKS] as number) - (seen[look] as number);
  if (gained >= LEAST_BYTES_PER_S) return false;
  state.xen.log(`slow transfer speed of ${Math.trunc(gained / 1024 ** 2)}MiB/s on the last second`);
  return true;
}
