/**
 * A model of the memory that a guest's programs use: how much they want, how much of it is in memory, and what a shortage
 * does. It knows nothing of pages and drivers. Sizes in KiB.
 *
 *     want     = demand - killed
 *     resident = min(want - swapped, capacity)
 *     short    = demand - resident
 */
import type { Pressure } from "./options.js";

/** The period in which a guest that swaps is looked at. */
const SWAP_STEP_MS = 1000;

export class MemoryUse {
  readonly #pressure: Required<Pressure>;
  #nowMs = 0;
  /** Memory that the programs want. */
  demandKib = 0;
  /** Memory that they can have. */
  #capacityKib = 0;
  swappedKib = 0;
  /** Memory of the programs that the killer has ended; it stays so until the next demand. */
  #killedKib = 0;
  /** When the shortage that goes on began; null while there is none. */
  #shortSinceMs: number | null = null;
  kills = 0;

  constructor(pressure: Pressure) {
    this.#pressure = completePressure(pressure);
  }

  get capacityKib(): number {
    return this.#capacityKib;
  }

  /** In memory, of what the programs want. */
  get residentKib(): number {
    return Math.min(this.demandKib - this.#killedKib - this.swappedKib, this.#capacityKib);
  }

  get shortKib(): number {
    return this.demandKib - this.residentKib;
  }

  /** Memory in use as a guest reports it: what is in memory or on disk. */
  get reportedKib(): number {
    return this.residentKib + this.swappedKib;
  }

  /** Memory that the driver cannot get now: resident, but for what it may push out, and some of the page cache. */
  get keptKib(): number {
    const resident = this.residentKib;
    const { pressShare, cacheShare } = this.#pressure;
    const firm = Math.min(resident, (this.demandKib - this.#killedKib) * (1 - pressShare));
    return firm + (this.#capacityKib - resident) * cacheShare;
  }

  /** Changes what the programs want, from now on. */
  want(nowMs: number, demandKib: number): void {
    this.passTo(nowMs);
    this.demandKib = demandKib;
    this.#killedKib = 0;
    this.swappedKib = Math.min(this.swappedKib, demandKib);
    this.#noteShortage();
  }

  /** Changes what the programs can have, from now on. */
  have(nowMs: number, capacityKib: number): void {
    this.passTo(nowMs);
    this.#capacityKib = capacityKib;
    this.#noteShortage();
  }

  /** Lets time pass: memory goes to disk or comes back, or the killer comes. */
  passTo(nowMs: number): void {
    const { shortage, swapKibPerSecond, killAfterMs, killShare } = this.#pressure;
    const ms = nowMs - this.#nowMs;
    this.#nowMs = nowMs;
    if (shortage === "swaps") {
      const most = (swapKibPerSecond * ms) / 1000;
      const goal = this.#swapGoalKib;
      this.swappedKib += Math.max(-most, Math.min(most, goal - this.swappedKib));
    }
    if (shortage === "kills" && this.#shortSinceMs !== null && nowMs - this.#shortSinceMs >= killAfterMs) {
      this.#killedKib += this.residentKib * killShare;
      this.kills++;
      this.#shortSinceMs = nowMs;
    }
    this.#noteShortage();
  }

  /** When `passTo` changes something by itself; Infinity where only others do. */
  get nextChangeMs(): number {
    const { shortage, swapKibPerSecond, killAfterMs } = this.#pressure;
    if (shortage === "swaps" && this.swappedKib !== this.#swapGoalKib) {
      const ms = (Math.abs(this.swappedKib - this.#swapGoalKib) / swapKibPerSecond) * 1000;
      return this.#nowMs + Math.min(SWAP_STEP_MS, ms);
    }
    if (shortage === "kills" && this.#shortSinceMs !== null) return this.#shortSinceMs + killAfterMs;
    return Number.POSITIVE_INFINITY;
  }

  get #swapGoalKib(): number {
    return Math.max(0, this.demandKib - this.#killedKib - this.#capacityKib);
  }

  /** A shortage is what the programs that live do not have. */
  #noteShortage(): void {
    const short = this.demandKib - this.#killedKib - this.swappedKib > this.#capacityKib;
    this.#shortSinceMs = short ? (this.#shortSinceMs ?? this.#nowMs) : null;
  }
}

/** Fills in the defaults. */
export function completePressure(pressure: Pressure): Required<Pressure> {
  return {
    cacheShare: 0,
    pressShare: 0,
    swapKibPerSecond: 102_400,
    killAfterMs: 10_000,
    killShare: 0.25,
    ...pressure,
  };
}
