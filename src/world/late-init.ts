/**
 * The modern driver's late initcall (balloon_wait_finish): a guest that is to come down at boot waits here, and panics
 * where it does not.
 */
import type { BpState, GuestConfig } from "../host/backend.js";

/** The part of a guest that the initcall needs. */
export interface LateGuest {
  readonly config: GuestConfig;
  readonly creditPages: number;
  readonly threadState: BpState | null;
  log(line: string): void;
  panic(condition: string): never;
}

/** How long it sleeps between two looks at the credit, in ms. */
const SLEEP_MS = 100;

/** The longest that it waits, in ms: a day. */
const LONGEST_MS = 86_400_000;

/**
 * Runs the late initcall. Whoever drives it lets time pass at each pause.
 *
 * @param nowMs - tells the time in ms.
 * @returns the ms of each sleep.
 * @throws BalloonBug - the guest has panicked.
 */
export function* lateInit(guest: LateGuest, nowMs: () => number): Generator<number> {
  const { domain, bootTimeoutSeconds = 0 } = guest.config;
  if (domain === "pv" || guest.creditPages === 0) return;
  guest.log("xen:balloon: Waiting for initial ballooning down having finished.");
  const begun = nowMs();
  let lastCredit = 0;
  let lastChange = begun;
  let told = false;
  for (let credit = guest.creditPages; credit < 0; credit = guest.creditPages) {
    const now = nowMs();
    if (credit !== lastCredit) {
      lastCredit = credit;
      lastChange = now;
    }
    if (guest.threadState === "ecanceled") {
      if (!told) guest.log(`xen:balloon: Initial ballooning failed, ${-credit} pages need to be freed.`);
      told = true;
      if (now - lastChange >= bootTimeoutSeconds * 1000) guest.panic("Initial ballooning failed!");
    }
    if (now - begun >= LONGEST_MS) guest.panic("Initial ballooning has not finished within a day");
    yield SLEEP_MS;
  }
  guest.log("xen:balloon: Initial ballooning down finished.");
}
