/** Sets what a domain should and may have, as libxl does for xl mem-set and mem-max. Sizes are in KiB. */
import { MAXMEM_SLACK_KIB } from "../../maxmem.js";
import type { Xen } from "../../xen.js";

/** Dom0 is never told to have less (LIBXL_MIN_DOM0_MEM). */
const MIN_DOM0_KIB = 131_072;

/** A call's outcome; a refused call has written nothing. */
export type SetMemory = MemorySet | MemoryRefused;

/** A call that was made. */
export interface MemorySet {
  /** True: it was made. */
  readonly ok: true;
  /** The domain's memory/target now. */
  readonly targetKib: number;
}

/** A call that was refused. */
export interface MemoryRefused {
  /** False: nothing was written. */
  readonly ok: false;
  /** The rule against it. `no-target`: the domain has no memory/target, or there is no such domain. */
  readonly problem: "no-target" | "above-static-max" | "dom0-minimum" | "below-target";
}

/** Tells a domain how much memory it should have, and lets it have that much: xl mem-set. */
export function memSet(xen: Xen, domid: number, memoryKib: number): SetMemory {
  const outcome = setTarget(xen, domid, memoryKib - (kibAt(xen, domid, "memory/videoram") ?? 0));
  if (outcome.ok) xen.setMaxmem(domid, memoryKib + MAXMEM_SLACK_KIB);
  return outcome;
}

/** Moves a domain's target by so much, below 0 to take. The target is moved, not what the domain has; maxmem stays. */
export function moveTarget(xen: Xen, domid: number, byKib: number): SetMemory {
  const targetKib = targetOf(xen, domid);
  if (targetKib === null) return { ok: false, problem: "no-target" };
  return setTarget(xen, domid, Math.max(0, targetKib + byKib));
}

/** Sets the most that a domain may have: xl mem-max. Nothing checks that it has less. */
export function memMax(xen: Xen, domid: number, memoryKib: number): SetMemory {
  const targetKib = targetOf(xen, domid);
  if (targetKib === null) return { ok: false, problem: "no-target" };
  if (memoryKib < targetKib) return { ok: false, problem: "below-target" };
  xen.setMaxmem(domid, memoryKib + MAXMEM_SLACK_KIB);
  xen.store.write(domid, "memory/static-max", String(memoryKib));
  return { ok: true, targetKib };
}

/** The target of a domain. Dom0 has none until somebody needs it: it is what dom0 has then. */
function targetOf(xen: Xen, domid: number): number | null {
  return kibAt(xen, domid, "memory/target") ?? (domid === 0 ? (xen.domain(0)?.totKib ?? null) : null);
}

function setTarget(xen: Xen, domid: number, targetKib: number): SetMemory {
  if (targetOf(xen, domid) === null) return { ok: false, problem: "no-target" };
  const staticMaxKib = kibAt(xen, domid, "memory/static-max") ?? Number.POSITIVE_INFINITY;
  if (targetKib > staticMaxKib) return { ok: false, problem: "above-static-max" };
  if (domid === 0 && targetKib < MIN_DOM0_KIB) return { ok: false, problem: "dom0-minimum" };
  xen.store.write(domid, "memory/target", String(targetKib));
  return { ok: true, targetKib };
}

function kibAt(xen: Xen, domid: number, key: string): number | null {
  const value = xen.store.read(domid, key);
  return value !== undefined && /^\d+$/.test(value) ? Number(value) : null;
}
