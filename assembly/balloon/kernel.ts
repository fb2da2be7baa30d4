/** What the kernel does for the driver; the host stands for it. Imports of module "kernel". */
import { Pages } from "../common/types";

/** schedule_delayed_work(&balloon_worker, delay * HZ): ignored while the work is pending. */
export declare function schedule_delayed_work(delaySeconds: f64): void;

/** A line of the kernel log: which one, and the number in it. */
export declare function log(message: u32, value: i32): void;

/** BUG_ON: never returns. */
export declare function bug(condition: u32): void;

/** The caller's array of pages: `count` entries from `index` on come from the window, or go there. */
export declare function store_pages(index: u32, count: Pages): void;
export declare function load_pages(index: u32, count: Pages): void;

/** Messages of log. */
export const LOG_INITIALISING: u32 = 0;
export const LOG_NO_SCRATCH_PAGE: u32 = 1;
export const LOG_ADD_MEMORY_FAILED: u32 = 2;

/** Conditions of bug. */
export const BUG_NO_SCRATCH_PAGE: u32 = 0;
export const BUG_NO_PAGE: u32 = 1;
export const BUG_VA_MAPPING: u32 = 2;
export const BUG_DECREASE: u32 = 3;

/** 0, or an error of the kernel as a negative number. */
export type Errno = i32;

export const ENOMEM: Errno = -12;
export const ENODEV: Errno = -19;
