/** Squeezed between its algorithm and Xen: what a look sees and does, and in which order a target is written. */
import { sleep, type Task } from "../../policy.js";
import type { Domain, Reason, Xen } from "../../xen.js";
import { type BalloonDomain, type BalloonHost, hostOf, isOnTarget } from "./ballooning.js";
import { WatchedDomain } from "./watched-domain.js";

/** How far from its target a driver may come to rest: a page. */
const INACCURACY_KIB = 4;

/** A domain off its target for longer than this is marked memory/uncooperative. */
const UNCOOPERATIVE_AFTER_MS = 20_000;

/** A look waits while so much or more is still to be scrubbed: 1,024 pages. */
const SCRUB_WAITED_FOR_KIB = 4096;

const SCRUB_WAIT_MS = 250;

/** The host in front of squeezed. Dom0 is no part of it (manage-domain-zero is off). */
export class XenLayer {
  readonly xen: Xen;
  readonly #domains = new Map<number, WatchedDomain>();
  /** Memory that was promised to domains that do not exist yet, in KiB, by reservation. */
  readonly #reservations = new Map<string, number>();

  constructor(xen: Xen) {
    this.xen = xen;
  }

  /**
   * Looks at the host. A look measures the memory-offset of domains that have just booted, marks who does not cooperate,
   * and pulls maxmem down to the target of every domain that can balloon.
   */
  *look(): Task<BalloonHost> {
    while (this.xen.scrubKib >= SCRUB_WAITED_FOR_KIB) yield* sleep(SCRUB_WAIT_MS);
    const host = this.#listDomains();
    for (const domain of host.domains) this.#markCooperation(domain);
    for (const { domid, canBalloon, targetKib } of host.domains) {
      const watched = this.#watched(domid);
      if (canBalloon && targetKib < watched.rememberedMaxmemKib) this.#setMaxmem(watched, targetKib);
    }
    return host;
  }

  /** Sets a domain's target and maxmem: first what lets it grow, last what keeps it from growing. */
  setTarget(domid: number, targetKib: number): void {
    const watched = this.#watched(domid);
    if (targetKib > watched.rememberedMaxmemKib) {
      this.#setMaxmem(watched, targetKib);
      this.#writeTarget(watched, targetKib);
    } else if (watched.canBalloon) {
      this.#writeTarget(watched, targetKib);
      this.#setMaxmem(watched, targetKib);
    }
  }

  /** Remembers why a domain gets no more. */
  explain(domid: number, reason: Reason): void {
    const watched = this.#watched(domid);
    if (watched.reason === reason) return;
    watched.reason = reason;
    this.xen.explain(domid, reason);
  }

  /** Keeps memory from everybody until it is transferred. */
  reserve(id: string, kib: number): void {
    this.#reservations.set(id, kib);
  }

  /** Turns a reservation into the promise to a domain, which may take that much from now on. */
  transferReservation(id: string, domain: Domain): void {
    const kib = this.#reservations.get(id);
    if (kib === undefined) throw new RangeError(`reservation: expected one that was made, got ${id}`);
    const { domid } = domain;
    this.xen.store.write(domid, "memory/initial-reservation", String(kib));
    this.xen.store.write(domid, "memory/reservation-id", id);
    this.#setMaxmem(this.#watch(domain), kib);
    this.#reservations.delete(id);
  }

