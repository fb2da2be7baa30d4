/** Sums of xapi for the memory of a whole VM, in MiB (xenopsd's memory.ml), and its rules for the five limits of a VM. */
import type { DomainType } from "./xen.js";

const PAGES_PER_MIB = 256;

/** Beside what a domain has, this much goes to Xen's own tables, and to those of four vCPUs or fewer. In MiB. */
const EXTRA_EXTERNAL_MIB = 1;
const VCPUS_PER_EXTERNAL_MIB = 4;

/** The memory of a VM as its owner sets it. Sizes in MiB. */
export interface VmMemory {
  /** How it is virtualised. */
  readonly type: DomainType;
  /** Its greatest size. */
  readonly staticMaxMib: number;
  /** The memory that it starts with, at most `staticMaxMib`. */
  readonly targetMib: number;
  /** Video memory, which is part of the sizes above. */
  readonly videoMib: number;
  /** Virtual CPUs, 1 or more. */
  readonly vcpus: number;
  /** Multiplies the shadow memory; 1 unless told. */
  readonly shadowMultiplier: number;
}

/** The sizes that a VM's builder works with, in MiB unless said. */
export interface VmSums {
  /** Memory that the builder makes room for. */
  readonly buildMaxMib: number;
  /** Memory that it fills at the start. */
  readonly buildStartMib: number;
  /** maxmem of Xen. */
  readonly xenMaxMib: number;
  /** Memory that Xen sets aside for its page tables. */
  readonly shadowMib: number;
  /** Memory that has to be free on the host at the start. */
  readonly requiredHostFreeMib: number;
  /** The part of it that is not the target. */
  readonly overheadMib: number;
  /** Pages that the builder claims from Xen. */
  readonly buildClaimPages: number;
}

/** Computes the sizes of a VM. */
export function vmSums(vm: VmMemory): VmSums {
  const { staticMaxMib, targetMib, videoMib } = vm;
  const buildStartMib = targetMib - videoMib + shimMib(vm, targetMib);
  const overheadMib = vmOverheadMib(vm);
  return {
    buildMaxMib: staticMaxMib - videoMib + shimMib(vm, staticMaxMib),
    buildStartMib,
    xenMaxMib: staticMaxMib + xenMaxOffsetMib(vm) + shimMib(vm, staticMaxMib),
    shadowMib: shadowMib(vm),
    requiredHostFreeMib: targetMib + overheadMib,
    overheadMib,
    buildClaimPages: buildStartMib * PAGES_PER_MIB,
  };
}

/** Computes what a VM needs beside its target, in MiB. */
export function vmOverheadMib(vm: Pick<VmMemory, "type" | "staticMaxMib" | "vcpus" | "shadowMultiplier">): number {
  const externalMib = EXTRA_EXTERNAL_MIB + Math.ceil(vm.vcpus / VCPUS_PER_EXTERNAL_MIB);
  return xenMaxOffsetMib(vm) + externalMib + shadowMib(vm) + shimMib(vm, vm.staticMaxMib);
}

/** Xen's own part of maxmem. */
function xenMaxOffsetMib({ type }: Pick<VmMemory, "type">): number {
  return type === "pv" ? 0 : 1;
}

/** Shadow or HAP memory: 256 pages a vCPU and two pages a MiB. It is set aside for PV domains too. */
function shadowMib(vm: Pick<VmMemory, "staticMaxMib" | "vcpus" | "shadowMultiplier">): number {
  const pages = PAGES_PER_MIB * vm.vcpus + 2 * vm.staticMaxMib;
  return Math.max(1, Math.trunc(Math.ceil(pages / PAGES_PER_MIB) * vm.shadowMultiplier));
}

/** The Xen inside a PV-in-PVH domain, for a domain of this size. */
function shimMib({ type }: Pick<VmMemory, "type">, mib: number): number {
  return type === "pv-in-pvh" ? 23 + Math.trunc(mib / 90) : 0;
}

/** The limits of a VM, in any one unit. */
export interface MemoryLimits {
  /** The least that dynamic-min may be. */
  readonly staticMin: number;
  /** The least that the VM is ballooned down to. */
  readonly dynamicMin: number;
  /** The size that it should have now. */
  readonly target: number;
  /** The most that it is ballooned up to. */
  readonly dynamicMax: number;
  /** The most that it can have, from its start on. */
  readonly staticMax: number;
}

/** Tells whether the limits are in order. The target is not looked at. */
export function areLimitsValid({ staticMin, dynamicMin, dynamicMax, staticMax }: MemoryLimits): boolean {
  return staticMin <= dynamicMin && dynamicMin <= dynamicMax && dynamicMax <= staticMax;
}

/** Tells whether the VM cannot be ballooned. */
export function areLimitsPinned({ dynamicMin, dynamicMax }: MemoryLimits): boolean {
  return dynamicMin === dynamicMax;
}

/** Brings the dynamic range into the static one and the target into the dynamic one; null if a range is upside down. */
export function transformLimits(limits: MemoryLimits): MemoryLimits | null {
  const { staticMin, staticMax } = limits;
  if (staticMax < staticMin || limits.dynamicMax < limits.dynamicMin) return null;
  const dynamicMin = clamp(limits.dynamicMin, staticMin, staticMax);
  const dynamicMax = clamp(limits.dynamicMax, staticMin, staticMax);
  return { staticMin, dynamicMin, target: clamp(limits.target, dynamicMin, dynamicMax), dynamicMax, staticMax };
}

/** Takes ballooning away: everything at static-max, which is what xapi falls back to. */
export function resetLimits({ staticMin, staticMax }: MemoryLimits): MemoryLimits {
  return {
    staticMin: Math.min(staticMin, staticMax),
    dynamicMin: staticMax,
    target: staticMax,
    dynamicMax: staticMax,
    staticMax,
  };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
