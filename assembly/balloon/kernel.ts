/**
 * The kernel's functions that every generation of the driver calls, imported from module "kernel": the host stands for
 * the kernel. The messages and conditions of all generations have their numbers here.
 */
import { Pages } from "../common/types";

/** Writes a line to the kernel log: `message` is one of the LOG_ numbers, and `value` is the number in the line. */
export declare function log(message: u32, value: i32): void;

/** Ends the guest with the BUG_ON whose condition is one of the BUG_ numbers. It never returns. */
export declare function bug(condition: u32): void;

/** Copies the first `count` entries of the window to the caller's array of pages, from place `index` on. */
export declare function store_pages(index: u32, count: Pages): void;
/** Copies `count` entries of the caller's array of pages, from place `index` on, to the window. */
export declare function load_pages(index: u32, count: Pages): void;

/** The messages of `log`; the host has their texts by these numbers. */
export const LOG_INITIALISING: u32 = 0;
export const LOG_NO_SCRATCH_PAGE: u32 = 1;
export const LOG_ADD_MEMORY_FAILED: u32 = 2;
export const LOG_NO_RESOURCE: u32 = 3;
export const LOG_SET_P2M_FAILED: u32 = 4;
export const LOG_CANNOT_ADD_MEMORY: u32 = 5;

/** The conditions of `bug`; the host has their texts by these numbers. */
export const BUG_NO_SCRATCH_PAGE: u32 = 0;
export const BUG_NO_PAGE: u32 = 1;
export const BUG_VA_MAPPING: u32 = 2;
export const BUG_DECREASE: u32 = 3;

/** 0, or an error of the kernel as a negative number. */
export type Errno = i32;

export const ENOMEM: Errno = -12;
export const ENODEV: Errno = -19;
export const ERANGE: Errno = -34;
