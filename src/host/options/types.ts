/** Written by test/host/options.test.ts from the tables of this folder: change those, then run it with -u. */
import type { Region } from "./region.js";

/**
 * The configuration of a guest, every default filled in. All sizes are in pages of 4096 bytes. Limits are cut to the
 * largest value that has an effect, and regions are cut at `maxPfn`.
 */
export interface GuestConfig {
  /**
   * The generation of the driver: `2013` is Linux's at commit 1e1159bb97cf, `modern` that of Linux 7.0-rc1. Options,
   * tunables, faults and operations of the one are errors with the other. Default: `2013`.
   */
  readonly driver: "2013" | "modern";
  /** False: the guest does not run on Xen, and init answers -ENODEV. Default: true. */
  readonly xen: boolean;
  /**
   * `pv`: the guest keeps P2M and its mappings; `hvm`: it is auto-translated, and Xen keeps the physmap. Default: `pv`.
   */
  readonly domain: "pv" | "hvm";
  /** start_info.nr_pages: the size that a pv driver starts from. Pages, 0 to 2^32 - 1. Default: what is backed. */
  readonly nrPages: number;
  /** xen_released_pages: pages the kernel gave back before the driver started. Pages, 0 to 2^32 - 1. Default: 0. */
  readonly releasedPages: number;
  /** End of memory at boot: PFNs are below it. 262,144 for 1 GiB. Pages, 0 to 2^30. */
  readonly maxPfn: number;
  /** How far hotplug may raise the end of memory; no less than `maxPfn`. Pages, 0 to 2^30. Default: `maxPfn`. */
  readonly pfnLimit: number;
  /**
   * xen_extra_mem: not backed at boot, starts in the balloon. In the order in which the driver reads them, none over
   * another. The driver `modern` takes all their pages off its size, and refuses to start where one begins past
   * `maxPfn`. At most 128 regions, cut at `maxPfn`, but not with driver `modern`. Default: none.
   */
  readonly extraRegions: readonly Region[];
  /** PFNs that are not memory at all. At most 128 regions, cut at `maxPfn`. Default: none. */
  readonly holes: readonly Region[];
  /**
   * First PFN of high memory; `pfnLimit` where there is none. A PFN, 0 or more; cut to `pfnLimit`. Default: `pfnLimit`.
   */
  readonly highmemStart: number;
  /** The kernel's own pages: PFNs below this are never free. Pages, 0 or more; cut to `maxPfn`. Default: 0. */
  readonly reservedPages: number;
  /** CPUs online at boot. CPUs, 1 to 64. Default: 1. */
  readonly cpus: number;
  /** Frames the domain may hold; does not limit the boot. Pages, 0 or more; cut to 2^32 - 1. Default: `pfnLimit`. */
  readonly maxPages: number;
  /** Not 0: the frames given at boot are shuffled with this seed. A seed, 0 to 2^32 - 1. Default: 0. */
  readonly mfnSeed: number;
  /**
   * Frames a batch can have (ARRAY_SIZE(frame_list)): 512 in the 64-bit kernel, 1024 in the 32-bit one. Frames, 1 to
   * 4096. Default: 512.
   */
  readonly frameListCapacity: number;
  /** True: a target beyond what the balloon holds adds memory, up to `pfnLimit`. Default: false. */
  readonly hotplug: boolean;
  /**
   * Pages of a memory section, which is what hotplug adds: a power of two. 32,768 are 128 MiB. Pages, 1 or more; cut to
   * 2^31. Default: 32,768.
   */
  readonly sectionPages: number;
  /**
   * `each`: every batch is made with its hypercalls, as the kernel does. `merged`: where nobody watches and no fault is
   * due, the batches of contiguous pages on contiguous frames are made at once; counters and results are the same. Only
   * time tells them apart, so timed runs make each unless told otherwise. Default: `merged`.
   */
  readonly batches: "merged" | "each";
  /** True: a page is cleared before it leaves (CONFIG_XEN_SCRUB_PAGES). Default: true. */
  readonly scrub: boolean;
  /** True: pages have real contents, 4096 bytes each. Default: false. */
  readonly contents: boolean;
  /**
   * Pages the Normal zone keeps: it refuses when its free count is not above this. Pages, 0 or more; cut to `pfnLimit`.
   * Default: 0.
   */
  readonly watermarkPages: number;
  /** Pages the HighMem zone keeps, likewise. Pages, 0 or more; cut to `pfnLimit`. Default: 0. */
  readonly watermarkHighPages: number;
  /**
   * True: the guest is the initial domain, whose driver asks Xen for its size at boot. (Driver `modern` alone.)
   * Default: false.
   */
  readonly dom0?: boolean;
  /**
   * Xen's answer to XENMEM_current_reservation, which only the initial domain asks for; 0 or less is an error, and the
   * driver then counts as in any other domain. (Driver `modern` alone.) Pages, -9007199254740991 to 2^53. Default: the
   * frames the domain holds.
   */
  readonly reservationPages?: number;
  /**
   * xen_unpopulated_pages: pages that an hvm kernel took away before the driver started. (Driver `modern` alone.)
   * Pages, 0 or more; cut to `pfnLimit`. Default: 0.
   */
  readonly unpopulatedPages?: number;
  /**
   * totalreserve_pages: pages the kernel keeps back, of which the driver's estimate of the free ones takes off. (Driver
   * `modern` alone.) Pages, 1 or more; cut to `pfnLimit` + 1. Default: `watermarkPages` + `watermarkHighPages`, but at
   * least 1.
   */
  readonly totalReservePages?: number;
  /**
   * xen.balloon_boot_timeout: how long the late initcall waits for a cancelled ballooning down before it panics.
   * (Driver `modern` alone.) Seconds, 0 to 4,000,000. Default: 180.
   */
  readonly bootTimeoutSeconds?: number;
  /** True: added memory comes online while it is added. (Driver `modern` alone.) Default: false. */
  readonly autoOnline?: boolean;
  /**
   * Not 0: the driver's thread cannot be started, and boot answers minus this. (Driver `modern` alone.) An error
   * number, 0 to 4095. Default: 0.
   */
  readonly threadErrno?: number;
}

/** Any part of a guest's configuration. An omitted option, and a 0 for `pfnLimit` and `maxPages`, gets its default. */
export type GuestOptions = Partial<GuestConfig>;

/** The options of a machine. */
export interface MachineOptions {
  /**
   * Machine frames, 4096 bytes each: 262,144 for 1 GiB. As many as linear memory has room for. Frames, 1 to 2^32 - 1.
   */
  readonly hostPages: number;
  /** Frames below this are never free. A frame, 0 to `hostPages`. Default: 0. */
  readonly mfnBase?: number;
  /**
   * `virtual`: time passes only in `settle` and `advance`, and the same calls give the same run. `real`: work runs on
   * timers by itself. Default: `virtual`.
   */
  readonly clock?: "virtual" | "real";
}

/** Any part of the configuration of a guest and its machine. */
export interface WorldOptions extends GuestOptions {
  /**
   * Machine frames, 4096 bytes each: 262,144 for 1 GiB. As many as linear memory has room for. Frames, 0 to 2^32 - 1.
   * Default: `mfnBase` and a frame for every page.
   */
  readonly hostPages?: number;
  /** Frames below this are never free. Frames, 0 to 2^32 - 1. Default: 0. */
  readonly mfnBase?: number;
}
