/** Watches which balloon drivers get on. */
import type { BalloonDomain } from "./ballooning.js";

/** A driver that is off its target and gets no nearer for longer than this is stuck. */
const STUCK_AFTER_MS = 5000;

interface Progress {
  lastActualKib: number;
  lastProgressMs: number;
  stuck: boolean;
}

/**
 * Tells stuck domains from others, by what one call of the daemon saw of them. The daemon makes it anew at every call, so a
 * stuck domain costs five seconds again each time.
 */
export class Stuckness {
  readonly #progress = new Map<number, Progress>();

  /** Takes in a look. Domains that are gone are forgotten. */
  update(domains: readonly BalloonDomain[], nowMs: number): void {
    for (const domain of domains) this.#updateDomain(domain, nowMs);
    if (this.#progress.size > domains.length) this.#forgetAllBut(domains);
  }

  /** Tells whether a domain has given up, as far as anyone can see. */
  isStuck(domid: number): boolean {
    return this.#progress.get(domid)?.stuck ?? true;
  }

  #updateDomain({ domid, actualKib, targetKib, inaccuracyKib }: BalloonDomain, nowMs: number): void {
    const progress = this.#progress.get(domid);
    if (progress === undefined) {
      this.#progress.set(domid, { lastActualKib: actualKib, lastProgressMs: nowMs, stuck: false });
      return;
    }
    const movedKib = actualKib - progress.lastActualKib;
    progress.lastActualKib = actualKib;
    const distanceKib = targetKib - actualKib;
    // on target, a domain neither gains time nor stops being stuck
    if (Math.abs(distanceKib) <= inaccuracyKib) return;
    if (movedKib * distanceKib > 0) {
      progress.lastProgressMs = nowMs;
      progress.stuck = false;
    }
    if (nowMs - progress.lastProgressMs > STUCK_AFTER_MS) progress.stuck = true;
  }

  #forgetAllBut(domains: readonly BalloonDomain[]): void {
    const present = new Set(domains.map(({ domid }) => domid));
    for (const domid of this.#progress.keys()) if (!present.has(domid)) this.#progress.delete(domid);
  }
}
