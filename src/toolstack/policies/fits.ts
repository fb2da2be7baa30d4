/** Each guest gets what it uses, if it fits: the ideal end of the scale of policies, which no daemon reaches. */
import { nextEvent, type Policy, type StartRequest, type Task } from "../policy.js";
import type { Domain, Reason, Xen } from "../xen.js";

const KIB_PER_PAGE = 4;

/** A start waits so long at most for guests that give. */
const START_WAIT_MS = 60_000;
const START_LOOK_MS = 1000;

/** A start that has no answer yet. */
interface Start {
  readonly request: StartRequest;
  readonly untilMs: number;
}

/** What a guest should have, in KiB of its memory/target. */
interface Wish {
  readonly domid: number;
  readonly kib: number;
  readonly isAtStaticMax: boolean;
}

/**
 * Gives each guest what it reports to use (memory/meminfo) and a reserve, at most its memory/static-max, as soon as any
 * guest reports. What does not fit on the host is scaled: each gets the same part of its wish. Guests that do not report
 * keep what they have, and so does what Xen counts for a guest beside its target. A start has what the wishes leave.
 */
export class Fits implements Policy {
  readonly name = "fits";
  readonly #reserveKib: number;
  /** Xen's count of a domain less its target, as it was when the domain was first seen: video memory, firmware. */
  readonly #offsetsKib = new Map<number, number>();

  /** @param reserveKib - what each guest is to have beside what it uses. Default: 131,072 (128 MiB) */
  constructor(reserveKib: number = 131_072) {
    this.#reserveKib = reserveKib;
  }

  *run(xen: Xen): Task {
    let starts: Start[] = [];
    for (;;) {
      let event = yield* nextEvent(starts.length > 0 ? START_LOOK_MS : Number.POSITIVE_INFINITY);
      // events of one time are decided on at once
      for (; event !== null; event = yield* nextEvent(0)) {
        if (event.kind === "start") starts.push({ request: event.request, untilMs: xen.nowMs + START_WAIT_MS });
        if (event.kind === "released") this.#offsetsKib.delete(event.domid);
      }
      this.#share(xen);
      starts = starts.filter((start) => !isAnswered(xen, start));
    }
  }

  #share(xen: Xen): void {
    let roomKib = xen.totalKib;
    let wishedKib = 0;
    const wishes: Wish[] = [];
    for (const domain of xen.domains()) {
      const wish = this.#wishOf(xen, domain);
      if (wish === null) {
        roomKib -= domain.totKib;
        xen.explain(domain.domid, "not-reporting");
      } else {
        roomKib -= this.#offsetKib(xen, domain);
        wishedKib += wish.kib;
        wishes.push(wish);
      }
    }
    const part = Math.min(1, Math.max(0, roomKib) / Math.max(1, wishedKib));
    const targets = wishes.map((wish) => ({ ...wish, kib: wholePages(wish.kib * part) }));
    // who gives is told first
    for (const gives of [true, false]) {
      for (const { domid, kib } of targets) {
        const before = targetOf(xen, domid);
        if (before === null || before === kib || kib < before !== gives) continue;
        xen.log(`domain ${domid}: target ${kib} KiB (was ${before} KiB)`);
        xen.store.write(domid, "memory/target", String(kib));
      }
    }
    for (const { domid, isAtStaticMax } of wishes) xen.explain(domid, reasonOf(part, isAtStaticMax));
  }

  /** A guest's wish; null if it has not reported, or has no target. */
  #wishOf(xen: Xen, { domid }: Domain): Wish | null {
    const usedKib = kibOf(xen.store.read(domid, "memory/meminfo"));
    if (usedKib === null || targetOf(xen, domid) === null) return null;
    const wishKib = usedKib + this.#reserveKib;
    const staticMaxKib = kibOf(xen.store.read(domid, "memory/static-max")) ?? Number.POSITIVE_INFINITY;
    return { domid, kib: Math.min(wishKib, staticMaxKib), isAtStaticMax: wishKib >= staticMaxKib };
  }

  #offsetKib(xen: Xen, { domid, totKib }: Domain): number {
    let offsetKib = this.#offsetsKib.get(domid);
    if (offsetKib === undefined) {
      offsetKib = Math.max(0, totKib - (targetOf(xen, domid) ?? totKib));
      this.#offsetsKib.set(domid, offsetKib);
    }
    return offsetKib;
  }
}

/** Starts a guest once all its memory is free, or with what is free when the time is over. */
function isAnswered(xen: Xen, { request, untilMs }: Start): boolean {
  const freeKib = wholePages(xen.freeKib);
  if (freeKib < request.memoryKib && xen.nowMs < untilMs) return false;
  if (freeKib >= request.minimumKib) request.grant(Math.min(freeKib, request.memoryKib));
  else request.refuse("host-empty", `${request.minimumKib} KiB needed at least, ${freeKib} KiB free`);
  return true;
}

/** The reason for which a guest gets no more; null if it has all that it wishes. */
function reasonOf(part: number, isAtStaticMax: boolean): Reason | null {
  if (part < 1) return "share";
  return isAtStaticMax ? "maxmem" : null;
}

function targetOf(xen: Xen, domid: number): number | null {
  return kibOf(xen.store.read(domid, "memory/target"));
}

function kibOf(value: string | undefined): number | null {
  return value !== undefined && /^\d+$/.test(value) ? Number(value) : null;
}

function wholePages(kib: number): number {
  return Math.floor(kib / KIB_PER_PAGE) * KIB_PER_PAGE;
}
