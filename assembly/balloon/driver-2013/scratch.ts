/**
 * The scratch page of each CPU (balloon_scratch_page, drivers/xen/balloon.c). The mappings and P2M entries of pages in
 * the balloon name its frame. It is allocated once, at init or when the CPU comes up, and never freed.
 */

import { Cpu, Mfn, Pfn } from "../../common/types";
import { BUG_NO_SCRATCH_PAGE, bug, ENOMEM, Errno, LOG_NO_SCRATCH_PAGE, log } from "../kernel";
import { extent, SCRATCH_PAGES } from "../layout";
import { pfnToMfn } from "../p2m";
import { allocPages } from "../page-allocator";
import { guest } from "./guest";

/** No CPU from this one on has a scratch page. */
export let scratchEnd: Cpu = 0;

/** Returns the address of a CPU's scratch page, which is stored as PFN + 1; 0 stands for NULL. */
function scratchAt(cpu: Cpu): usize {
  return SCRATCH_PAGES + (cpu << 2);
}

/** Returns the scratch page of the CPU that runs the driver (get_balloon_scratch_page, drivers/xen/balloon.c). */
export function getScratchPage(): Pfn {
  const page = load<u32>(scratchAt(guest.cpu));
  if (page == 0) bug(BUG_NO_SCRATCH_PAGE);
  return page - 1;
}

/** Returns the PFN of a CPU's scratch page, or -1 if it has none. */
export function scratchPageOf(cpu: Cpu): i32 {
  return <i32>load<u32>(scratchAt(cpu)) - 1;
}

/**
 * Allocates the scratch page of a CPU that has none (balloon_cpu_notify at CPU_UP_PREPARE, drivers/xen/balloon.c);
 * balloon_init does the same for each CPU that is online. Returns 0 or -ENOMEM.
 */
export function cpuUpPrepare(cpu: Cpu): Errno {
  if (load<u32>(scratchAt(cpu)) != 0) return 0;
  if (!allocPages(false, 1, extent)) {
    log(LOG_NO_SCRATCH_PAGE, cpu);
    return ENOMEM;
  }
  store<u32>(scratchAt(cpu), extent.first + 1);
  scratchEnd = max(scratchEnd, cpu + 1);
  return 0;
}

/**
 * True if the page is itself on the frame that its P2M entry names, a frame of this pv guest: pages in the balloon name
 * the frame that a scratch page is on.
 */
export function ownsFrame(pfn: Pfn, mfn: Mfn): bool {
  for (let cpu: Cpu = 0; cpu < scratchEnd; cpu++) {
    const page = scratchPageOf(cpu);
    if (page >= 0 && pfnToMfn(page) == mfn) return page == pfn;
  }
  return true;
}
