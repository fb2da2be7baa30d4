/**
 * A host of many guests, under a memory policy that decides as its daemon does. A policy of one's own has the same
 * interface.
 *
 * @module xen-balloon/toolstack
 */

export type { BootOptions } from "./api/types.js";
export type { EngineModules } from "./engine/modules.js";
export type { Generation } from "./host/generation.js";
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
export type { SysfsError, SysfsFile } from "./toolstack/guest/sysfs.js";
export type { DemandPoint, HostGuest, HostOptions, Pressure } from "./toolstack/options.js";
export type {
  DonorOutcome,
  GuestLine,
  GuestOutcome,
  HostOutcome,
  ReasonShare,
  StartOutcome,
  TimeLine,
} from "./toolstack/outcome.js";
export { type FitsOptions, fits } from "./toolstack/policies/fits.js";
export { keep } from "./toolstack/policies/keep.js";
export { qmemman } from "./toolstack/policies/qmemman/policy.js";
export { squeezed } from "./toolstack/policies/squeezed/squeezed.js";
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
export type { Domain, DomainType, Reason, Xen } from "./toolstack/xen.js";
export type { Store, StoreWatch } from "./toolstack/xenstore.js";
