/**
 * The pages whose frames the P2M entries of other pages name, too: a table with a page a CPU. In one generation those are
 * the scratch pages (driver-2013/scratch.ts); in another the table stays empty.
 */
import { Cpu, Mfn, Pfn } from "../common/types";
import { SCRATCH_PAGES } from "./layout";
import { pfnToMfn } from "./p2m";

/** No CPU from this one on has a page here. */
export let scratchEnd: Cpu = 0;

/** Returns the address of a CPU's page, which is stored as PFN + 1; 0 stands for NULL. */
export function scratchAt(cpu: Cpu): usize {
  return SCRATCH_PAGES + (cpu << 2);
}

/** Returns the PFN of a CPU's page, or -1 if it has none. */
export function scratchPageOf(cpu: Cpu): i32 {
  return <i32>load<u32>(scratchAt(cpu)) - 1;
}

/** Makes a page the CPU's. */
export function setScratchPage(cpu: Cpu, page: Pfn): void {
  store<u32>(scratchAt(cpu), page + 1);
  scratchEnd = max(scratchEnd, cpu + 1);
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
