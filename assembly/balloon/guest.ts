/** The options of the guest, and those parts of its state that are not in balloon_stats or in a table. */
import { Cpu, Pages, Pfn } from "../common/types";
import { Errno } from "./kernel";

/** The value of Guest.domain of a paravirtualised guest, which has a P2M and mappings of its own. */
const PV: u32 = 0;

/** One struct in linear memory (layout.ts). Sizes are in pages. */
@unmanaged
export class Guest {
  // The options. The host writes each as a u32, to the address that options.ts exports for it.
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
  /** The number of CPUs that are online at boot. */
  cpus: u32;
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
  /** The CPU that runs the driver. */
  cpu: Cpu;
  /** The number of regions of xen_extra_mem. */
  extraRegions: u32;
  /** The pages from here to maxPfn were added and are not online yet. */
  onlineFrom: Pfn;
  /** An injected fault: the next addMemoryTimes calls of add_memory return addMemoryRc. */
  addMemoryRc: Errno;
  addMemoryTimes: u32;

  get pv(): bool {
    return this.domain == PV;
  }
}
