/**
 * Memory that hotplug adds above max_pfn (mm/memory_hotplug.c): it begins at a section, is there at once, and comes online
 * later.
 */
import { Pages, Pfn } from "../common/types";
import { guest } from "./layout";

/** Returns the first PFN of the memory that would be added next (SECTION_ALIGN_UP of max_pfn). */
export function nextSection(): u64 {
  const section: u64 = guest.sectionPages;
  return (<u64>guest.maxPfn + section - 1) & ~(section - 1);
}

/** Returns the pages of the sections that `pages` pages, at least 1, take (round_up). */
export function inSections(pages: u64): u64 {
  return ((pages - 1) | (<u64>guest.sectionPages - 1)) + 1;
}

/** Raises max_pfn over the pages from nextSection() up to `end`, which is at most pfnLimit; they come online later. */
export function raiseMaxPfn(end: u64): void {
  if (guest.onlineFrom == guest.maxPfn) guest.onlineFrom = <u32>nextSection();
  guest.maxPfn = <u32>end;
}

/**
 * Ceases to count the first `sections` sections of added memory, or all of it for 0, as not online. They begin at
 * guest.onlineFrom before the call. Returns their pages.
 */
export function takeOnline(sections: u32): Pages {
  const start: Pfn = guest.onlineFrom;
  let end = guest.maxPfn;
  if (start >= end) return 0;
  if (sections != 0 && (end - start) / guest.sectionPages > sections) end = start + sections * guest.sectionPages;
  guest.onlineFrom = end;
  return end - start;
}
