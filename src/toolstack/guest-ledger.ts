/** Keeps the books of one guest: sums over time of what it wanted, had and lacked, and why. Sizes in KiB. */
import type { GuestOutcome } from "./outcome.js";
import type { Reason } from "./xen.js";

/** The situation of a guest from one entry in the books to the next. */
export interface GuestSituation {
  readonly demandKib: number;
  readonly residentKib: number;
  /** Memory of the domain, as Xen counts. */
  readonly heldKib: number;
  /** Why it is short, if it is. */
  readonly reason: Reason;
}

/** The sums of a GuestOutcome. */
export type GuestSums = Pick<
  GuestOutcome,
  | "ranMs"
  | "askedKibMs"
  | "gotKibMs"
  | "shortKibMs"
  | "shortMs"
  | "worstShortKib"
  | "idleKibMs"
  | "atMinimumTimes"
  | "atMinimumMs"
  | "reasons"
>;

/** The sums of a guest that has not run. */
export const NO_SUMS = {
  ranMs: 0,
  askedKibMs: 0,
  gotKibMs: 0,
  shortKibMs: 0,
  shortMs: 0,
  worstShortKib: 0,
  idleKibMs: 0,
  atMinimumTimes: 0,
  atMinimumMs: 0,
};

export class GuestLedger {
  /** A guest counts as at its minimum up to this much above it: domains hold some pages beside their target. */
  static readonly SLACK_KIB = 1024;

  readonly #minimumKib: number;
  #sinceMs: number;
  #now: GuestSituation;
  readonly #sums = { ...NO_SUMS };
  readonly #reasons = new Map<Reason, { shortKibMs: number; ms: number }>();

  constructor(minimumKib: number, nowMs: number, situation: GuestSituation) {
    this.#minimumKib = minimumKib;
    this.#sinceMs = nowMs;
    this.#now = situation;
  }

  /** Books the time since the last entry, and goes on with this situation. */
  enter(nowMs: number, situation: GuestSituation): void {
    const was = this.#now;
    const ms = nowMs - this.#sinceMs;
    const short = was.demandKib - was.residentKib;
    const sums = this.#sums;
    sums.ranMs += ms;
    sums.askedKibMs += was.demandKib * ms;
    sums.gotKibMs += was.residentKib * ms;
    sums.idleKibMs += Math.max(0, was.heldKib - was.residentKib) * ms;
    if (this.#isLow(was)) sums.atMinimumMs += ms;
    if (!this.#isLow(was) && this.#isLow(situation)) sums.atMinimumTimes++;
    if (short > 0 && ms > 0) {
      sums.shortKibMs += short * ms;
      sums.shortMs += ms;
      sums.worstShortKib = Math.max(sums.worstShortKib, short);
      const share = this.#reasons.get(was.reason) ?? { shortKibMs: 0, ms: 0 };
      share.shortKibMs += short * ms;
      share.ms += ms;
      this.#reasons.set(was.reason, share);
    }
    this.#sinceMs = nowMs;
    this.#now = situation;
  }

  #isLow({ heldKib }: GuestSituation): boolean {
    return heldKib <= this.#minimumKib + GuestLedger.SLACK_KIB;
  }

  /** Ends an interval at `nowMs`, and answers the sums up to it. */
  sumsAt(nowMs: number): GuestSums {
    this.enter(nowMs, this.#now);
    const reasons = [...this.#reasons].map(([reason, share]) => ({ reason, ...share }));
    return { ...this.#sums, reasons: reasons.sort((a, b) => b.shortKibMs - a.shortKibMs) };
  }
}
