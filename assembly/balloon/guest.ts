/** What the guest was booted with, and what changes of it since. Sizes in pages. */
@unmanaged
export class Guest {
  /** Paravirtualised: it has P2M and mappings of its own. Else auto-translated. */
  pv: bool;
  /** CONFIG_XEN_BALLOON_MEMORY_HOTPLUG. */
  hotplug: bool;
  /** CONFIG_XEN_SCRUB_PAGES. */
  scrub: bool;
  /** Pages have contents. */
  contents: bool;
  /** ARRAY_SIZE(frame_list). */
  frameListCapacity: u32;
  maxPfn: u32;
  /** How far add_memory may raise maxPfn. */
  pfnLimit: u32;
  /** First PFN of high memory. */
  highmemStart: u32;
  /** PAGES_PER_SECTION. */
  sectionPages: u32;
  watermarkPages: u32;
  watermarkHighPages: u32;
  /** CPUs online at boot, and the one that runs the driver. */
  cpus: u32;
  cpu: u32;
  extraRegions: u32;
  /** Added memory from here to maxPfn is not online yet. */
  onlineFrom: u32;
  /** An injected fault: the next so many calls of add_memory answer addMemoryRc. */
  addMemoryRc: i32;
  addMemoryTimes: u32;
}
