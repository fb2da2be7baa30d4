/** Machine to physical: which PFN of a pv domain a frame holds; INVALID_ENTRY for every other frame. */
import { spreadLanes } from "../common/lanes";
import { copyComplement } from "../common/words";
import { m2pBase } from "./layout";

export function m2pGet(mfn: u32): u32 {
  return ~load<u32>(m2pBase + (mfn << 2));
}

export function m2pSet(mfn: u32, pfn: u32): void {
  store<u32>(m2pBase + (mfn << 2), ~pfn);
}

export function m2pClear(mfn: u32): void {
  store<u32>(m2pBase + (mfn << 2), 0);
}

export function m2pClearRun(mfn: u32, count: u32): void {
  memory.fill(m2pBase + (mfn << 2), 0, count << 2);
}

/** Frames start + b, for the bits b of mask, hold the PFNs of `list`; start is a multiple of 64. */
export function m2pSetMask(start: u32, mask: u64, list: usize): void {
  spreadLanes(m2pBase + (start << 2), mask, list);
}

/** Frames mfn, mfn + 1, … hold the PFNs of `list`. */
export function m2pSetRun(mfn: u32, list: usize, count: u32): void {
  copyComplement(m2pBase + (mfn << 2), list, count);
}
