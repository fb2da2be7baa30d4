/**
 * The options of the guest that every generation has, and those parts of its state that are not in balloon_stats or in a
 * table. A generation's room adds its own fields behind these (guest.ts of each).
 */
import { Pages, Pfn } from "../common/types";

/** The value of Guest.domain of a paravirtualised guest, which has a P2M and mappings of its own. */
const PV: u32 = 0;

/** One struct in linear memory (layout.ts). Sizes are in pages. */
@unmanaged
export class Guest {
  // The options. The host writes each as a u32, to the address that the room's options.ts exports for it.
  /** 0 if the guest does not run on Xen. */
  xen: u32;
  /** 0: pv; 1: hvm, auto-translated. */
  domain: u32;
  /** start_info.nr_pages and xen_released_pages. */
  nrPages: Pages;
  releasedPages: Pages;
  /** max_pfn: the end of the guest's memory, which add_memory raises. */
  maxPfn: Pfn;
  /** The highest value to which add_memory may raise maxPfn. */
  pfnLimit: Pfn;
  /** The first PFN of high memory. */
  highmemStart: Pfn;
  /** ARRAY_SIZE(frame_list): the most pages of one batch. */
  frameListCapacity: u32;
  /** CONFIG_XEN_BALLOON_MEMORY_HOTPLUG. */
  hotplug: u32;
  /** PAGES_PER_SECTION. */
  sectionPages: Pages;
  /** CONFIG_XEN_SCRUB_PAGES. */
  scrub: u32;
  /** 1 if the pages have real contents in linear memory. */
  contents: u32;
  /** Zones Normal and HighMem refuse a page when they have no more free pages than this. */
  watermarkPages: Pages;
  watermarkHighPages: Pages;

  // Not options.
  /** The number of regions of xen_extra_mem. */
  extraRegions: u32;
  /** The pages from here to maxPfn were added and are not online yet. */
  onlineFrom: Pfn;

  get pv(): bool {
    return this.domain == PV;
  }
}