  #listDomains(): BalloonHost {
    let freeKib = this.xen.freeKib;
    for (const kib of this.#reservations.values()) freeKib -= kib;
    const seen: BalloonDomain[] = [];
    let listed = 0;
    for (const domain of this.xen.domains()) {
      if (domain.domid === 0) continue;
      listed++;
      const watched = this.#domains.get(domain.domid) ?? this.#watch(domain);
      if (watched.hasBooted) {
        const balloon = this.#bootedDomain(domain, watched);
        if (balloon !== null) seen.push(balloon);
      } else {
        freeKib -= Math.max(0, (watched.initialReservationKib ?? 0) - domain.totKib - domain.shadowKib);
        seen.push(unbootedDomain(domain, watched));
      }
    }
    if (this.#domains.size > listed) this.#forgetTheGone();
    return hostOf(freeKib, seen);
  }

  /** Sees a domain that has booted; null if it has no target, which is a domain on its way out. */
  #bootedDomain(domain: Domain, watched: WatchedDomain): BalloonDomain | null {
    const { domid, canBalloon, targetKib, dynamicMinKib, dynamicMaxKib } = watched;
    if (targetKib === null) return null;
    let offsetKib = watched.memoryOffsetKib;
    if (offsetKib === null) {
      // measured once: at this moment the domain is taken to be at its target
      offsetKib = domain.totKib - targetKib;
      this.xen.log(`domid ${domid} has booted; memory-offset = ${offsetKib} KiB`);
      this.xen.store.write(domid, "memory/memory-offset", String(offsetKib));
    }
    const hasRange = dynamicMinKib !== null && dynamicMaxKib !== null;
    return {
      domid,
      canBalloon,
      targetKib,
      dynamicMinKib: hasRange ? dynamicMinKib : targetKib,
      dynamicMaxKib: hasRange ? dynamicMaxKib : targetKib,
      actualKib: domain.totKib - offsetKib,
      inaccuracyKib: INACCURACY_KIB,
    };
  }

  #markCooperation(domain: BalloonDomain): void {
    const { domid } = domain;
    const watched = this.#watched(domid);
    if (!domain.canBalloon || isOnTarget(domain)) {
      watched.lastOnTargetMs = this.xen.nowMs;
      if (!watched.isUncooperative) return;
      watched.isUncooperative = false;
      this.xen.store.remove(domid, "memory/uncooperative");
    } else if (!watched.isUncooperative && this.xen.nowMs - watched.lastOnTargetMs > UNCOOPERATIVE_AFTER_MS) {
      watched.isUncooperative = true;
      this.xen.store.write(domid, "memory/uncooperative", "");
      this.xen.log(`domid ${domid} is off its target for more than 20 s: memory/uncooperative`);
    }
  }

  #setMaxmem(watched: WatchedDomain, targetKib: number): void {
    const { domid, rememberedMaxmemKib } = watched;
    const kib = targetKib + (watched.memoryOffsetKib ?? 0) + watched.xenMaxOffsetKib;
    if (kib === rememberedMaxmemKib) return;
    this.xen.log(`domain_setmaxmem domid=${domid} max=${kib} (was=${rememberedMaxmemKib})`);
    this.xen.setMaxmem(domid, kib);
    watched.rememberedMaxmemKib = kib;
  }

  #writeTarget({ domid, canBalloon, targetKib }: WatchedDomain, kib: number): void {
    if (!canBalloon || kib === targetKib) return;
    this.xen.log(`set_target domid=${domid} target=${kib} (was=${targetKib})`);
    this.xen.store.write(domid, "memory/target", String(kib));
  }

  #watch(domain: Domain): WatchedDomain {
    const watched = new WatchedDomain(domain, this.xen.store, this.xen.nowMs);
    this.#domains.set(domain.domid, watched);
    return watched;
  }

  /** Finds a domain of the last look. */
  #watched(domid: number): WatchedDomain {
    const watched = this.#domains.get(domid);
    if (watched === undefined) throw new RangeError(`domid: expected a domain of the last look, got ${domid}`);
    return watched;
  }

  #forgetTheGone(): void {
    const present = new Set(this.xen.domains().map(({ domid }) => domid));
    for (const domid of this.#domains.keys()) if (!present.has(domid)) this.#domains.delete(domid);
  }
}

/** Sees a domain that has not booted: all its sizes are what it may have, and it gives nothing. */
function unbootedDomain(domain: Domain, watched: WatchedDomain): BalloonDomain {
  // where nothing limits the domain, it counts with what it has
  const maxmemKib = Number.isFinite(domain.maxmemKib) ? watched.ownMaxmemKib(domain) : domain.totKib;
  return {
    domid: domain.domid,
    canBalloon: false,
    dynamicMinKib: maxmemKib,
    targetKib: maxmemKib,
    dynamicMaxKib: maxmemKib,
    actualKib: maxmemKib,
    inaccuracyKib: INACCURACY_KIB,
  };
}
