/**
 * The physical-to-machine array of a pv guest: PFN to MFN, INVALID_P2M_ENTRY where a page has no frame, the MFN of the
 * scratch page for a page in the balloon (arch/x86/xen/p2m.c: pfn_to_mfn, set_phys_to_machine). An entry is stored as
 * its complement, so that memory that was never written reads as INVALID_P2M_ENTRY and costs nothing.
 *
 * A batch walks a run of it once, in the direction in which the batches move: against it, writing took 2.9 times as
 * long on 2^24 pages.
 */

import { copyComplement, copyComplementReversed, fillEntries } from "../common/entries";
import { Extent } from "../common/extent";
import { exchangeLanes, spreadLanes, spreadLanesDown } from "../common/lanes";
import { Mfn, Pages, Pfn } from "../common/types";
import { p2mBase } from "./layout";

export function pfnToMfn(pfn: Pfn): Mfn {
  return ~load<u32>(p2mBase + (pfn << 2));
}

function setPhysToMachine(pfn: Pfn, mfn: Mfn): void {
  store<u32>(p2mBase + (pfn << 2), ~mfn);
}

/** Boot: pages pfn, pfn + 1, … are on the frames of `list`. */
export function p2mAssign(pfn: Pfn, list: usize, count: Pages): void {
  copyComplement(p2mBase + (pfn << 2), list, count);
}

/** pfn_to_mfn of each page into `list`, ascending; then each entry names the scratch page's frame. */
export function p2mBalloonOut(pages: Extent, list: usize, scratchMfn: Mfn): void {
  if (pages.masks == 0) {
    const at = p2mBase + (pages.start << 2);
    copyComplement(list, at, pages.count);
    fillEntries(at, ~scratchMfn, pages.count);
  }
  for (let i: u32 = 0; i < pages.masks; i++) {
    list = exchangeLanes(p2mBase + (pages.startOf(i) << 2), pages.maskOf(i), list, ~scratchMfn);
  }
}

/**
 * set_phys_to_machine of each page with the frames of `list`, which are in the order of the pages (1) or start with the
 * last of them (-1); the words of an extent come in the list's order.
 */
export function p2mPopulate(pages: Extent, list: usize, order: i32): void {
  if (pages.list != 0) {
    let page = order > 0 ? pages.list : pages.list + ((pages.count - 1) << 2);
    const step = order << 2;
    for (const end = list + (pages.count << 2); list < end; list += 4, page += step) {
      setPhysToMachine(load<u32>(page), load<u32>(list));
    }
  } else if (pages.masks == 0) {
    if (order > 0) copyComplement(p2mBase + (pages.start << 2), list, pages.count);
    else copyComplementReversed(p2mBase + ((pages.start + pages.count) << 2), list, pages.count);
  } else {
    for (let i: u32 = 0; i < pages.masks; i++) {
      const at = p2mBase + (pages.startOf(i) << 2);
      if (order > 0) list = spreadLanes(at, pages.maskOf(i), list);
      else list = spreadLanesDown(at, pages.maskOf(i), list);
    }
  }
}
