/** Of Guest.domain: paravirtualised. It has P2M and mappings of its own. */
const PV: u32 = 0;

/** A guest's options, by their API names, and what changes of it since its boot. Sizes in pages. */
@unmanaged
export class Guest {
  // options: the host writes each as a u32, at the address that options.ts exports for it
  /** 0: not running on Xen. */
  xen: u32;
  /** 0: pv; 1: hvm, auto-translated. */
  domain: u32;
  /** start_info.nr_pages and xen_released_pages. */
  nrPages: u32;
  releasedPages: u32;
  /** add_memory raises it. */
  maxPfn: u32;
  /** How far add_memory may raise maxPfn. */
  pfnLimit: u32;
  /** First PFN of high memory. */
  highmemStart: u32;
  /** CPUs online at boot. */
  cpus: u32;
  /** ARRAY_SIZE(frame_list). */
  frameListCapacity: u32;
  /** CONFIG_XEN_BALLOON_MEMORY_HOTPLUG. */
  hotplug: u32;
  /** PAGES_PER_SECTION. */
  sectionPages: u32;
  /** CONFIG_XEN_SCRUB_PAGES. */
  scrub: u32;
  /** Pages have contents. */
  contents: u32;
  watermarkPages: u32;
  watermarkHighPages: u32;

  // no options
  /** The CPU that runs the driver. */
  cpu: u32;
  extraRegions: u32;
  /** Added memory from here to maxPfn is not online yet. */
  onlineFrom: u32;
  /** An injected fault: the next so many calls of add_memory answer addMemoryRc. */
  addMemoryRc: i32;
  addMemoryTimes: u32;

  get pv(): bool {
    return this.domain == PV;
  }
}
