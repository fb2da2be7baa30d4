/** The hypercalls, imported from module "hypervisor": the host takes them to the machine. */
import { Mfn, Pages } from "../common/types";

export const XENMEM_decrease_reservation: u32 = 1;
export const XENMEM_populate_physmap: u32 = 6;

/**
 * True if somebody may look at the lists of a batch, or a fault is due in it: then frame_list holds what the driver wrote
 * there before and after the hypercall, and pfn_list the pages of the batch. Otherwise only what Xen reads is written.
 */
export declare function is_watched(): bool;

/** Calls HYPERVISOR_memory_op on the first `extents` entries of frame_list; returns the extents done, or -errno. */
export declare function memory_op(cmd: u32, extents: u32): i32;

/**
 * Calls HYPERVISOR_update_va_mapping for each low page among the first `extents` entries of frame_list, which hold
 * frames; `lowPages` of them belong to low pages. It maps each page writable to its own frame, or read-only to
 * `scratchMfn`. Returns 0, or the first result that is not 0.
 */
export declare function update_va_mappings(extents: u32, lowPages: Pages, writable: bool, scratchMfn: Mfn): i32;
