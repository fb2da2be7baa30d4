/** The bounds that options and arguments share. */

/** CPUs the driver can know (NR_CPUS). */
export const MAX_CPUS = 64;

/** Entries of `frame_list`, at most. */
export const MAX_FRAME_LIST = 4096;

/** Regions of each kind, at most (XEN_EXTRA_MEM_MAX_REGIONS). */
export const MAX_REGIONS = 128;

/** Pages a guest can have, hotplug included (4 TiB): PFNs are below this. */
export const MAX_GUEST_PAGES: number = 2 ** 30;

/** Frames a machine can have: MFNs are 32 bit, and the last number means that there is none (INVALID_ENTRY). */
export const MAX_HOST_PAGES: number = 2 ** 32 - 1;
