/** Completes and checks the configuration of a guest and its machine. Every way in shares this code. */

import { backedPages } from "./memory-map.js";
import { ConfigError, complete } from "./options/complete.js";
import { GUEST_OPTIONS } from "./options/guest-options.js";
import { MAX_HOST_PAGES } from "./options/limits.js";
import type { GuestConfig, GuestOptions, WorldOptions } from "./options/types.js";
import { WORLD_OPTIONS } from "./options/world-options.js";

export { ConfigError } from "./options/complete.js";
export { MAX_HOST_PAGES } from "./options/limits.js";
export type { GuestOptions, WorldOptions } from "./options/types.js";

/** The configuration of one guest and its machine, completed and checked. */
export interface WorldConfig {
  readonly guest: GuestConfig;
  /** The number of machine frames: MFNs run from 0 to below this. */
  readonly hostPages: number;
  /** The first frame that can be free: frames below this are never free. */
  readonly mfnBase: number;
}

/**
 * Fills in the defaults of a guest and checks it.
 *
 * @throws ConfigError (a RangeError) - a number out of range, overlapping regions, pfnLimit below maxPfn
 * @throws TypeError - a value of another type, or no maxPfn
 */
export function completeGuestConfig(options: GuestOptions): GuestConfig {
  return complete<GuestConfig>(GUEST_OPTIONS, options);
}

/**
 * Fills in the defaults of a guest and its machine, and checks both. The machine must have a frame for every backed
 * page. A guest without maxPfn has no memory.
 *
 * @throws ConfigError (a RangeError) - an error of completeGuestConfig, or too few frames
 * @throws TypeError - a value of another type
 */
export function completeWorldConfig(options: WorldOptions): WorldConfig {
  const { hostPages, mfnBase, ...guest } = complete<WorldOptions>(WORLD_OPTIONS, options);
  if (hostPages > MAX_HOST_PAGES) {
    throw new ConfigError("mfnBase", `expected at most ${MAX_HOST_PAGES - guest.pfnLimit} frames, got ${mfnBase}`);
  }
  const freeFrames = Math.max(0, hostPages - mfnBase);
  const backed = backedPages(guest);
  if (backed > freeFrames) {
    throw new ConfigError(
      "hostPages",
      `expected a frame for each of ${backed} backed pages, got ${freeFrames} frames from MFN ${mfnBase} to ${hostPages}`,
    );
  }
  return { guest: Object.freeze(guest), hostPages, mfnBase };
}
