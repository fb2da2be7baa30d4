/** Xl's freemem: takes memory from dom0 until a new domain fits (xl_vmcontrol.c and libxl_wait_for_memory_target). */
import { sleep, type Task } from "../../policy.js";
import type { Xen } from "../../xen.js";
import { moveTarget } from "./memory-target.js";

/** The waits for dom0 may take so long together; one that has begun is not cut. */
const CREDIT_MS = 30_000;

/** So much of a wait may pass without progress. */
const PATIENCE_MS = 10_000;

const LOOK_MS = 2000;

/** The outcome. */
export type Freed =
  | "freed"
  /** Dom0 is not one of the domains whose memory counts. */
  | "no-dom0"
  /** Dom0 would have to go below its minimum. */
  | "dom0-minimum"
  /** Dom0 does not give, or takes. */
  | "dom0-stuck"
  /** Dom0 gave all that it was told to, and the credit is used up: somebody else takes it. */
  | "out-of-credit";

/** Frees memory. It reads the free memory once a look. */
export function* freemem(xen: Xen, needKib: number): Task<Freed> {
  let creditMs = CREDIT_MS;
  for (;;) {
    const { freeKib } = xen;
    if (freeKib >= needKib) return "freed";
    if (creditMs <= 0) return "out-of-credit";
    const told = moveTarget(xen, 0, freeKib - needKib);
    if (!told.ok) return told.problem === "dom0-minimum" ? "dom0-minimum" : "no-dom0";
    xen.log(`freemem: ${freeKib} KiB free, ${needKib} KiB needed, target of domain 0 ${told.targetKib} KiB`);
    const startMs = xen.nowMs;
    if (!(yield* waitForTarget(xen, told.targetKib))) return "dom0-stuck";
    creditMs -= xen.nowMs - startMs;
  }
}

/**
 * Waits until dom0 has no more than its target. The wait has no end while dom0 gives; it ends if dom0 takes, or stands
 * still for too long altogether.
 */
function* waitForTarget(xen: Xen, targetKib: number): Task<boolean> {
  let patienceMs = PATIENCE_MS;
  let lastKib: number | null = null;
  while (patienceMs > 0) {
    yield* sleep(LOOK_MS);
    const kib = xen.domain(0)?.totKib ?? 0;
    if (lastKib !== null && kib > lastKib) return false;
    if (kib === lastKib) patienceMs -= LOOK_MS;
    if (kib <= targetKib) return true;
    lastKib = kib;
  }
  return false;
}
