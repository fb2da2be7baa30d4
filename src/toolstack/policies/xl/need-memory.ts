/** Libxl's sum of the memory that a domain needs at its start (libxl_domain_need_memory). Sizes are in KiB. */
import type { DomainType } from "../../xen.js";

/** A domain as its configuration of xl tells. */
export interface DomainConfig {
  /** `type`. */
  readonly type: DomainType;
  /** `memory`. */
  readonly memoryKib: number;
  /** `maxmem`. */
  readonly maxmemKib: number;
  /** `vcpus`. */
  readonly vcpus: number;
  /** False if Xen shadows the page tables of the guest. Default: true. */
  readonly hap?: boolean;
  /** The domain that runs its device model, if that is a domain of its own. Default: null. */
  readonly stubDomain?: StubDomain | null;
}

/** A domain that runs the device model of another. */
export interface StubDomain {
  /** Its own memory. */
  readonly memoryKib: number;
  /** Video memory of the domain that it serves. */
  readonly videoKib: number;
}

/** Xen's own tables of a domain. */
const PV_OVERHEAD_KIB = 1024;
const HVM_OVERHEAD_KIB = 2048;

/** The sum is rounded up to superpages. */
const SUPERPAGE_KIB = 2048;

const KIB_PER_PAGE = 4;
const SHADOW_PAGES_PER_VCPU = 256;

/** Computes the shadow or HAP memory of a domain. */
export function shadowKib({ type, maxmemKib, vcpus, hap = true }: DomainConfig): number {
  if (type === "pv") return 0;
  const pagesPerMib = hap ? 1 : 2;
  return KIB_PER_PAGE * (SHADOW_PAGES_PER_VCPU * vcpus + pagesPerMib * Math.floor(maxmemKib / 1024));
}

/** Computes the memory that has to be free at the start of a domain that has no PCI devices. */
export function needMemoryKib(config: DomainConfig): number {
  const { type, memoryKib, stubDomain = null } = config;
  const stubKib = stubDomain === null ? 0 : stubDomain.memoryKib + stubDomain.videoKib;
  const overheadKib = type === "pv" ? PV_OVERHEAD_KIB : HVM_OVERHEAD_KIB + stubKib;
  return Math.ceil((memoryKib + shadowKib(config) + overheadKib) / SUPERPAGE_KIB) * SUPERPAGE_KIB;
}
