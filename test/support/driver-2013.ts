/** Calls of the driver of 2013, for tests that drive an engine by itself. */
import { expect } from "vitest";
import type { Driver2013, GuestBackend, Kernel } from "../../src/host/backend.js";

/** The driver of a guest that has the driver of 2013. */
export function driver2013({ driver }: GuestBackend): Driver2013 {
  return driver.generation === "2013" ? driver : expect.unreachable("the guest has the driver of 2013");
}

/** A kernel that does nothing for its driver. */
export const idleKernel: Kernel = { scheduleDelayedWork() {}, wakeThread() {}, wakeCallers() {}, log() {} };
