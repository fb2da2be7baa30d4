/** The memory with which a guest of a host boots. */
import type { GuestConfig } from "../host/backend.js";
import { completeGuestConfig } from "../host/config.js";
import type { Pages } from "../host/units.js";
import type { HostGuest } from "./options.js";

/** A page in KiB. */
export const PAGE_KIB = 4;

/**
 * The guest as it boots. A pv guest has its memory backed, and the rest of its greatest size is an extra region, which starts
 * in the balloon. Any other guest has all of its greatest size backed: see populatedOnDemand.
 */
export function configOf(options: HostGuest, memoryKib: number): GuestConfig {
  const { type, boot } = options;
  const domain = type === "pv" ? "pv" : "hvm";
  // in a guest without a driver that listens any driver does nothing
  const driver = options.balloons === false ? "2013" : options.driver;
  if (boot !== undefined) return completeGuestConfig({ ...boot, driver, domain });
  const maxPfn = ramPages(options, options.maximumKib);
  const pages = domain === "pv" ? ramPages(options, memoryKib) : maxPfn;
  const extraRegions = pages < maxPfn ? [{ start: pages, pages: maxPfn - pages }] : [];
  return completeGuestConfig({ driver, domain, maxPfn, extraRegions });
}

/**
 * Pages that a guest believes to have at its boot, and that Xen populates on demand (PoD): a guest that is no pv guest sees
 * all of its greatest size, and its driver gives back at once what is not its memory. Xen has no frames for them.
 */
export function populatedOnDemand(options: HostGuest, memoryKib: number): Pages {
  if (options.type === "pv" || options.boot !== undefined) return 0;
  return ramPages(options, options.maximumKib) - ramPages(options, memoryKib);
}

/** The pages of a size without its video memory. */
function ramPages({ videoramKib = 0 }: HostGuest, kib: number): number {
  return Math.floor((kib - videoramKib) / PAGE_KIB);
}
