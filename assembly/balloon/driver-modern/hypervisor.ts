/** The hypercalls that this generation alone makes, imported from module "hypervisor" like the others. */
import { Mfn, Pages, Pfn } from "../../common/types";

/** Calls HYPERVISOR_memory_op with XENMEM_current_reservation; returns the pages, or an error as a number of at most 0. */
export declare function current_reservation(): f64;

/**
 * Calls HYPERVISOR_memory_op with XENMEM_populate_physmap for `pages` pages batch by batch, and
 * HYPERVISOR_update_va_mapping for each of them (pv); all of them are low. The pages are first the `topmost` ones before
 * `end`, then the batch before `nextEnd`, then the batch before that one, and so on, each in ascending order. Returns how
 * many got a frame: whole batches, or all. The frames are a run, and the first of them is in frame_list.
 */
export declare function populate_batches(pages: Pages, end: Pfn, topmost: Pages, nextEnd: Pfn): Pages;

/**
 * Does the same as decrease_run for pages whose frames are no run, a part at a time: `extents` is how many
 * pages these batches have if this is their last part, and 0 for the parts before it.
 */
export declare function decrease_part(pfn: Pfn, mfn: Mfn, pages: Pages, extents: Pages): void;
