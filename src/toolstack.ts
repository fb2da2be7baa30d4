/**
 * The memory policies of Xen hosts, as their daemons decide, and the guest's side of their interface: the keys of
 * xenstore, the watch of memory/target, the attributes in sysfs. A host runs a policy against its guests; a policy of
 * one's own has the same interface.
 *
 * @module xen-balloon/toolstack
 */

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
export { Fits } from "./toolstack/policies/fits.js";
export { Keep } from "./toolstack/policies/keep.js";
export { balance, balanceEnough, type Sums, sumUp } from "./toolstack/policies/qmemman/balance.js";
export { balloon } from "./toolstack/policies/qmemman/balloon.js";
export { KEPT_FREE_BYTES } from "./toolstack/policies/qmemman/constants.js";
export {
  type BalancedDomain,
  neededBytes,
  parseMeminfo,
  preferredBytes,
  type Target,
} from "./toolstack/policies/qmemman/domain.js";
export { qmemman } from "./toolstack/policies/qmemman/policy.js";
export { rebalance } from "./toolstack/policies/qmemman/rebalance.js";
export { requestMemory } from "./toolstack/policies/qmemman/request.js";
export { setMemory, type Wish } from "./toolstack/policies/qmemman/set-mem.js";
export { type DomainState, SystemState } from "./toolstack/policies/qmemman/system-state.js";
export { Squeezed } from "./toolstack/policies/squeezed/squeezed.js";
export { memMax, memSet, type SetMemory } from "./toolstack/policies/xl/memory-target.js";
export { type DomainConfig, needMemoryKib, shadowKib } from "./toolstack/policies/xl/need-memory.js";
export { Xl } from "./toolstack/policies/xl/xl.js";
export {
  nextEvent,
  type Policy,
  type PolicyEvent,
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
