/**
 * The physical-to-machine array of a pv guest: PFN to MFN, INVALID_P2M_ENTRY where a page has no frame, the MFN of the
 * scratch page for a page in the balloon (arch/x86/xen/p2m.c: pfn_to_mfn, set_phys_to_machine). An entry is stored as
 * its complement, so that memory that was never written reads as INVALID_P2M_ENTRY and costs nothing.
 *
 * A batch walks a run of it once, in the direction in which the batches move: against it, writing took 2.9 times as
 * long on 2^24 pages.
 */
import { Extent } from "../common/extent";
import { p2mBase } from "./layout";

export function pfnToMfn(pfn: u32): u32 {
  return ~load<u32>(p2mBase + (pfn << 2));
}

function setPhysToMachine(pfn: u32, mfn: u32): void {
  store<u32>(p2mBase + (pfn << 2), ~mfn);
}

/** Boot: pages pfn, pfn + 1, … are on the frames of `list`. */
export function p2mAssign(pfn: u32, list: usize, count: u32): void {
  p2mSetUp(pfn, list, count);
}

/** pfn_to_mfn of each page into `list`, ascending; then each entry names the scratch page's frame. */
export function p2mBalloonOut(pages: Extent, list: usize, scratchMfn: u32): void {
  if (pages.mask != 0) {
    for (let mask = pages.mask; mask != 0; mask &= mask - 1, list += 4) {
      const pfn = pages.start + <u32>ctz(mask);
      store<u32>(list, pfnToMfn(pfn));
      setPhysToMachine(pfn, scratchMfn);
    }
    return;
  }
  const scratch = i32x4.splat(~scratchMfn);
  let at = p2mBase + (pages.start << 2);
  let n = pages.count;
  for (; n >= 4; n -= 4, at += 16, list += 16) {
    v128.store(list, v128.not(v128.load(at)));
    v128.store(at, scratch);
  }
  for (; n > 0; n--, at += 4, list += 4) {
    store<u32>(list, ~load<u32>(at));
    store<u32>(at, ~scratchMfn);
  }
}

/** set_phys_to_machine of each page with the frames of `list`, which are in ascending (1) or descending (-1) order. */
export function p2mPopulate(pages: Extent, list: usize, order: i32): void {
  if (pages.mask == 0) {
    if (order > 0) p2mSetUp(pages.start, list, pages.count);
    else p2mSetDown(pages.start + pages.count, list, pages.count);
  } else if (order > 0) {
    for (let mask = pages.mask; mask != 0; mask &= mask - 1, list += 4) {
      setPhysToMachine(pages.start + <u32>ctz(mask), load<u32>(list));
    }
  } else {
    for (let mask = pages.mask; mask != 0; list += 4) {
      const bit = 63 - <u32>clz(mask);
      setPhysToMachine(pages.start + bit, load<u32>(list));
      mask ^= (<u64>1) << bit;
    }
  }
}

function p2mSetUp(pfn: u32, list: usize, count: u32): void {
  let at = p2mBase + (pfn << 2);
  let n = count;
  for (; n >= 4; n -= 4, at += 16, list += 16) v128.store(at, v128.not(v128.load(list)));
  for (; n > 0; n--, at += 4, list += 4) store<u32>(at, ~load<u32>(list));
}

/** The frames of `list` are those of pages end - 1, end - 2, … */
function p2mSetDown(end: u32, list: usize, count: u32): void {
  let at = p2mBase + (end << 2);
  let n = count;
  for (; n >= 4; n -= 4, list += 16) {
    at -= 16;
    const four = v128.load(list);
    v128.store(at, v128.not(v128.shuffle<i32>(four, four, 3, 2, 1, 0)));
  }
  for (; n > 0; n--, list += 4) {
    at -= 4;
    store<u32>(at, ~load<u32>(list));
  }
}
