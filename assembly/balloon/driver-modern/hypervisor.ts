/** The hypercalls that this generation alone makes, imported from module "hypervisor" like the others. */
import { Mfn, Pages, Pfn } from "../../common/types";

/** Calls HYPERVISOR_memory_op with XENMEM_current_reservation; returns the pages, or an error as a number of at most 0. */
export declare function current_reservation(): f64;

/**
 * Calls HYPERVISOR_memory_op with XENMEM_populate_physmap for `pages` pages batch by batch, and
 * HYPERVISOR_update_va_mapping for each of them (pv); all of them are low. Returns how many got a frame: whole batches, or
 * all. The frames are a run, and the first of them is in frame_list. map_batches tells an auto-translated guest's machine
 * which page got which.
 */
export declare function populate_batches(pages: Pages): Pages;

/**
 * Maps `pages` pages of an auto-translated guest to frames mfn, mfn + 1, …: first the `topmost` pages before `end`, then the
 * batch before them, and so on, each in ascending order.
 */
export declare function map_batches(end: Pfn, topmost: Pages, pages: Pages, mfn: Mfn): void;

/**
 * Does the same as decrease_run for pages whose frames are no run, a part at a time: the pages from `pfn` on are part of
 * `calls` batches that were not counted yet.
 */
export declare function decrease_part(pfn: Pfn, mfn: Mfn, pages: Pages, calls: u32): void;
