/** Completes and checks the configuration of a guest and its machine. Every way in shares this code. */

import { ArgumentRangeError } from "./argument-error.js";
import { backedPages } from "./memory-map.js";
import { complete } from "./options/complete.js";
import { GUEST_OPTIONS } from "./options/guest-options.js";
import { MAX_HOST_PAGES } from "./options/limits.js";
import type { GuestConfig, GuestOptions, WorldOptions } from "./options/types.js";
import { WORLD_OPTIONS } from "./options/world-options.js";
import type { Mfn, Pages } from "./units.js";

export { MAX_HOST_PAGES } from "./options/limits.js";
export type { GuestOptions, WorldOptions } from "./options/types.js";

/** The configuration of one guest and its machine, completed and checked. */
export interface WorldConfig {
  readonly guest: GuestConfig;
  /** The number of machine frames: MFNs run from 0 to below this. */
  readonly hostPages: Pages;
  /** The first frame that can be free: frames below this are never free. */
  readonly mfnBase: Mfn;
}

/**
 * Fills in the defaults of a guest and checks it.
 *
 * @throws ArgumentRangeError - a number out of range, overlapping regions, pfnLimit below maxPfn
 * @throws ArgumentTypeError - a value of another type, or no maxPfn
 */
export function completeGuestConfig(options: GuestOptions): GuestConfig {
  return complete<GuestConfig>(GUEST_OPTIONS, options);
}

/**
 * Fills in the defaults of a guest and its machine, and checks both. The machine must have a frame for every backed
 * page. A guest without maxPfn has no memory.
 *
 * @throws ArgumentRangeError - an error of completeGuestConfig, or too few frames
 * @throws ArgumentTypeError - a value of another type
 */
export function completeWorldConfig(options: WorldOptions): WorldConfig {
  const { hostPages, mfnBase, ...guest } = complete<WorldOptions>(WORLD_OPTIONS, options);
  if (hostPages > MAX_HOST_PAGES) {
    throw new ArgumentRangeError("mfnBase", `at most ${MAX_HOST_PAGES - guest.pfnLimit} frames`, String(mfnBase));
  }
  const freeFrames = Math.max(0, hostPages - mfnBase);
  const backed = backedPages(guest);
  if (backed > freeFrames) {
    throw new ArgumentRangeError(
      "hostPages",
      `a frame for each of ${backed} backed pages`,
      `${freeFrames} frames from MFN ${mfnBase} to ${hostPages}`,
    );
  }
  return { guest: Object.freeze(guest), hostPages, mfnBase };
}
