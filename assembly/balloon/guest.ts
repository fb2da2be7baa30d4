/** What the guest was booted with, and what changes of it since. Sizes in pages. */
import { Cpu, Pages, Pfn } from "../common/types";
import { Errno } from "./kernel";
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
  maxPfn: Pfn;
  /** How far add_memory may raise maxPfn. */
  pfnLimit: Pfn;
  /** First PFN of high memory. */
  highmemStart: Pfn;
  /** PAGES_PER_SECTION. */
  sectionPages: Pages;
  watermarkPages: Pages;
  watermarkHighPages: Pages;
  /** CPUs online at boot, and the one that runs the driver. */
  cpus: u32;
  cpu: Cpu;
  extraRegions: u32;
  /** Added memory from here to maxPfn is not online yet. */
  onlineFrom: Pfn;
  /** An injected fault: the next so many calls of add_memory answer addMemoryRc. */
  addMemoryRc: Errno;
  addMemoryTimes: u32;
}
