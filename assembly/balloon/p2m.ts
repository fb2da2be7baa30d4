/**
 * The physical-to-machine array of a pv guest (arch/x86/xen/p2m.c), by PFN. The entry of a page is the MFN of its
 * frame, INVALID_P2M_ENTRY if it has none, or the MFN of the scratch page if it is in the balloon.
 *
 * A run of frames is set with a step of 1 or -1, and a run of pages that have no frame of their own with 0: a constant
 * piece of the table (piece-table.ts) names no page's own frame.
 */

import { Extent } from "../common/extent";
import { exchangeLanes, spreadLanes, spreadLanesDown } from "../common/lanes";
import { BLOCK_SHIFT } from "../common/piece-table";
import { Mfn, Pfn } from "../common/types";
import { p2m } from "./layout";

export const INVALID_P2M_ENTRY: u32 = 0xffff_ffff;

/** Returns the P2M entry of a page (pfn_to_mfn, arch/x86/include/asm/xen/page.h). */
export function pfnToMfn(pfn: Pfn): Mfn {
  return p2m.get(pfn);
}

/**
 * Writes the frames of the pages to `list`, in ascending order of the pages, and sets their entries to the scratch
 * page's frame: the pfn_to_mfn and set_phys_to_machine of decrease_reservation (drivers/xen/balloon.c). The pages are a
 * run or masks.
 */
export function p2mBalloonOut(pages: Extent, list: usize, scratchMfn: Mfn): void {
  if (pages.masks == 0) {
    p2m.read(pages.start, pages.count, list);
    p2m.setRun(pages.start, pages.count, scratchMfn, 0);
  }
  writeOutMasks(pages);
  for (let i: u32 = 0; i < pages.masks; i++) {
    list = exchangeLanes(p2m.at(pages.startOf(i)), pages.maskOf(i), list, ~scratchMfn);
  }
}

/** Writes the blocks of the masks of an extent out; masks that follow each other are often in one block. */
function writeOutMasks(pages: Extent): void {
  let block = u32.MAX_VALUE;
  for (let i: u32 = 0; i < pages.masks; i++) {
    const start = pages.startOf(i);
    if (start >>> BLOCK_SHIFT == block) continue;
    block = start >>> BLOCK_SHIFT;
    p2m.writeOut(start);
  }
}

/**
 * Sets the entries of the pages to the frames of `list`: the set_phys_to_machine of increase_reservation
 * (drivers/xen/balloon.c). If `order` is 1, the list begins with the frame of the first page. If it is -1, the frames
 * of a run, of a list or of each mask begin with that of its last page. Masks come in the list's order either way.
 */
export function p2mPopulate(pages: Extent, list: usize, order: i32): void {
  if (pages.list != 0) {
    populateList(pages, list, order);
  } else if (pages.masks == 0) {
    p2m.write(pages.start, pages.count, list, order);
  } else {
    writeOutMasks(pages);
    for (let i: u32 = 0; i < pages.masks; i++) {
      const at = p2m.at(pages.startOf(i));
      if (order > 0) list = spreadLanes(at, pages.maskOf(i), list);
      else list = spreadLanesDown(at, pages.maskOf(i), list);
    }
  }
}

/** Does the same for the pages of a list. */
function populateList(pages: Extent, list: usize, order: i32): void {
  const step = order << 2;
  let page = order > 0 ? pages.list : pages.list + ((pages.count - 1) << 2);
  const end = list + (pages.count << 2);
  while (list < end) {
    p2m.writeOut(load<u32>(page));
    for (; list < end; list += 4, page += step) {
      const pfn = load<u32>(page);
      if (!p2m.isWrittenOut(pfn)) break;
      store<u32>(p2m.at(pfn), ~load<u32>(list));
    }
  }
}
