/** The frames of a guest whose P2M names nothing but its pages' own frames. */
import { Mfn, Pfn } from "../../common/types";
import { nextFrames } from "../m2p";

/** Writes the next frames of the walk that framesRewind began to the window, as runs; returns how many runs. */
export function framesNext(): u32 {
  return nextFrames((_pfn: Pfn, _mfn: Mfn): bool => true);
}
