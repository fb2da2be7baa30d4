/**
 * Which JavaScript runtime this is, and whether it is new enough.
 *
 * @module xen-balloon/runtime
 */
export { type Runtime, requireRuntime, thisRuntime } from "./host/runtime.js";
