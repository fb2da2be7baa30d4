/** The configuration of the guest, and those parts of its state that are not in balloon_stats or in a table. */
import { Cpu, Pages, Pfn } from "../common/types";
import { Errno } from "./kernel";

/** One struct in linear memory (layout.ts). Sizes are in pages. */
@unmanaged
export class Guest {
  /** True for a paravirtualised guest, which has a P2M and mappings of its own; false for an auto-translated one. */
  pv: bool;
  /** CONFIG_XEN_BALLOON_MEMORY_HOTPLUG. */
  hotplug: bool;
  /** CONFIG_XEN_SCRUB_PAGES. */
  scrub: bool;
  /** True if the pages have real contents in linear memory. */
  contents: bool;
  /** ARRAY_SIZE(frame_list): the most pages of one batch. */
  frameListCapacity: u32;
  /** max_pfn: the end of the guest's memory. */
  maxPfn: Pfn;
  /** The highest value to which add_memory may raise maxPfn. */
  pfnLimit: Pfn;
  /** The first PFN of high memory. */
  highmemStart: Pfn;
  /** PAGES_PER_SECTION. */
  sectionPages: Pages;
  /** Zones Normal and HighMem refuse a page when they have no more free pages than this. */
  watermarkPages: Pages;
  watermarkHighPages: Pages;
  /** The number of CPUs that are online at boot. */
  cpus: u32;
  /** The CPU that runs the driver. */
  cpu: Cpu;
  /** The number of regions of xen_extra_mem. */
  extraRegions: u32;
  /** The pages from here to maxPfn were added and are not online yet. */
  onlineFrom: Pfn;
  /** An injected fault: the next addMemoryTimes calls of add_memory return addMemoryRc. */
  addMemoryRc: Errno;
  addMemoryTimes: u32;
}
