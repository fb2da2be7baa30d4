/** The hypercalls that this generation alone makes, imported from module "hypervisor" like the others. */
import { Mfn, Pages, Pfn } from "../../common/types";

/** Calls HYPERVISOR_memory_op with XENMEM_current_reservation; returns the pages, or an error as a number of at most 0. */
export declare function current_reservation(): f64;

/**
 * Takes the lowest frames, as far as they are a run, for batches of pages: HYPERVISOR_memory_op with
 * XENMEM_populate_physmap for each, and HYPERVISOR_update_va_mapping for each page (pv), all of which are low. Returns how
 * many got a frame: whole batches, or all. The first frame is in frame_list. For an auto-translated guest
 * map_batches then says which page got which frame.
 */
export declare function populate_batches(pages: Pages): Pages;

/**
 * Maps `pages` pages of an auto-translated guest to frames mfn, mfn + 1, …: first the `topmost` pages before `end`, then the
 * batch before them, and so on, each in ascending order.
 */
export declare function map_batches(end: Pfn, topmost: Pages, pages: Pages, mfn: Mfn): void;
