/** Declares each option of a guest once. Declare a new option here, and read it in both engines. */

import { describe } from "../arguments.js";
import { GENERATIONS } from "../generation.js";
import { U32_MAX } from "../integers.js";
import { backedPages } from "../memory-map.js";
import { MAX_CPUS, MAX_FRAME_LIST, MAX_GUEST_PAGES } from "./limits.js";
import type { Computed, Table, Wrong } from "./option.js";
import type { Region } from "./region.js";
import type { GuestConfig } from "./types.js";

const maxPfn: Computed<number, GuestConfig> = { says: "`maxPfn`", of: (config) => config.maxPfn };
const pfnLimit: Computed<number, GuestConfig> = { says: "`pfnLimit`", of: (config) => config.pfnLimit };

/** The options by API name. */
export const GUEST_OPTIONS: Table<GuestConfig> = {
  driver: {
    form: "choice",
    key: "driver",
    group: "Driver",
    sentence:
      "The generation of the driver: `2013` is Linux's at commit 1e1159bb97cf, `modern` that of Linux 7.0-rc1. Options, tunables, faults and operations of the one are errors with the other.",
    values: GENERATIONS,
    default: "2013",
    show: describe,
  },
  xen: {
    form: "flag",
    key: "xen",
    group: "Driver",
    sentence: "False: the guest does not run on Xen, and init answers -ENODEV.",
    default: true,
  },
  domain: {
    form: "choice",
    key: "domain",
    group: "Memory map",
    sentence: "`pv`: the guest keeps P2M and its mappings; `hvm`: it is auto-translated, and Xen keeps the physmap.",
    values: ["pv", "hvm"],
    default: "pv",
    show: describe,
  },
  nrPages: {
    form: "integer",
    key: "nr_pages",
    group: "Memory map",
    sentence: "start_info.nr_pages: the size that a pv driver starts from.",
    unit: "pages",
    from: 0,
    to: U32_MAX,
    default: { says: "what is backed", of: backedPages },
    scriptDefault: 0,
  },
  releasedPages: {
    form: "integer",
    key: "released",
    group: "Memory map",
    sentence: "xen_released_pages: pages the kernel gave back before the driver started.",
    unit: "pages",
    from: 0,
    to: U32_MAX,
    default: 0,
  },
  maxPfn: {
    form: "integer",
    key: "max_pfn",
    group: "Memory map",
    sentence: "End of memory at boot: PFNs are below it. 262,144 for 1 GiB.",
    unit: "pages",
    from: 0,
    to: MAX_GUEST_PAGES,
  },
  pfnLimit: {
    form: "integer",
    key: "pfn_limit",
    group: "Hotplug",
    sentence: "How far hotplug may raise the end of memory; no less than `maxPfn`.",
    unit: "pages",
    from: 0,
    to: MAX_GUEST_PAGES,
    default: maxPfn,
    zeroIsDefault: true,
    wrong: (pages, config) =>
      pages < config.maxPfn
        ? { expected: `no less than the ${config.maxPfn} pages at boot`, got: `${pages} pages` }
        : null,
  },
  extraRegions: {
    form: "regions",
    key: "extra",
    group: "Memory map",
    sentence:
      "xen_extra_mem: not backed at boot, starts in the balloon. In the order in which the driver reads them, none over another. The driver `modern` takes all their pages off its size, and refuses to start where one begins past `maxPfn`.",
    end: {
      says: "`maxPfn`, but not with driver `modern`",
      of: ({ driver, maxPfn }) => (driver === "modern" ? Number.POSITIVE_INFINITY : maxPfn),
    },
    wrong: overlap,
  },
  holes: {
    form: "regions",
    key: "hole",
    group: "Memory map",
    sentence: "PFNs that are not memory at all.",
    end: maxPfn,
  },
  highmemStart: {
    form: "limit",
    key: "highmem_start",
    group: "Memory map",
    sentence: "First PFN of high memory; `pfnLimit` where there is none.",
    unit: "a PFN",
    from: 0,
    to: Number.MAX_SAFE_INTEGER,
    highest: pfnLimit,
    default: pfnLimit,
  },
  reservedPages: {
    form: "limit",
    key: "reserved",
    group: "Guest kernel",
    sentence: "The kernel's own pages: PFNs below this are never free.",
    unit: "pages",
    from: 0,
    to: Number.MAX_SAFE_INTEGER,
    highest: maxPfn,
    default: 0,
  },
  cpus: {
    form: "integer",
    key: "cpus",
    group: "Guest kernel",
    sentence: "CPUs online at boot.",
    unit: "CPUs",
    from: 1,
    to: MAX_CPUS,
    default: 1,
  },
  maxPages: {
    form: "limit",
    key: "max_pages",
    group: "Memory map",
    sentence: "Frames the domain may hold; does not limit the boot.",
    unit: "pages",
    from: 0,
    to: Number.MAX_SAFE_INTEGER,
    highest: U32_MAX,
    default: pfnLimit,
    zeroIsDefault: true,
  },
  mfnSeed: {
    form: "integer",
    key: "mfn_seed",
    group: "Memory map",
    sentence: "Not 0: the frames given at boot are shuffled with this seed.",
    unit: "a seed",
    from: 0,
    to: U32_MAX,
    default: 0,
  },
  frameListCapacity: {
    form: "integer",
    key: "frame_list",
    group: "Driver",
    sentence: "Frames a batch can have (ARRAY_SIZE(frame_list)): 512 in the 64-bit kernel, 1024 in the 32-bit one.",
    unit: "frames",
    from: 1,
    to: MAX_FRAME_LIST,
    default: 512,
  },
  hotplug: {
    form: "flag",
    key: "hotplug",
    group: "Hotplug",
    sentence: "True: a target beyond what the balloon holds adds memory, up to `pfnLimit`.",
    default: false,
  },
  sectionPages: {
    form: "powerOfTwo",
    key: "section",
    group: "Hotplug",
    sentence: "Pages of a memory section, which is what hotplug adds: a power of two. 32,768 are 128 MiB.",
    unit: "pages",
    from: 1,
    to: Number.MAX_SAFE_INTEGER,
    // a section past MAX_GUEST_PAGES never fits below pfnLimit, whatever its size
    highest: 2 * MAX_GUEST_PAGES,
    default: 32_768,
  },
  batches: {
    form: "choice",
    key: "batches",
    group: "Driver",
    sentence:
      "`each`: every batch is made with its hypercalls, as the kernel does. `merged`: where nobody watches and no fault is due, the batches of contiguous pages on contiguous frames are made at once; counters and results are the same. Only time tells them apart, so timed runs make each unless told otherwise.",
    values: ["merged", "each"],
    default: "merged",
    show: describe,
  },
  scrub: {
    form: "flag",
    key: "scrub",
    group: "Driver",
    sentence: "True: a page is cleared before it leaves (CONFIG_XEN_SCRUB_PAGES).",
    default: true,
  },
  contents: {
    form: "flag",
    key: "bytes",
    group: "Guest kernel",
    sentence: "True: pages have real contents, 4096 bytes each.",
    default: false,
  },
  watermarkPages: {
    form: "limit",
    key: "watermark",
    group: "Guest kernel",
    sentence: "Pages the Normal zone keeps: it refuses when its free count is not above this.",
    unit: "pages",
    from: 0,
    to: Number.MAX_SAFE_INTEGER,
    highest: pfnLimit,
    default: 0,
  },
  watermarkHighPages: {
    form: "limit",
    key: "watermark_high",
    group: "Guest kernel",
    sentence: "Pages the HighMem zone keeps, likewise.",
    unit: "pages",
    from: 0,
    to: Number.MAX_SAFE_INTEGER,
    highest: pfnLimit,
    default: 0,
  },
  dom0: {
    form: "flag",
    key: "dom0",
    group: "Driver",
    generation: "modern",
    sentence: "True: the guest is the initial domain, whose driver asks Xen for its size at boot.",
    default: false,
  },
  reservationPages: {
    form: "integer",
    key: "dom0_reservation",
    group: "Driver",
    generation: "modern",
    sentence:
      "Xen's answer to XENMEM_current_reservation, which only the initial domain asks for; 0 or less is an error, and the driver then counts as in any other domain.",
    unit: "pages",
    from: Number.MIN_SAFE_INTEGER,
    to: Number.MAX_SAFE_INTEGER,
    default: { says: "the frames the domain holds", of: backedPages },
  },
  unpopulatedPages: {
    form: "limit",
    key: "unpopulated",
    group: "Memory map",
    generation: "modern",
    sentence: "xen_unpopulated_pages: pages that an hvm kernel took away before the driver started.",
    unit: "pages",
    from: 0,
    to: Number.MAX_SAFE_INTEGER,
    highest: pfnLimit,
    default: 0,
  },
  totalReservePages: {
    form: "limit",
    key: "totalreserve",
    group: "Guest kernel",
    generation: "modern",
    sentence:
      "totalreserve_pages: pages the kernel keeps back, of which the driver's estimate of the free ones takes off.",
    unit: "pages",
    from: 1,
    to: Number.MAX_SAFE_INTEGER,
    // the driver compares it with free pages, of which there are no more than pfnLimit
    highest: { says: "`pfnLimit` + 1", of: (config) => config.pfnLimit + 1 },
    default: {
      says: "`watermarkPages` + `watermarkHighPages`, but at least 1",
      of: (config) => Math.max(1, config.watermarkPages + config.watermarkHighPages),
    },
  },
  bootTimeoutSeconds: {
    form: "integer",
    key: "boot_timeout",
    group: "Driver",
    generation: "modern",
    sentence:
      "xen.balloon_boot_timeout: how long the late initcall waits for a cancelled ballooning down before it panics.",
    unit: "seconds",
    from: 0,
    to: 4_000_000,
    default: 180,
  },
  autoOnline: {
    form: "flag",
    key: "auto_online",
    group: "Hotplug",
    generation: "modern",
    sentence: "True: added memory comes online while it is added.",
    default: false,
  },
  threadErrno: {
    form: "integer",
    key: "kthread_errno",
    group: "Driver",
    generation: "modern",
    sentence: "Not 0: the driver's thread cannot be started, and boot answers minus this.",
    unit: "an error number",
    from: 0,
    to: 4095,
    default: 0,
  },
};

/** Finds an overlap. A region of 0 pages inside another overlaps it, too, because the specification refuses it. */
function overlap(regions: readonly Region[]): Wrong | null {
  for (const [i, a] of regions.entries()) {
    for (const b of regions.slice(0, i)) {
      if (a.start < b.start + b.pages && b.start < a.start + a.pages) {
        return {
          expected: "regions that do not overlap",
          got: `${b.pages} pages from PFN ${b.start} and ${a.pages} from ${a.start}`,
        };
      }
    }
  }
  return null;
}
