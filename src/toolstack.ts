/**
 * The memory policies of Xen hosts, as their daemons decide, and the guest's side of their interface: the keys of
 * xenstore, the watch of memory/target, the attributes in sysfs. A host runs a policy against its guests; a policy of
 * one's own has the same interface.
 *
 * @module xen-balloon/toolstack
 */
export {
  nextEvent,
  type Policy,
  type PolicyEvent,
  type StartRequest,
  sleep,
  type Task,
  type Wait,
} from "./toolstack/policy.js";
export type { Domain, DomainType, Reason, Xen } from "./toolstack/xen.js";
export { type StoreWatch, XenStore } from "./toolstack/xenstore.js";
