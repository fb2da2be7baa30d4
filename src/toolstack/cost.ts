/**
 * The time that moving pages takes, in ns. No published figure makes a model of it that is calibrated for Xen: they span 4.3
 * to 86 µs a page. So a host's times are bands with two ends; the other presets are for comparison.
 */

/** How far a preset may be trusted. */
export type CostGrade =
  /** Two checks against figures that it was not made from. */
  | "A"
  /** Fitted; one parameter checked against other figures. */
  | "B"
  /** One check in a wide window, and a constant borrowed from another hypervisor. */
  | "C"
  /** The ends of what is published. */
  | "band"
  /** Restates one published figure. */
  | "stated";

interface Sourced {
  /** How far the figures may be trusted. */
  readonly grade: CostGrade;
  /** The source of the figures. */
  readonly source: string;
}

/** The time that a page costs on Xen. */
export interface CostBand extends Sourced {
  /** The quickest published figure, in ns. */
  readonly leastNsPerPage: number;
  /** The slowest published figure, in ns. */
  readonly mostNsPerPage: number;
}

/** A time that is known by its ends. */
export interface TimeBand {
  /** The time if all goes as quickly as was published, in ns. */
  readonly leastNs: number;
  /** The time if all goes as slowly as was published, in ns. */
  readonly mostNs: number;
}

/** The parts of a Xen balloon's work, in ns. */
export interface XenCost extends Sourced {
  /** The allocator gives a page. */
  readonly allocNs: number;
  /** The allocator takes a page back. */
  readonly putNs: number;
  /** The guest clears a page. */
  readonly scrubNs: number;
  /** The first touch of a page with no frame behind it. */
  readonly touchUnbackedNs: number;
  /** One extent in the hypercall. */
  readonly extentNs: number;
  /** The update of a PV guest's page table. */
  readonly pteNs: number;
  /** One hypercall without its extents. */
  readonly callNs: number;
  /** A TLB flush on one vCPU. */
  readonly flushNs: number;
  /** Each further vCPU's part of a flush. No figure was published: 0. */
  readonly flushPerVcpuNs: number;
  /** Pages a hypercall. */
  readonly batchPages: number;
}

/** The parts of a virtio balloon's work on units of one size, in ns. */
export interface VirtioCost extends Sourced {
  /** Pages a unit: 1, or 512 for blocks of 2 MiB. */
  readonly unitPages: number;
  /** A message to the host and back. */
  readonly messageNs: number;
  /** The units that one message can have. */
  readonly unitsPerMessage: number;
  /** The guest's allocator gives a unit. */
  readonly allocNs: number;
  /** The host finds the unit and gives it up. */
  readonly hostNs: number;
  /** The host frees the memory of a unit that was in use. */
  readonly hostFreeTouchedNs: number;
}

/** How quickly Xen scrubs. */
export interface ScrubCost extends Sourced {
  /** On each CPU that scrubs. */
  readonly bytesPerSecond: number;
}

/** Xen: always both ends. */
export const XEN_BAND: CostBand = {
  grade: "band",
  source: "least: qubes-issues#4736 (2019), most: qubes-issues#10723 (2026), if 3600 MiB; machines not stated",
  leastNsPerPage: 4300,
  mostNsPerPage: 86_000,
};

/** Xen, a translated guest whose memory was never touched (populate on demand). */
export const XEN_HVM_POD: XenCost = {
  grade: "C",
  source:
    "allocator: llfree-bench, 1 core; scrub: 10 GB/s; touch: KVM's, HyperAlloc base-manual.csv; extent and call: assumed, below 1 % each",
  allocNs: 94,
  putNs: 90,
  scrubNs: 400,
  touchUnbackedNs: 3935,
  extentNs: 150,
  pteNs: 0,
  callNs: 400,
  flushNs: 2000,
  flushPerVcpuNs: 0,
  batchPages: 512,
};

/** Virtio-balloon of 4 KiB pages, for comparison. */
export const VIRTIO_4K: VirtioCost = {
  grade: "A",
  source: "lkml 2017-07 1707.3/04371; freeing of touched memory: HyperAlloc base-manual less nofault-base-manual",
  unitPages: 1,
  messageNs: 393_000,
  unitsPerMessage: 256,
  allocNs: 146,
  // translation and madvise
  hostNs: 137 + 427,
  hostFreeTouchedNs: 1914,
};

/** Virtio-balloon of 2 MiB blocks, for comparison. */
export const VIRTIO_SUPERPAGE: VirtioCost = {
  grade: "B",
  source: "message: as virtio-4k; allocator: llfree-bench; the host's part: fitted to HyperAlloc huge-manual.csv",
  unitPages: 512,
  messageNs: 393_000,
  unitsPerMessage: 256,
  allocNs: 2756,
  hostNs: 3250,
  hostFreeTouchedNs: 8560,
};

/** Xen's scrubbing of freed memory. */
export const XEN_SCRUB: ScrubCost = {
  grade: "stated",
  source: "lists.xen.org 2017-04 msg02016: 1 TiB in about 9 minutes on one CPU",
  bytesPerSecond: 2 ** 40 / 540,
};

/** The time that Xen and a guest need for so many pages, either way. */
export function bandNs({ leastNsPerPage, mostNsPerPage }: CostBand, pages: number): TimeBand {
  return { leastNs: pages * leastNsPerPage, mostNs: pages * mostNsPerPage };
}

/** The pages that a Xen balloon moves. */
export interface XenPages {
  /** How many move, 0 or more. */
  readonly pages: number;
  /** The guest's virtual CPUs, 1 or more. */
  readonly vcpus: number;
  /** True if the guest scrubs pages before it gives them. */
  readonly isScrubbed: boolean;
  /** True if no frame is behind the pages until they are touched. */
  readonly isUnbacked: boolean;
  /** True for a guest that has its own page tables in front of Xen. */
  readonly isPv: boolean;
}

/** The time that a guest needs to give pages, in ns. */
export function xenInflateNs(cost: XenCost, move: XenPages): number {
  const perPage =
    cost.allocNs +
    (move.isScrubbed ? cost.scrubNs : 0) +
    (move.isUnbacked ? cost.touchUnbackedNs : 0) +
    (move.isPv ? cost.pteNs : 0) +
    cost.extentNs;
  const perCall = cost.callNs + cost.flushNs + cost.flushPerVcpuNs * (move.vcpus - 1);
  return move.pages * perPage + Math.ceil(move.pages / cost.batchPages) * perCall;
}

/** The time that a guest needs to take pages, in ns. */
export function xenDeflateNs(cost: XenCost, { pages, isPv }: Pick<XenPages, "pages" | "isPv">): number {
  const perPage = cost.putNs + (isPv ? cost.pteNs : 0) + cost.extentNs;
  return pages * perPage + Math.ceil(pages / cost.batchPages) * cost.callNs;
}

/** The time that a virtio balloon needs to give units, in ns. @param touched - how many of them were in use */
export function virtioInflateNs(cost: VirtioCost, units: number, touched: number): number {
  return virtioDeflateNs(cost, units) + units * (cost.allocNs + cost.hostNs) + touched * cost.hostFreeTouchedNs;
}

/** The time that a virtio balloon needs to take units, in ns: the messages alone. */
export function virtioDeflateNs(cost: VirtioCost, units: number): number {
  return Math.ceil(units / cost.unitsPerMessage) * cost.messageNs;
}

/** The time that Xen needs to scrub the pages of a dead domain, in ns. */
export function scrubNs({ bytesPerSecond }: ScrubCost, pages: number, cpus: number): number {
  return ((pages * 4096) / bytesPerSecond / cpus) * 1e9;
}
