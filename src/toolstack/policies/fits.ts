/** Each guest gets what it uses, if it fits: the ideal end of the scale of policies, which no daemon reaches. */
import { MAXMEM_SLACK_KIB } from "../maxmem.js";
import { nextEvent, type Policy, type StartRequest, type Task } from "../policy.js";
import type { Domain, Reason, Xen } from "../xen.js";

/** Memory of a guest beside what it uses, in KiB, unless told. */
const RESERVE_KIB = 131_072;

/** A start waits so long at most for guests that give. */
const START_WAIT_MS = 60_000;
const START_LOOK_MS = 1000;

const KIB_PER_PAGE = 4;

/** A start that has no answer yet. */
interface Start {
  readonly request: StartRequest;
  readonly untilMs: number;
}

/** The memory that a guest should have. */
interface Wish {
  readonly domid: number;
  /** Its memory/target as it is, and as it should be, in KiB. */
  readonly targetKib: number;
  readonly kib: number;
  readonly isAtStaticMax: boolean;
}

/** The options of `fits`. */
export interface FitsOptions {
  /** Memory that each guest is to have beside what it uses, in KiB. Default: 131,072 (128 MiB). */
  readonly reserveKib?: number;
}

/**
 * Makes the policy that gives each guest what it reports to use (memory/meminfo) and a reserve, up to its
 * memory/static-max, whenever any guest reports. If that does not fit on the host, each guest gets the same part of it.
 * Its maxmem follows. Guests that do not report keep what they have, and so does what Xen counts for a guest beside its
 * target. A start gets what is left.
 *
 * @param options - see FitsOptions.
 * @example
 * const policy = fits({ reserveKib: 262_144 });
 */
export function fits(options: FitsOptions = {}): Policy {
  const { reserveKib = RESERVE_KIB } = options;
  return { name: "fits", run: (xen) => run(xen, reserveKib) };
}

function* run(xen: Xen, reserveKib: number): Task {
  /** Xen's count of a domain less its target, measured at its first report: video memory, firmware. */
  const offsetsKib = new Map<number, number>();
  let starts: readonly Start[] = [];
  for (;;) {
    let event = yield* nextEvent(starts.length > 0 ? START_LOOK_MS : Number.POSITIVE_INFINITY);
    // events of one time are decided on at once
    for (; event !== null; event = yield* nextEvent(0)) {
      if (event.kind === "start") starts = [...starts, { request: event.request, untilMs: xen.nowMs + START_WAIT_MS }];
      if (event.kind === "released") offsetsKib.delete(event.domid);
    }
    share(xen, reserveKib, offsetsKib);
    starts = starts.filter((start) => !isAnswered(xen, start));
  }
}

function share(xen: Xen, reserveKib: number, offsetsKib: Map<number, number>): void {
  let roomKib = xen.totalKib;
  let wishedKib = 0;
  const wishes: Wish[] = [];
  for (const domain of xen.domains()) {
    const { domid, totKib } = domain;
    const wish = wishOf(xen, domain, reserveKib);
    if (wish === null) {
      roomKib -= totKib;
      xen.explain(domid, "not-reporting");
      continue;
    }
    const offsetKib = offsetsKib.get(domid) ?? Math.max(0, totKib - wish.targetKib);
    offsetsKib.set(domid, offsetKib);
    roomKib -= offsetKib;
    wishedKib += wish.kib;
    wishes.push(wish);
  }
  const part = Math.min(1, Math.max(0, roomKib) / Math.max(1, wishedKib));
  // who gives is told first
  for (const gives of [true, false]) {
    for (const { domid, kib, targetKib } of wishes) {
      const newKib = wholePages(kib * part);
      if (newKib === targetKib || newKib < targetKib !== gives) continue;
      // a guest that grows needs its maxmem first; one that shrinks has more than that for a while
      xen.setMaxmem(domid, newKib + (offsetsKib.get(domid) ?? 0) + MAXMEM_SLACK_KIB);
      xen.log(`domain ${domid}: target ${newKib} KiB (was ${targetKib} KiB)`);
      xen.store.write(domid, "memory/target", String(newKib));
    }
  }
  for (const { domid, isAtStaticMax } of wishes) xen.explain(domid, reasonOf(part, isAtStaticMax));
}

/** A guest's wish; null if it has not reported, or has no target. */
function wishOf({ store }: Xen, { domid }: Domain, reserveKib: number): Wish | null {
  const usedKib = kibOf(store.read(domid, "memory/meminfo"));
  const targetKib = kibOf(store.read(domid, "memory/target"));
  if (usedKib === null || targetKib === null) return null;
  const staticMaxKib = kibOf(store.read(domid, "memory/static-max")) ?? Number.POSITIVE_INFINITY;
  // video memory is in static-max, but not in the target
  const mostKib = staticMaxKib - (kibOf(store.read(domid, "memory/videoram")) ?? 0);
  const wishKib = usedKib + reserveKib;
  return { domid, targetKib, kib: Math.min(wishKib, mostKib), isAtStaticMax: wishKib >= mostKib };
}

/** Starts a guest once all its memory is free, or with what is free when the time is over. */
function isAnswered(xen: Xen, { request, untilMs }: Start): boolean {
  const freeKib = wholePages(xen.freeKib);
  if (freeKib < request.memoryKib && xen.nowMs < untilMs) return false;
  if (freeKib >= request.minimumKib) request.grant(Math.min(freeKib, request.memoryKib));
  else request.refuse("host-empty", `${request.minimumKib} KiB needed at least, ${freeKib} KiB free`);
  return true;
}

/** The reason for which a guest gets no more. */
function reasonOf(part: number, isAtStaticMax: boolean): Reason {
  if (part < 1) return "share";
  return isAtStaticMax ? "maxmem" : "reported";
}

function kibOf(value: string | undefined): number | null {
  return value !== undefined && /^\d+$/.test(value) ? Number(value) : null;
}

function wholePages(kib: number): number {
  return Math.floor(kib / KIB_PER_PAGE) * KIB_PER_PAGE;
}
