/** Samples a host over time, in slices of equal length: enough for a chart, however long the run. */
import type { TimeLine } from "./outcome.js";
import type { Reason } from "./xen.js";

/** The most slices of a time line. */
export const SLICES = 512;

/** The memory that one guest wants, holds and was told to hold, in KiB; all 0 while it does not run. */
export interface GuestSample {
  /** Memory that its programs and kernel want. */
  readonly usedKib: number;
  /** Its pages as Xen counts them, video memory included. */
  readonly heldKib: number;
  /** Memory that it was told to hold, video memory included. */
  readonly targetKib: number;
  /** The part of `usedKib` that it has in memory. */
  readonly residentKib: number;
  /** Why it has no more; null where it is not short. */
  readonly reason: Reason | null;
}

/** A host at one moment. */
export interface HostSample {
  /** Since the host's start. */
  readonly timeMs: number;
  /** Memory that nobody has. */
  readonly freeKib: number;
  /** In the order of the options, dom0 first. */
  readonly guests: readonly GuestSample[];
}

/** A guest that does not run. */
export const NOT_RUNNING: GuestSample = { usedKib: 0, heldKib: 0, targetKib: 0, residentKib: 0, reason: null };

export class TimeLineRecorder {
  readonly #timeMs: number[] = [];
  readonly #freeKib: number[] = [];
  readonly #leastFreeKib: number[] = [];
  readonly #samples: (readonly GuestSample[])[] = [];
  #leastKib = Number.POSITIVE_INFINITY;

  /** Sees free memory; the least of a slice is kept. */
  sawFree(kib: number): void {
    this.#leastKib = Math.min(this.#leastKib, kib);
  }

  /** Ends a slice. The guests come in the same order each time. */
  endSlice({ timeMs, freeKib, guests }: HostSample): void {
    this.#timeMs.push(timeMs);
    this.#freeKib.push(freeKib);
    this.#leastFreeKib.push(Math.min(this.#leastKib, freeKib));
    this.#leastKib = freeKib;
    this.#samples.push(guests);
  }

  timeLine(): TimeLine {
    const samples = this.#samples;
    const sum = (field: "usedKib" | "heldKib" | "targetKib"): number[] =>
      samples.map((guests) => guests.reduce((kib, guest) => kib + guest[field], 0));
    const guests = (samples[0] ?? []).map((_, i) => ({
      usedKib: samples.map((each) => each[i].usedKib),
      heldKib: samples.map((each) => each[i].heldKib),
      targetKib: samples.map((each) => each[i].targetKib),
    }));
    return {
      timeMs: [...this.#timeMs],
      freeKib: [...this.#freeKib],
      leastFreeKib: [...this.#leastFreeKib],
      usedKib: sum("usedKib"),
      heldKib: sum("heldKib"),
      targetKib: sum("targetKib"),
      guests,
    };
  }
}
