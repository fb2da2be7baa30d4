/**
 * The scratch page of each CPU (balloon_scratch_page, drivers/xen/balloon.c). The mappings and P2M entries of pages in
 * the balloon name its frame. It is allocated once, at init or when the CPU comes up, and never freed.
 */

import { Cpu, Pfn } from "../../common/types";
import { BUG_NO_SCRATCH_PAGE, bug, ENOMEM, Errno, LOG_NO_SCRATCH_PAGE, log } from "../kernel";
import { extent } from "../layout";
import { allocPages } from "../page-allocator";
import { scratchAt, setScratchPage } from "../shared-frames";
import { guest } from "./guest";

/** Returns the scratch page of the CPU that runs the driver (get_balloon_scratch_page, drivers/xen/balloon.c). */
export function getScratchPage(): Pfn {
  const page = load<u32>(scratchAt(guest.cpu));
  if (page == 0) bug(BUG_NO_SCRATCH_PAGE);
  return page - 1;
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
  setScratchPage(cpu, extent.first);
  return 0;
}
