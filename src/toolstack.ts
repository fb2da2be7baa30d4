/**
 * The memory policies of Xen hosts, as their daemons decide, and the guest's side of their interface: the keys of
 * xenstore, the watch of memory/target, the attributes in sysfs. A host runs a policy against its guests; a policy of
 * one's own has the same interface.
 *
 * @module xen-balloon/toolstack
 */

export type { BootOptions } from "./api/types.js";
export type { EngineModules } from "./engine/modules.js";
export type { Generation } from "./host/generation.js";
export {
  bandNs,
  type CostBand,
  type CostGrade,
  type ScrubCost,
  scrubNs,
  type TimeBand,
  VIRTIO_4K,
  VIRTIO_SUPERPAGE,
  type VirtioCost,
  virtioDeflateNs,
  virtioInflateNs,
  XEN_BAND,
  XEN_HVM_POD,
  XEN_SCRUB,
  type XenCost,
  type XenPages,
  xenDeflateNs,
  xenInflateNs,
} from "./toolstack/cost.js";
export {
  BalloonHost,
  type CreateHostOptions,
  createHost,
  type GuestStartedEvent,
  type GuestStoppedEvent,
  type HostEvents,
  type HostedGuestEvent,
  type PolicyLogEvent,
  type StartRefusedEvent,
  type TargetEvent,
} from "./toolstack/create-host.js";
export { type SysfsDriver, type SysfsError, type SysfsFile, sysfsFiles } from "./toolstack/guest/sysfs.js";
export type { DemandPoint, HostGuest, HostOptions, Pressure } from "./toolstack/options.js";
export type { GuestLine, GuestOutcome, HostOutcome, ReasonShare, StartOutcome, TimeLine } from "./toolstack/outcome.js";
export { type FitsOptions, fits } from "./toolstack/policies/fits.js";
export { keep } from "./toolstack/policies/keep.js";
export { qmemman } from "./toolstack/policies/qmemman/policy.js";
export { squeezed } from "./toolstack/policies/squeezed/squeezed.js";
export {
  type MemoryRefused,
  type MemorySet,
  memMax,
  memSet,
  type SetMemory,
} from "./toolstack/policies/xl/memory-target.js";
export { type DomainConfig, needMemoryKib, type StubDomain, shadowKib } from "./toolstack/policies/xl/need-memory.js";
export { xl } from "./toolstack/policies/xl/xl.js";
export {
  type DomainEvent,
  nextEvent,
  type Policy,
  type PolicyEvent,
  type StartEvent,
  type StartRequest,
  sleep,
  type Task,
  type Wait,
} from "./toolstack/policy.js";
export {
  areLimitsPinned,
  areLimitsValid,
  type MemoryLimits,
  resetLimits,
  transformLimits,
  type VmMemory,
  type VmSums,
  vmOverheadMib,
  vmSums,
} from "./toolstack/xapi-memory.js";
export type { Domain, DomainType, Reason, Xen } from "./toolstack/xen.js";
export { type StoreWatch, XenStore } from "./toolstack/xenstore.js";
