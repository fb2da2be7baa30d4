/** An observer of each memory_op that does nothing: figures beside it show what it costs to tell an observer of each call. */
import type { GuestObserver } from "xen-balloon/core";

export const silentObserver: GuestObserver = { afterMemoryOp() {} };
