/** The hypercalls; the host's shim takes them to the machine. Imports of module "hypervisor". */
import { Mfn, Pages } from "../common/types";

export const XENMEM_decrease_reservation: u32 = 1;
export const XENMEM_populate_physmap: u32 = 6;

/** HYPERVISOR_memory_op with the `extents` first entries of frame_list. */
export declare function memory_op(cmd: u32, extents: u32): i32;

/**
 * HYPERVISOR_update_va_mapping of the low pages among the `extents` first entries of frame_list, which hold frames;
 * `lowPages` of them are low. Each is mapped writable to its own frame, or read-only to `scratchMfn`. 0, or the first
 * answer that is not.
 */
export declare function update_va_mappings(extents: u32, lowPages: Pages, writable: bool, scratchMfn: Mfn): i32;
