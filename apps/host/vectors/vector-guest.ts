/** A guest as simple as can be: it goes to its target at a rate. The vectors of the policies were made on such guests. */
import type { Domain, DomainType } from "xen-balloon/toolstack";

/** `ideal` moves, `stuck` never does, `sleepy` moves and sleeps by turns of `limitMs`. */
export type GuestKind = "ideal" | "stuck" | "sleepy";

/** The options of a guest, in KiB. */
export interface VectorGuestOptions {
  readonly domid: number;
  /** Default: hvm. */
  readonly type?: DomainType;
  /** Memory that it has. */
  readonly actualKib: number;
  /** Its target, in its own count. Default: what it has. */
  readonly targetKib?: number;
  /** The limit that Xen keeps. Default: none. */
  readonly maxmemKib?: number;
  /** The most that it can use. Default: Infinity. */
  readonly maxKib?: number;
  readonly usedKib: number;
  readonly rateKibPerS: number;
  /** It gives down to `usedKib` and this. Default: 65,536. */
  readonly minFreeKib?: number;
  /** It gives down to this, if said, whatever it uses. Default: null. */
  readonly floorKib?: number | null;
  readonly kind: GuestKind;
  /** The length of a sleepy guest's turns, in ms. Default: Infinity. */
  readonly limitMs?: number;
  /** Xen counts so much more for it than it has. Default: 0. */
  readonly memoryOffsetKib?: number;
}

/** Rounds down to whole pages. */
export const wholePages = (kib: number): number => Math.floor(kib / 4) * 4;

/** A guest of a VectorHost, and the domain that Xen tells of. */
export class VectorGuest implements Domain {
  readonly domid: number;
  readonly type: DomainType;
  readonly shadowKib = 0;
  readonly memoryOffsetKib: number;
  actualKib: number;
  targetKib: number;
  maxmemKib: number;
  maxKib: number;
  usedKib: number;
  kind: GuestKind;
  readonly #rateKibPerS: number;
  readonly #minFreeKib: number;
  readonly #floorKib: number | null;
  readonly #limitMs: number;
  readonly #inPages: boolean;

  /** @param inPages - true where the guest moves to whole pages, and Xen counts in them. */
  constructor(options: VectorGuestOptions, inPages: boolean) {
    this.domid = options.domid;
    this.type = options.type ?? "hvm";
    this.memoryOffsetKib = options.memoryOffsetKib ?? 0;
    this.actualKib = options.actualKib;
    this.targetKib = options.targetKib ?? options.actualKib;
    this.maxmemKib = options.maxmemKib ?? Number.POSITIVE_INFINITY;
    this.maxKib = options.maxKib ?? Number.POSITIVE_INFINITY;
    this.usedKib = options.usedKib;
    this.kind = options.kind;
    this.#rateKibPerS = options.rateKibPerS;
    this.#minFreeKib = options.minFreeKib ?? 65_536;
    this.#floorKib = options.floorKib ?? null;
    this.#limitMs = options.limitMs ?? Number.POSITIVE_INFINITY;
    this.#inPages = inPages;
  }

  get totKib(): number {
    const kib = this.actualKib + this.memoryOffsetKib;
    return this.#inPages ? wholePages(kib) : kib;
  }

  /** How far it wants to move: below 0 if it gives. */
  get distanceKib(): number {
    if (this.kind === "stuck") return 0;
    let goal = Math.min(this.targetKib, this.maxmemKib - this.memoryOffsetKib, this.maxKib);
    if (goal < this.actualKib) {
      const floor = this.#floorKib ?? this.usedKib + this.#minFreeKib;
      goal = Math.max(goal, Math.min(floor, this.actualKib));
    }
    return (this.#inPages ? wholePages(goal) : goal) - this.actualKib;
  }

  /**
   * Tells how far it moves in a tick, not further than it wants to.
   *
   * @param nowMs - the end of the tick
   */
  stepKib(nowMs: number, tickMs: number): number {
    if (this.kind === "sleepy" && Math.floor(nowMs / this.#limitMs) % 2 === 1) return 0;
    const distance = this.distanceKib;
    const most = Math.floor((this.#rateKibPerS * tickMs) / 1000);
    return Math.max(-most, Math.min(most, distance));
  }
}
