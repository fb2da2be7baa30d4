/** The bounds that options and arguments share. */

/** The most CPUs (NR_CPUS). */
export const MAX_CPUS = 64;

/** The most entries of `frame_list`. */
export const MAX_FRAME_LIST = 4096;

/** The most regions of each kind (XEN_EXTRA_MEM_MAX_REGIONS). */
export const MAX_REGIONS = 128;

/** The most pages of a guest, hotplug included (4 TiB). PFNs are below this. */
export const MAX_GUEST_PAGES: number = 2 ** 30;

/** The most frames of a machine. MFNs have 32 bits, and the last number means no frame (INVALID_ENTRY). */
export const MAX_HOST_PAGES: number = 2 ** 32 - 1;
