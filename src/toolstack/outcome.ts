/** What came of a run of a host: plain data, equal on every machine. */
import type { Reason } from "./xen.js";

/** The part of a shortage that has one reason. */
export interface ReasonShare {
  readonly reason: Reason;
  /** KiB × ms that the guest was short for this reason. */
  readonly shortKibMs: number;
  readonly ms: number;
}

/** One guest over the run. Sums over time are in KiB × ms: 3.77e12 are a GiB·h. */
export interface GuestOutcome {
  readonly name: string;
  /** Null where it never started. */
  readonly domid: number | null;
  readonly minimumKib: number;
  readonly maximumKib: number;
  /** Ms that it ran. */
  readonly ranMs: number;
  /** Memory that its programs wanted, over time. */
  readonly askedKibMs: number;
  /** The part of it that they had in memory. */
  readonly gotKibMs: number;
  /** The part that they did not have: `askedKibMs - gotKibMs`. */
  readonly shortKibMs: number;
  /** Ms in which any of it was missing. */
  readonly shortMs: number;
  readonly worstShortKib: number;
  /** Memory that it held and nobody in it used, over time. */
  readonly idleKibMs: number;
  /** How often it was brought down to its minimum, and how long it stayed there. */
  readonly atMinimumTimes: number;
  readonly atMinimumMs: number;
  /** Writes of memory/target for it. */
  readonly targetWrites: number;
  /** Pages that its driver gave back and took. */
  readonly pagesOut: number;
  readonly pagesIn: number;
  /** Kills by the OOM killer. */
  readonly kills: number;
  /** The reasons of its shortage, the greatest first. */
  readonly reasons: readonly ReasonShare[];
  /** The message of the BUG_ON or panic that ended it; null where it lived. */
  readonly ended: string | null;
}

/** A request to start a guest, and the answer. */
export interface StartOutcome {
  readonly name: string;
  readonly atMs: number;
  /** From the request to the answer. */
  readonly waitedMs: number;
  /** What it started with; null where it was refused. */
  readonly grantedKib: number | null;
  /** Of a refusal. */
  readonly reason: Reason | null;
  /** The policy's words of a refusal; "" of a grant. */
  readonly words: string;
}

/** The host over time: one entry for each slice of the run, at its end. */
export interface TimeLine {
  readonly timeMs: readonly number[];
  readonly freeKib: readonly number[];
  /** The least of `freeKib` within the slice. */
  readonly leastFreeKib: readonly number[];
  /** Sums over the guests: what they want, hold (Xen's tot_pages), and were told to hold. */
  readonly usedKib: readonly number[];
  readonly heldKib: readonly number[];
  readonly targetKib: readonly number[];
  /** Guest by guest in the order of the options, dom0 first: the same, 0 while it does not run. */
  readonly guests: readonly {
    readonly usedKib: readonly number[];
    readonly heldKib: readonly number[];
    readonly targetKib: readonly number[];
  }[];
}

/** What a host did in its run. */
export interface HostOutcome {
  readonly policy: string;
  readonly totalKib: number;
  readonly spanMs: number;
  readonly usPerPage: number;
  /** dom0 first, if it takes part. */
  readonly guests: readonly GuestOutcome[];
  readonly starts: readonly StartOutcome[];
  readonly timeLine: TimeLine;
  /** Writes of memory/target. */
  readonly targetWrites: number;
  /** Pages that the drivers moved, both ways. */
  readonly pagesMoved: number;
  /** The policy's own failure, with time, guest and answer; null where it had none. The guests ran on without it. */
  readonly policyFailure: string | null;
}
