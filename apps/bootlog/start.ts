/** Computes the stats that the driver starts with (balloon_init). */
import { countPages, pagesFrom, type Region } from "xen-balloon/core";
import type { Kernel } from "./kernel.js";
import type { Sourced } from "./sourced.js";

/** The stats that the driver would start with, in pages. An undefined stat depends on a missing figure. */
export interface DriverStart {
  readonly currentPages: number | undefined;
  readonly balloonLowPages: number | undefined;
  readonly balloonHighPages: number | undefined;
}

export function driverStart(layout: {
  readonly kernel: Kernel;
  readonly nrPages: Sourced | undefined;
  readonly released: Sourced | undefined;
  readonly maxPfn: Sourced | undefined;
  readonly extraRegions: readonly Region[] | undefined;
  readonly highmemStart: Sourced | undefined;
}): DriverStart {
  const { kernel, nrPages, released, maxPfn, extraRegions, highmemStart } = layout;
  const below = (pfn: number | undefined): number | undefined =>
    pfn === undefined || extraRegions === undefined || maxPfn === undefined
      ? undefined
      : countPages(extraRegions) - countPages(pagesFrom(extraRegions, Math.min(pfn, maxPfn.value)));
  const [all, low] = [below(maxPfn?.value), below(highmemStart?.value)];
  return {
    currentPages: kernel.domain.value === "hvm" ? maxPfn?.value : currentPages(nrPages, released, maxPfn),
    // Without extra pages none is high, wherever high memory begins.
    balloonLowPages: all === 0 ? 0 : low,
    balloonHighPages: all === 0 ? 0 : all === undefined || low === undefined ? undefined : all - low,
  };
}

function currentPages(nrPages?: Sourced, released?: Sourced, maxPfn?: Sourced): number | undefined {
  if (nrPages === undefined || released === undefined || maxPfn === undefined) return undefined;
  const held = nrPages.value - released.value;
  // The driver's min() is unsigned: below zero is more than maxPfn.
  return held < 0 ? maxPfn.value : Math.min(held, maxPfn.value);
}
