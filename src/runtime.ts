/**
 * Tells which JavaScript runtime this is, and checks that it is new enough.
 *
 * @module xen-balloon/runtime
 */
export { type Runtime, requireRuntime, thisRuntime } from "./host/runtime.js";
