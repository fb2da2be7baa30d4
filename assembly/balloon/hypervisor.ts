/** The hypercalls, imported from module "hypervisor": the host takes them to the machine. */
import { Mfn, Pages, Pfn } from "../common/types";

export const XENMEM_decrease_reservation: u32 = 1;
export const XENMEM_populate_physmap: u32 = 6;

/**
 * Returns how many batches may be made at once (runs.ts): 1 if somebody hears of each call, or batches are not merged. 0
 * means that the next batch is watched: somebody may look at its lists, or a fault is due in it. Then frame_list has to hold
 * what the driver writes there before the hypercall and Xen after it, and pfn_list the pages of the batch. Otherwise only
 * what Xen reads is written.
 */
export declare function batches_at_once(): u32;

/** Calls HYPERVISOR_memory_op on the first `extents` entries of frame_list; returns the extents done, or -errno. */
export declare function memory_op(cmd: u32, extents: u32): i32;

/**
 * Calls HYPERVISOR_update_va_mapping for each low page among the first `extents` entries of frame_list, which hold
 * frames; `lowPages` of them belong to low pages. It maps each page writable to its own frame, or read-only to
 * `scratchMfn`. Returns 0, or the first result that is not 0.
 */
export declare function update_va_mappings(extents: u32, lowPages: Pages, writable: bool, scratchMfn: Mfn): i32;

/**
 * Calls HYPERVISOR_memory_op with XENMEM_populate_physmap for pages pfn, pfn + step, … batch by batch, and
 * HYPERVISOR_update_va_mapping for each of them that is low (pv). Returns how many got a frame: whole batches, or all. The
 * frames are a run, and the first of them is in frame_list.
 */
export declare function populate_run(pfn: Pfn, pages: Pages, step: i32): Pages;

/**
 * Calls HYPERVISOR_memory_op with XENMEM_decrease_reservation for pages pfn, pfn + 1, … batch by batch, and
 * HYPERVISOR_update_va_mapping likewise. For a pv guest, their frames are mfn, mfn + 1, … in any order.
 */
export declare function decrease_run(pfn: Pfn, mfn: Mfn, pages: Pages): void;
