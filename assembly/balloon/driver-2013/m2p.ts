/** The frames of a guest some of whose P2M entries name a scratch page's frame: only the scratch page is on it. */
import { Cpu, Mfn, Pages } from "../../common/types";
import { WINDOW } from "../layout";
import { nextFrames, readM2p as readM2pOfP2m } from "../m2p";
import { pfnToMfn } from "../p2m";
import { ownsFrame, scratchEnd, scratchPageOf } from "./scratch";

/**
 * Sets those of the M2P entries in the window to their PFNs that belong to frames of this guest. The window has the
 * entries of `count` frames from `mfn` on.
 */
export function readM2p(mfn: Mfn, count: Pages): void {
  readM2pOfP2m(mfn, count);
  // pages in the balloon name these frames, too
  for (let cpu: Cpu = 0; cpu < scratchEnd; cpu++) {
    const page = scratchPageOf(cpu);
    if (page >= 0 && pfnToMfn(page) - mfn < count) store<u32>(WINDOW + ((pfnToMfn(page) - mfn) << 2), page);
  }
}

/** Writes the next frames of the walk that framesRewind began to the window, as runs; returns how many runs. */
export function framesNext(): u32 {
  return nextFrames(ownsFrame);
}
