/**
 * The scratch page of each CPU (balloon_scratch_page): what the mappings and P2M entries of ballooned pages name. It is
 * allocated once, at init or when the CPU comes up, and never freed.
 */

import { Cpu, Pfn } from "../common/types";
import { BUG_NO_SCRATCH_PAGE, bug, ENOMEM, Errno, LOG_NO_SCRATCH_PAGE, log } from "./kernel";
import { extent, guest, SCRATCH_PAGES } from "./layout";
import { allocPages } from "./page-allocator";

/** Stored as PFN + 1; 0 is NULL. */
function scratchAt(cpu: Cpu): usize {
  return SCRATCH_PAGES + (cpu << 2);
}

/** get_balloon_scratch_page: the PFN of the one of the CPU that runs the driver. */
export function getScratchPage(): Pfn {
  const page = load<u32>(scratchAt(guest.cpu));
  if (page == 0) bug(BUG_NO_SCRATCH_PAGE);
  return page - 1;
}

/** The PFN of that of a CPU, or -1. */
export function scratchPageOf(cpu: Cpu): i32 {
  return <i32>load<u32>(scratchAt(cpu)) - 1;
}

/** balloon_cpu_notify of CPU_UP_PREPARE, and what init does for each CPU that is online: 0 or -ENOMEM. */
export function cpuUpPrepare(cpu: Cpu): Errno {
  if (load<u32>(scratchAt(cpu)) != 0) return 0;
  if (!allocPages(false, 1, extent)) {
    log(LOG_NO_SCRATCH_PAGE, cpu);
    return ENOMEM;
  }
  store<u32>(scratchAt(cpu), extent.first + 1);
  return 0;
}
