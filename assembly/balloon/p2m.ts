/**
 * The physical-to-machine array of a pv guest (arch/x86/xen/p2m.c), by PFN. The entry of a page is the MFN of its
 * frame, INVALID_P2M_ENTRY if it has none, or the MFN of the scratch page if it is in the balloon. An entry is stored
 * as its complement, so that memory that was never written reads as INVALID_P2M_ENTRY and takes no room.
 *
 * A batch walks each run of the array once, in the direction in which the batches move through it. Against that
 * direction, writing took 2.9 times as long on 2^24 pages.
 */

import { copyComplement, copyComplementReversed, fillEntries } from "../common/entries";
import { Extent } from "../common/extent";
import { exchangeLanes, spreadLanes, spreadLanesDown } from "../common/lanes";
import { Mfn, Pages, Pfn } from "../common/types";
import { p2mBase } from "./layout";

/** Returns the P2M entry of a page (pfn_to_mfn, arch/x86/include/asm/xen/page.h). */
export function pfnToMfn(pfn: Pfn): Mfn {
  return ~load<u32>(p2mBase + (pfn << 2));
}

/** Sets the P2M entry of a page (set_phys_to_machine, arch/x86/xen/p2m.c). */
function setPhysToMachine(pfn: Pfn, mfn: Mfn): void {
  store<u32>(p2mBase + (pfn << 2), ~mfn);
}

/** Sets the P2M entries of pages pfn, pfn + 1, … to the frames of `list`, at boot. */
export function p2mAssign(pfn: Pfn, list: usize, count: Pages): void {
  copyComplement(p2mBase + (pfn << 2), list, count);
}

/**
 * Writes the frames of the pages to `list`, in ascending order of the pages, and sets their entries to the scratch
 * page's frame: the pfn_to_mfn and set_phys_to_machine of decrease_reservation (drivers/xen/balloon.c). The pages are a
 * run or masks.
 */
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
 * Sets the entries of the pages to the frames of `list`: the set_phys_to_machine of increase_reservation
 * (drivers/xen/balloon.c). If `order` is 1, the list begins with the frame of the first page. If it is -1, the frames
 * of a run, of a list or of each mask begin with that of its last page. Masks come in the list's order either way.
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
